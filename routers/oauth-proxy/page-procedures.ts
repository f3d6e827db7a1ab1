import { z } from 'zod'
import type { AuthContext, SessionData } from '../../src/context.ts'
import { AuthError, defineErrors, errors } from '../../src/errors.ts'
import { callbackFields } from '../../src/oauth/callback-answer.ts'
import { OAuthError } from '../../src/oauth/oauth-error.ts'
import { beginFlow } from '../../src/oauth-flow/begin.ts'
import { completeFlow } from '../../src/oauth-flow/complete.ts'
import { endFlow } from '../../src/oauth-flow/state.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { storedSession } from '../../src/sessions.ts'
import { rules } from './rules.ts'

const tags = ['Social sign-in']
const provider = z.string().max(128)

export const pageErrors = defineErrors({
  PROVIDER_NOT_FOUND: [404, 'Provider not found'],
  PROVIDER_NOT_CONFIGURED: [400, 'This provider is not configured'],
  OAUTH_CALLBACK_FAILED: [401, 'Nobody could be signed in'],
})

const { PROVIDER_NOT_FOUND, PROVIDER_NOT_CONFIGURED, OAUTH_CALLBACK_FAILED } = pageErrors

/**
 * For single-page applications that providers send the browser back to, as their option `redirectURI` says: the page
 * itself hands on what the provider answered, and gets JSON where a browser would be redirected.
 */
export function pageProcedures({ procedure, schemas }: ProcedureBuilder) {
  return {
    authorize: procedure
      .public({
        rest: 'POST /oauth-proxy/authorize',
        operationId: 'oAuthProxyAuthorize',
        summary: 'Begins a sign-in at a provider: where the page sends the browser',
        errors: [PROVIDER_NOT_FOUND, PROVIDER_NOT_CONFIGURED],
        limit: { window: 60, max: 30 },
        tags,
      })
      .input(z.object({ provider, callbackURL: z.string().max(2048).optional() }))
      .output(z.object({ url: z.string(), state: z.string() }))
      .mutation(async ({ ctx: { auth }, input: { provider, callbackURL } }) => {
        const url = await begin(auth, provider, callbackURL)
        return { url, state: new URL(url).searchParams.get('state') ?? '' }
      }),

    finish: procedure
      .public({
        rest: 'GET /oauth-proxy/callback',
        operationId: 'oAuthProxyFinish',
        summary: 'Ends a sign-in with what the provider answered to the page',
        description:
          'Of the answer, `code`, `state`, `iss` and `error` are handed on. `message` of an error says why not.',
        errors: [OAUTH_CALLBACK_FAILED],
        sessionCookie: 'set',
        tags,
      })
      .input(z.object({ provider, ...callbackFields }))
      .output(z.object({ user: schemas.user, session: schemas.session, callbackURL: z.string() }))
      .mutation(async ({ ctx: { auth }, input: { provider: id, state = '', ...answer } }) => {
        const flow = await endFlow(auth, { provider: id, state })
        if (typeof flow === 'string') throw failed(flow)
        auth.seen.additionalData = flow.additionalData
        const end = await completeFlow(auth, flow, { answer: { ...answer, id, state }, rules })
        if ('error' in end) throw failed(end.error)
        return { ...(await sessionOf(auth)), callbackURL: end.url }
      }),
  }
}

async function begin(auth: AuthContext, id: string, callbackURL: string | undefined): Promise<string> {
  const found = await auth.kernel.providers.find(id)
  if (!found) throw new AuthError(PROVIDER_NOT_FOUND)
  try {
    return await beginFlow(auth, found, { input: { callbackURL } })
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    auth.kernel.log.error(`nobody can sign in at the provider "${id}"`, error)
    throw new AuthError(error.code === 'PROVIDER_UNAVAILABLE' ? errors.SERVICE_UNAVAILABLE : PROVIDER_NOT_CONFIGURED)
  }
}

/** The session that began, or the one in which a login was linked. */
async function sessionOf(auth: AuthContext): Promise<SessionData> {
  const data = auth.seen.newSession ?? (await storedSession(auth))
  if (!data) throw failed('session_not_found')
  return data
}

function failed(reason: string): AuthError {
  return new AuthError(OAUTH_CALLBACK_FAILED, { message: reason })
}
