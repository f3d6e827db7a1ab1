import { type TRPCDefaultErrorData, type TRPCDefaultErrorShape, TRPCError } from '@trpc/server'
import { QueueFull } from './crypto/limiter.ts'
import { isUnavailable } from './unavailable.ts'

type TRPCCode = TRPCError['code']

const TRPC_CODES: Readonly<Record<number, TRPCCode>> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_SUPPORTED',
  409: 'CONFLICT',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  417: 'CONFLICT',
  422: 'UNPROCESSABLE_CONTENT',
  429: 'TOO_MANY_REQUESTS',
  500: 'INTERNAL_SERVER_ERROR',
  502: 'BAD_GATEWAY',
  503: 'SERVICE_UNAVAILABLE',
}

/** Which names errors carry on the wire: the default ones, or Better Auth's own for those where they differ. */
export type ErrorDialect = 'kernia' | 'better-auth'

/** One thing that can go wrong: its machine-readable code, HTTP status and English message. */
export interface ErrorDefinition<Code extends string = string> {
  code: Code
  status: number
  message: string
  /** What it is called when `compat.errors` is `better-auth`, where that differs. */
  betterAuth?: { code: string; status: number }
}

type ErrorRow = readonly [status: number, message: string, betterAuth?: readonly [status: number, code: string]]

/**
 * Declares a feature's errors. The table is read three times: by tRPC (`error.data.authCode`), by REST
 * (`{ message, code }`) and by the OpenAPI document (an enum of codes for each status).
 * @param rows code to `[status, message]`, with Better Auth's `[status, code]` third where they differ
 */
export function defineErrors<const Rows extends Record<string, ErrorRow>>(
  rows: Rows,
): { readonly [Code in keyof Rows & string]: ErrorDefinition<Code> } {
  const entries = Object.entries(rows).map(([code, [status, message, other]]) => {
    if (!TRPC_CODES[status]) throw new Error(`error ${code}: status ${status} has no tRPC code`)
    return [code, { code, status, message, ...(other && { betterAuth: { status: other[0], code: other[1] } }) }]
  })
  return Object.fromEntries(entries)
}

/**
 * What procedures throw. It is a `TRPCError`, so any tRPC app that embeds the routers handles it,
 * and carries the code and status that REST answers with.
 */
export class AuthError extends TRPCError {
  readonly definition: ErrorDefinition
  /** Response headers that belong to the error, such as `x-retry-after`. */
  readonly headers: Readonly<Record<string, string>>
  /** Thrown by a callback of the application, so no table declares it. */
  isFromApplication = false
  /** What it is called in the address that a sign-in at a provider ends with; its message follows as the description. */
  readonly redirectCode: string | undefined

  constructor(
    definition: ErrorDefinition,
    {
      message = definition.message,
      headers = {},
      cause,
      redirectCode,
    }: { message?: string; headers?: Record<string, string>; cause?: unknown; redirectCode?: string } = {},
  ) {
    super({ code: TRPC_CODES[definition.status] ?? 'INTERNAL_SERVER_ERROR', message, cause })
    this.definition = definition
    this.headers = headers
    this.redirectCode = redirectCode
  }

  /** The code in the default dialect, or the one it was translated to. */
  get authCode(): string {
    return this.definition.code
  }

  get status(): number {
    return this.definition.status
  }
}

/** Errors that any procedure can meet before its handler runs. */
export const errors = defineErrors({
  VALIDATION_ERROR: [400, 'Validation Error'],
  STREAMED_RESPONSE: [400, 'This procedure may set a cookie, which a streamed response cannot; use httpBatchLink'],
  BAD_REQUEST: [400, 'Invalid JSON in request body'],
  UNAUTHORIZED: [401, 'Unauthorized'],
  STEP_UP_REQUIRED: [401, 'This needs a more recent sign-in'],
  FAILED_TO_GET_SESSION: [401, 'Failed to get session'],
  SESSION_NOT_FRESH: [403, 'Session is not fresh'],
  MISSING_OR_NULL_ORIGIN: [403, 'Missing or null Origin'],
  INVALID_ORIGIN: [403, 'Invalid origin'],
  INVALID_CALLBACK_URL: [403, 'Invalid callbackURL'],
  INVALID_REDIRECT_URL: [403, 'Invalid redirectURL'],
  INVALID_ERROR_CALLBACK_URL: [403, 'Invalid errorCallbackURL'],
  INVALID_NEW_USER_CALLBACK_URL: [403, 'Invalid newUserCallbackURL'],
  CROSS_SITE_NAVIGATION_LOGIN_BLOCKED: [
    403,
    'Cross-site navigation login blocked. This request appears to be a CSRF attack.',
  ],
  NOT_FOUND: [404, 'Not found'],
  PAYLOAD_TOO_LARGE: [413, 'The request body is larger than 1 MiB'],
  UNSUPPORTED_MEDIA_TYPE: [415, 'Unsupported content type'],
  RATE_LIMITED: [429, 'Too many requests. Please try again later.'],
  INVALID_HOST: [400, 'This host is not served here'],
  INTERNAL_SERVER_ERROR: [500, 'Internal server error'],
  SERVICE_UNAVAILABLE: [503, 'The service is unavailable. Please try again later.'],
  SERVICE_BUSY: [503, 'The service is busy. Please try again in a moment.'],
})

/** The same error under the names of `dialect`. */
export function inDialect(error: AuthError, dialect: ErrorDialect): AuthError {
  const { betterAuth, ...definition } = error.definition
  if (dialect === 'kernia' || !betterAuth) return error
  const { message, headers, cause } = error
  return new AuthError({ ...definition, ...betterAuth }, { message, headers, cause })
}

/** Any thrown value as an `AuthError`. What is not ours becomes a 500 that says nothing about its cause. */
export function toAuthError(thrown: unknown): AuthError {
  const ours = authErrorIn(thrown)
  if (ours) return ours
  if (thrown instanceof TRPCError) {
    const definition = thrown.cause instanceof SyntaxError ? errors.BAD_REQUEST : OF_TRPC[thrown.code]
    // Without a cause the words are tRPC's own, such as those on a batch that is too large.
    const message = thrown.code === 'BAD_REQUEST' && !thrown.cause ? thrown.message : definition?.message
    if (definition) return new AuthError(definition, { message, cause: thrown })
  }
  const cause = unwrap(thrown)
  // The queue moves within a second; whatever keeps a database down takes longer.
  if (cause instanceof QueueFull) return new AuthError(errors.SERVICE_BUSY, { headers: { 'retry-after': '1' }, cause })
  if (isUnavailable(cause)) return new AuthError(errors.SERVICE_UNAVAILABLE, { headers: { 'retry-after': '5' }, cause })
  return new AuthError(errors.INTERNAL_SERVER_ERROR, { cause })
}

function authErrorIn(thrown: unknown): AuthError | undefined {
  if (thrown instanceof AuthError) return thrown
  if (thrown instanceof TRPCError && thrown.cause) return authErrorIn(thrown.cause)
  return isApiError(thrown) ? ofApiError(thrown) : undefined
}

/** Runs a callback of the application. What it refuses with, no table of ours has to declare. */
export async function askApplication<T>(callback: () => T | Promise<T>): Promise<T> {
  try {
    return await callback()
  } catch (thrown) {
    const refusal = authErrorIn(thrown)
    if (!refusal) throw thrown
    refusal.isFromApplication = true
    throw refusal
  }
}

/** What callbacks written for Better Auth throw. It is known by its shape, for it may come from any copy of that package. */
interface ApiError extends Error {
  status: string | number
  statusCode: number
  body?: { code?: unknown; message?: unknown }
  headers?: HeadersInit
}

function isApiError(thrown: unknown): thrown is ApiError {
  return thrown instanceof Error && thrown.name === 'APIError' && typeof (thrown as ApiError).statusCode === 'number'
}

function ofApiError({ status, statusCode, body, headers, message }: ApiError): AuthError {
  const code = typeof body?.code === 'string' ? body.code : String(status)
  const text = typeof body?.message === 'string' ? body.message : message
  const error = new AuthError(
    { code, status: statusCode, message: text },
    { headers: Object.fromEntries(new Headers(headers)) },
  )
  error.isFromApplication = true
  return error
}

/** What was thrown before tRPC wrapped it: what is logged should be the application's own error. */
function unwrap(thrown: unknown): unknown {
  const isWrapped = thrown instanceof TRPCError && thrown.cause?.message === thrown.message
  return isWrapped ? thrown.cause : thrown
}

/** What `error.data` carries on tRPC beside tRPC's own fields. */
export interface AuthErrorData {
  /** Machine-readable code, as `code` in a REST body. */
  authCode: string
}

/** What errors are on tRPC where Kernia stands alone. */
export interface AuthErrorShape extends Omit<TRPCDefaultErrorShape, 'data'> {
  data: Omit<TRPCDefaultErrorData, 'stack'> & AuthErrorData
}

type ErrorShape = { message: string; data: object }
type WithData<Shape extends ErrorShape, Data> = Omit<Shape, 'data'> & { data: Omit<Shape['data'], 'stack'> & Data }

/**
 * For a host application that embeds the routers, to call from its own formatter:
 * `errorFormatter: ({ shape, error }) => formatError(shape, error)`. Adds `data.authCode` to the shape of Kernia's
 * errors and removes their stack. The host's own errors stay as they are.
 */
export function formatError<Shape extends ErrorShape>(
  shape: Shape,
  error: unknown,
): WithData<Shape, Partial<AuthErrorData>> {
  const ours = authErrorIn(error)
  // What is added is optional, so the untouched shape fits, which the generic type cannot tell.
  return ours ? describe(shape, ours) : (shape as WithData<Shape, Partial<AuthErrorData>>)
}

/** The formatter where Kernia stands alone: every error has a code, and says nothing beyond its definition. */
export function formatOwnError(shape: TRPCDefaultErrorShape, error: unknown): AuthErrorShape {
  return describe(shape, toAuthError(error))
}

function describe<Shape extends ErrorShape>(
  shape: Shape,
  { message, authCode }: AuthError,
): WithData<Shape, AuthErrorData> {
  const { stack: _never, ...data } = shape.data as Shape['data'] & { stack?: string }
  return { ...shape, message, data: { ...data, authCode } }
}

// What tRPC itself throws, before or around our procedures.
const OF_TRPC: Partial<Record<TRPCCode, ErrorDefinition>> = {
  PARSE_ERROR: errors.BAD_REQUEST,
  BAD_REQUEST: errors.VALIDATION_ERROR,
  NOT_FOUND: errors.NOT_FOUND,
  METHOD_NOT_SUPPORTED: errors.NOT_FOUND,
  PAYLOAD_TOO_LARGE: errors.PAYLOAD_TOO_LARGE,
  UNSUPPORTED_MEDIA_TYPE: errors.UNSUPPORTED_MEDIA_TYPE,
}
