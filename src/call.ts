import type { AuthContext } from './context.ts'
import { AuthError, errors, inDialect, toAuthError } from './errors.ts'
import { limitCalls } from './limit-calls.ts'
import { errorsOf, type ProcedureMeta, restRoutes } from './meta.ts'
import { checkNavigation, checkOrigin, checkUrlFields, type OriginChecks, originChecks } from './origin.ts'
import { checkRedirect } from './redirect.ts'
import { finishCookies } from './response.ts'
import { refuseHostileInput, toCamelCaseKeys, validationMessage } from './validation.ts'

/** The part of tRPC's middleware result that matters here. */
type Outcome = { ok: boolean; error?: unknown }

/**
 * Frames one procedure call: what it throws becomes an error of its table in the instance's dialect,
 * and the headers it set leave, unless it failed unexpectedly.
 */
export function openCall<Result extends Outcome>(
  auth: AuthContext,
  meta: ProcedureMeta | undefined,
  run: () => Promise<Result>,
): Promise<Result> {
  const { currentCall, traceCall } = auth.kernel
  const answer = () => answerCall(auth, meta, () => currentCall.run(auth, run))
  return traceCall && meta ? traceCall(meta, answer) : answer()
}

async function answerCall<Result extends Outcome>(
  auth: AuthContext,
  meta: ProcedureMeta | undefined,
  run: () => Promise<Result>,
): Promise<Result> {
  let outcome: Result
  try {
    outcome = await run()
    if (meta?.redirect) await checkRedirect(auth, meta, outcome)
  } catch (error) {
    outcome = { ok: false, error } as unknown as Result
  }
  const error = outcome.ok ? undefined : translate(auth, outcome.error, meta)
  if (!error || error.status < 500) {
    if (auth.unfinished.size > 0) await finishCookies(auth)
    for (const [name, value] of auth.outgoing) auth.sendHeader(name, value)
  }
  if (!error) return outcome
  for (const [name, value] of Object.entries(error.headers)) auth.sendHeader(name, value)
  // tRPC expects a middleware to throw, or to hand on the result it was given.
  if (outcome.error === error) return outcome
  throw error
}

function translate(auth: AuthContext, thrown: unknown, meta: ProcedureMeta | undefined): AuthError {
  const { kernel } = auth
  const part = meta && restRoutes(meta)[0]?.method === 'GET' ? 'query' : 'body'
  const message = validationMessage(thrown, part)
  let error = message ? new AuthError(errors.VALIDATION_ERROR, { message }) : toAuthError(thrown)
  if (error.status < 500 && meta && !isDeclared(auth, meta, error)) {
    const undeclared = new Error(`${meta.operationId} answered with ${error.authCode}, which it does not declare`)
    kernel.log.error(undeclared.message)
    // Loud where tests run; in production the caller still gets the right answer.
    if (!kernel.options.isProduction) error = new AuthError(errors.INTERNAL_SERVER_ERROR, { cause: undeclared })
  } else if (error.status >= 500) {
    kernel.log.error(`${meta?.operationId ?? 'call'} failed`, error.cause ?? error)
    const { onError } = kernel.options.onAPIError ?? {}
    onError?.(error.cause ?? error, { headers: auth.headers, ...(auth.request && { request: auth.request() }) })
  }
  return inDialect(error, kernel.options.dialect)
}

function isDeclared({ kernel }: AuthContext, meta: ProcedureMeta, error: AuthError): boolean {
  const record = kernel.procedures.get(meta)
  // A path that the application switched off is the application's choice, not the procedure's.
  if (!record || error.isFromApplication || error.authCode === errors.NOT_FOUND.code) return true
  return errorsOf(record, kernel.hookErrors).some(({ code }) => code === error.authCode)
}

/**
 * Everything that stands before the input is checked against its schema, the same for REST, batches and embedding:
 * origin, rate limit, hostile keys, addresses in the input.
 * @returns the input, with snake_case spellings of declared keys renamed
 */
export async function guardCall(
  auth: AuthContext,
  { meta, type, getRawInput }: { meta: ProcedureMeta; type: string; getRawInput: () => Promise<unknown> },
): Promise<unknown> {
  const { kernel } = auth
  if (kernel.options.disabledPaths?.some(path => meta.paths.includes(path))) throw new AuthError(errors.NOT_FOUND)
  // Refused before anything is written: the cookie would be lost, the session it belongs to would not.
  if (auth.isStreamed && type === 'mutation') throw new AuthError(errors.STREAMED_RESPONSE)
  const isWrite = auth.method === undefined ? type === 'mutation' : !['GET', 'HEAD', 'OPTIONS'].includes(auth.method)
  await limitCalls(auth, meta)
  const signInMethod = kernel.methods.get(meta)
  if (signInMethod !== undefined) await kernel.hooks.ask('methodUsing', { method: signInMethod }, auth)
  const checks = originChecks(kernel.options.advanced, meta.paths)
  if (isWrite) await checkSource(auth, checks, { isLoginForm: meta.form === true })
  // Only now is the body read and parsed.
  const rawInput = await getRawInput()
  refuseHostileInput(rawInput)
  const input = toCamelCaseKeys(rawInput, kernel.procedures.get(meta)?.fields ?? {})
  const maySend = type === 'mutation' || meta.redirect !== undefined
  if (maySend && checks.targets && isRecord(input)) checkUrlFields(input, await auth.trustedOrigins())
  return input
}

/** Where a write comes from. */
async function checkSource(
  auth: AuthContext,
  checks: OriginChecks,
  { isLoginForm }: { isLoginForm: boolean },
): Promise<void> {
  const { headers, origin: own } = auth
  if (checks.source) checkOrigin({ headers, trusted: await auth.trustedOrigins(), own, isLoginForm })
  else if (checks.navigation && isLoginForm && !headers.has('cookie')) checkNavigation(headers)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
