import type { AuthContext, RequestContext, SessionData } from './context.ts'
import { AuthError, errors } from './errors.ts'
import { stepsUp } from './meta.ts'
import type { InstanceSchemas } from './plugin.ts'
import { finishCookies } from './response.ts'
import { currentSession, storedSession } from './sessions.ts'
import { assertSteppedUp, type StepUp } from './step-up.ts'

/**
 * The session of a request that calls no procedure of ours, as clients may see it; what it sets is sent.
 * @param asked what a session has to be, as a procedure would declare it
 * @throws STEP_UP_REQUIRED for one that is not
 */
export async function sessionOfRequest(
  request: RequestContext,
  schemas: InstanceSchemas,
  asked: StepUp = {},
): Promise<SessionData | null> {
  const call: AuthContext = { ...request, outgoing: [], unfinished: new Map(), seen: {} }
  const found = await (stepsUp(asked) ? storedSession(call) : currentSession(call))
  const refusal = found && stepsUp(asked) ? await refusalOf(call, found, asked) : undefined
  await finishCookies(call)
  for (const [name, value] of call.outgoing) request.sendHeader(name, value)
  if (refusal) throw refusal
  return found && { session: schemas.session.parse(found.session), user: schemas.user.parse(found.user) }
}

/**
 * The same where there has to be one. The challenge of a refusal is among the response's headers.
 * @throws UNAUTHORIZED without one, STEP_UP_REQUIRED for one that is not what is asked for
 */
export async function requiredSession(
  request: RequestContext,
  schemas: InstanceSchemas,
  asked?: StepUp,
): Promise<SessionData> {
  try {
    const found = await sessionOfRequest(request, schemas, asked)
    if (found) return found
    throw new AuthError(errors.UNAUTHORIZED)
  } catch (error) {
    if (error instanceof AuthError) {
      for (const [name, value] of Object.entries(error.headers)) request.sendHeader(name, value)
    }
    throw error
  }
}

/** A session may have been extended although it is not enough: its cookie is sent all the same. */
async function refusalOf(call: AuthContext, found: SessionData, asked: StepUp): Promise<AuthError | undefined> {
  try {
    await assertSteppedUp(call, found, asked)
    return undefined
  } catch (error) {
    if (error instanceof AuthError) return error
    throw error
  }
}
