import { clientAddress } from './client-address.ts'
import type { AuthContext } from './context.ts'
import { AuthError, errors, inDialect, toAuthError } from './errors.ts'
import { pathGlob } from './glob.ts'
import { errorsOf, inputShape, type ProcedureMeta, type RateLimit, restRoutes } from './meta.ts'
import { checkOrigin, checkUrlFields } from './origin.ts'
import { refuseHostileInput, toCamelCaseKeys, validationMessage } from './validation.ts'

/** The part of tRPC's middleware result that matters here. */
type Outcome = { ok: boolean; error?: unknown }

/**
 * Frames one procedure call: what it throws becomes an error of its table in the instance's dialect,
 * and the headers it set leave, unless it failed unexpectedly.
 */
export async function openCall<Result extends Outcome>(
  auth: AuthContext,
  meta: ProcedureMeta | undefined,
  run: () => Promise<Result>,
): Promise<Result> {
  const outcome = await run().catch((error: unknown) => ({ ok: false, error }) as unknown as Result)
  const error = outcome.ok ? undefined : translate(auth, outcome.error, meta)
  if (!error || error.status < 500) for (const [name, value] of auth.outgoing) auth.sendHeader(name, value)
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
    kernel.options.onAPIError?.onError?.(error.cause ?? error)
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
  const { advanced } = kernel.options
  const paths = restRoutes(meta).map(({ path }) => path)
  if (kernel.options.disabledPaths?.some(path => paths.includes(path))) throw new AuthError(errors.NOT_FOUND)
  // Refused before anything is written: the cookie would be lost, the session it belongs to would not.
  if (auth.isStreamed && type === 'mutation') throw new AuthError(errors.STREAMED_RESPONSE)
  const isWrite = auth.method === undefined ? type === 'mutation' : !['GET', 'HEAD', 'OPTIONS'].includes(auth.method)
  const trusted = await auth.trustedOrigins()
  if (isWrite && !advanced.disableCSRFCheck && !advanced.disableOriginCheck) {
    checkOrigin({ headers: auth.headers, trusted, isLoginForm: meta.form ?? false })
  }
  await limitRate(auth, meta)
  // Only now is the body read and parsed.
  const rawInput = await getRawInput()
  refuseHostileInput(rawInput)
  const input = toCamelCaseKeys(rawInput, inputShape(kernel.procedures.get(meta)?.input))
  if ((type === 'mutation' || meta.redirect) && !advanced.disableOriginCheck && isRecord(input)) {
    checkUrlFields(input, trusted)
  }
  return input
}

async function limitRate(auth: AuthContext, meta: ProcedureMeta): Promise<void> {
  const { rateLimits, options, now } = auth.kernel
  if (!options.rateLimit.enabled) return
  const { ipAddressHeaders = [], disableIpTracking } = options.advanced.ipAddress ?? {}
  if (disableIpTracking) return
  const address = clientAddress(auth.headers, ipAddressHeaders, auth.socketAddress)
  const path = restRoutes(meta)[0]?.path ?? meta.operationId
  const limit = await ruleOf(auth, path, meta.limit ?? options.rateLimit)
  if (!limit) return
  const { allowed, retryAfter } = await rateLimits.consume(`${address ?? 'no-trusted-ip'}|${path}`, limit, now())
  if (allowed) return
  const seconds = String(retryAfter)
  throw new AuthError(errors.RATE_LIMITED, { headers: { 'x-retry-after': seconds, 'retry-after': seconds } })
}

/** The application's rule for a path goes before the feature's. */
async function ruleOf({ kernel, request }: AuthContext, path: string, current: RateLimit): Promise<RateLimit | false> {
  const rules = Object.entries(kernel.options.rateLimit.customRules ?? {})
  const found = rules.find(([pattern]) => pattern === path || pathGlob(pattern).test(path))
  if (!found) return current
  const rule = typeof found[1] === 'function' ? await found[1](request, current) : found[1]
  return rule || false
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
