import type { AnyProcedure, AnyRouter } from '@trpc/server'
import { z } from 'zod'
import { type ErrorDefinition, errors } from './errors.ts'

export type HttpMethod = 'GET' | 'POST'

/** One way to reach a procedure by REST, such as `POST /sign-in/email`; `:name` in the path is an input key. */
export type RestLine = `${HttpMethod} /${string}`

/**
 * Who may call: anyone; whoever has a session; the same, but never satisfied by a cached session;
 * whoever signed in within `session.freshAge`.
 */
export type Access = 'public' | 'session' | 'sensitive' | 'fresh'

/** At most `max` calls in `window` seconds from one address. */
export interface RateLimit {
  window: number
  max: number
}

/** Whether a session has to be proved with a second factor, and for how many seconds that counts; default while it lives. */
export type SecondFactorPolicy = boolean | { maxAge?: number }

/** What a feature says about a procedure, beside its schemas. Everything derived from a procedure is derived from this. */
export interface ProcedureDeclaration {
  /** Name in the OpenAPI document; Better Auth's API name where there is one. Unique over all plugins. */
  operationId: string
  summary: string
  description?: string
  /** REST face. Without one the procedure is reachable by tRPC only. */
  rest?: RestLine | readonly (RestLine | RestAlias)[]
  /** Errors its handler can answer with; those of the way to the handler are known. */
  errors?: readonly ErrorDefinition[]
  /** Stricter than the general limit. */
  limit?: RateLimit
  /**
   * Establishes a session: takes `application/x-www-form-urlencoded` too, and is guarded against login CSRF. With
   * `foreign` it takes forms that other sites make browsers send, and must not change anything.
   */
  form?: boolean | 'foreign'
  /** REST answers 302 to the output's `url`; with `optional` only when it has one, and its output is an `orRedirect`. */
  redirect?: boolean | 'optional'
  /** Its redirect may lead to other sites, such as a provider's; all others stay on trusted origins. */
  external?: boolean
  /** Seconds for which anyone may keep the answer by REST. It must be the same for everybody; default 0. */
  cacheFor?: number
  /**
   * Changes how somebody signs in, deletes the account, or hands out what is worth as much elsewhere, such as a provider's
   * token: only the user may do it, nobody in the user's name. The hook `sessionUsing` is told. A procedure that anyone may
   * call and that reads the session by itself hands it to `takeSession`.
   */
  ownerOnly?: boolean
  /**
   * Steps up: the user has signed in for this session at most so many seconds ago. Otherwise, and to an API key or an
   * impersonator, the answer is 401 STEP_UP_REQUIRED with the challenge of RFC 9470, and the client has its user sign in
   * again. A cookie cache is never asked. Not with `public`.
   */
  maxAge?: number
  /**
   * Steps up to two factors: a second one was proved for this session, or with `maxAge` at most so many seconds ago. A
   * device that is trusted has proved nothing. Answered and refused as by `maxAge` above, with `acr_values="aal2"`. `init`
   * refuses it where no plugin has the hook `secondFactorAt`. Not with `public`.
   */
  secondFactor?: SecondFactorPolicy
  /** Its success sets or clears the session cookie. */
  sessionCookie?: 'set' | 'clear'
  /** Signs somebody in by the way that its plugin is for: see `Plugin.signInMethod`. */
  signsIn?: boolean
  tags?: readonly string[]
}

/** Whether it asks how or how lately the user has signed in. */
export function stepsUp({ maxAge, secondFactor }: Pick<ProcedureDeclaration, 'maxAge' | 'secondFactor'>): boolean {
  return maxAge !== undefined || Boolean(secondFactor)
}

/** What is said about a procedure that only the application's own code calls: nothing about HTTP. */
export interface ServerDeclaration extends ProcedureDeclaration {
  rest?: never
  redirect?: never
  form?: never
}

export interface RestAlias {
  line: RestLine
  /** Its own name, since operation ids are unique. */
  operationId: string
  deprecated?: boolean
}

/** The declaration together with the access policy that the base procedure stands for. */
export interface ProcedureMeta extends ProcedureDeclaration {
  access: Access
  /** What it is known by: its REST paths, the canonical one first, or its operation id if it has none. */
  paths: readonly [canonical: string, ...aliases: string[]]
  /** It came from a plugin's `serverProcedures`: no router that is served has it. */
  serverOnly?: true
}

/** The output that sends the caller elsewhere. */
const redirection = z.object({ url: z.string() })

/** Output of a procedure that declares `redirect: 'optional'`: `answer`, which has no key `url`, or where to go instead. */
export function orRedirect<Answer extends z.ZodType>(answer: Answer) {
  return z.union([redirection, answer])
}

/** What `orRedirect` was given; `undefined` for a schema that it did not make. */
export function answerWithoutRedirect(output: z.ZodType | undefined): z.ZodType | undefined {
  const [first, answer] = output instanceof z.ZodUnion ? (output.options as z.ZodType[]) : []
  return first === redirection ? answer : undefined
}

/** Output that sends the caller to `url`, an address that was checked: encoded where a header could not carry it. */
export function redirectTo(url: string): { url: string } {
  return { url: /[^\x21-\x7e]/.test(url) ? new URL(url).href : url }
}

/** One procedure of a router, read from tRPC's record. */
export interface ProcedureRecord {
  /** Path in the router: `signIn.email`. */
  path: string
  type: 'query' | 'mutation'
  meta: ProcedureMeta
  input: z.ZodType | undefined
  /** What the input declares, by key: its `inputShape`. */
  fields: Readonly<Record<string, z.ZodType>>
  output: z.ZodType | undefined
  /** What a call goes through, one inside the other: the guards, the schemas, and last the resolver. */
  steps: readonly Step[]
}

/** What tRPC calls a middleware. */
export interface Step {
  (call: {
    ctx: object
    input: unknown
    getRawInput(): Promise<unknown>
    path: string
    type: ProcedureRecord['type']
    meta: ProcedureMeta
    signal: AbortSignal | undefined
    batchIndex: number
    next(changed?: { ctx?: object; input?: unknown; getRawInput?(): Promise<unknown> }): Promise<StepResult>
  }): Promise<StepResult>
  /** tRPC's own mark of the steps that it makes of a procedure's schemas. */
  readonly _type?: string
}

/** What a step ended with. */
export interface StepResult {
  ok: boolean
  data?: unknown
  error?: unknown
}

interface ProcedureInternals {
  type: string
  meta?: ProcedureMeta
  inputs: z.ZodType[]
  output?: z.ZodType
  middlewares: Step[]
}

/**
 * All procedures of `router` that carry our meta. The only place that reads tRPC's `_def`.
 * A nested procedure appears under its dotted path.
 */
export function listProcedures(router: AnyRouter): ProcedureRecord[] {
  const procedures = router._def.procedures as unknown as Record<string, AnyProcedure>
  return Object.entries(procedures).flatMap(([path, procedure]) => {
    const { type, meta, inputs, output, middlewares } = procedure._def as unknown as ProcedureInternals
    if (!meta?.access || (type !== 'query' && type !== 'mutation')) return []
    const [input] = inputs
    return [{ path, type, meta, input, fields: inputShape(input), output, steps: middlewares }]
  })
}

/** A REST line taken apart. */
export interface RestRoute {
  method: HttpMethod
  path: string
  operationId: string
  deprecated: boolean
}

/** The REST lines of a procedure; the first is the canonical one. */
export function restRoutes({ rest, operationId }: Pick<ProcedureDeclaration, 'rest' | 'operationId'>): RestRoute[] {
  const lines = rest === undefined ? [] : typeof rest === 'string' ? [rest] : rest
  return lines.map(entry => {
    const alias = typeof entry === 'string' ? { line: entry, operationId, deprecated: false } : entry
    const [method, path] = alias.line.split(' ') as [HttpMethod, string]
    return { method, path, operationId: alias.operationId, deprecated: alias.deprecated ?? false }
  })
}

/** The `paths` of a declaration. */
export function pathsOf(declaration: Pick<ProcedureDeclaration, 'rest' | 'operationId'>): ProcedureMeta['paths'] {
  const [first, ...others] = restRoutes(declaration).map(({ path }) => path)
  return [first ?? declaration.operationId, ...others]
}

/** Input keys that name a place to go, each with the error that an untrusted one gets. */
export const URL_FIELDS = {
  callbackURL: errors.INVALID_CALLBACK_URL,
  redirectTo: errors.INVALID_REDIRECT_URL,
  errorCallbackURL: errors.INVALID_ERROR_CALLBACK_URL,
  newUserCallbackURL: errors.INVALID_NEW_USER_CALLBACK_URL,
} as const

/** The keys a procedure's input declares; none for an input that is not an object. */
export function inputShape(input: z.ZodType | undefined): Record<string, z.ZodType> {
  let schema = input as (z.ZodType & { unwrap?: () => z.ZodType; shape?: Record<string, z.ZodType> }) | undefined
  while (schema && !schema.shape && typeof schema.unwrap === 'function') schema = schema.unwrap() as typeof schema
  return schema?.shape ?? {}
}

/**
 * Every error a procedure can answer with: its own, those of plugins' hooks, and those of the way to its handler.
 * @param hookErrors what the hooks of the instance's plugins refuse with
 */
export function errorsOf(
  { meta, type, fields }: Pick<ProcedureRecord, 'meta' | 'type' | 'fields'>,
  hookErrors: readonly ErrorDefinition[] = [],
): ErrorDefinition[] {
  const writes = type === 'mutation'
  const urlFields = Object.entries(URL_FIELDS).filter(([key]) => key in fields || writes)
  return [
    ...(meta.errors ?? []),
    ...hookErrors,
    errors.VALIDATION_ERROR,
    ...(meta.access === 'public' ? [] : [errors.UNAUTHORIZED]),
    // Reading the session may extend it, which the database can refuse.
    errors.FAILED_TO_GET_SESSION,
    ...(meta.access === 'fresh' ? [errors.SESSION_NOT_FRESH] : []),
    ...(stepsUp(meta) ? [errors.STEP_UP_REQUIRED] : []),
    ...(writes ? [errors.MISSING_OR_NULL_ORIGIN, errors.INVALID_ORIGIN] : []),
    ...(meta.form === true ? [errors.CROSS_SITE_NAVIGATION_LOGIN_BLOCKED] : []),
    ...urlFields.map(([, definition]) => definition),
    ...(writes ? [errors.STREAMED_RESPONSE, errors.PAYLOAD_TOO_LARGE, errors.UNSUPPORTED_MEDIA_TYPE] : []),
    // On tRPC the input of a query is JSON as well.
    errors.BAD_REQUEST,
    errors.RATE_LIMITED,
    errors.INTERNAL_SERVER_ERROR,
    errors.SERVICE_UNAVAILABLE,
  ]
}

/** What a GET cannot meet: it has no body, and is what a browser sends when a link is followed from anywhere. */
const NOT_ON_GET: readonly ErrorDefinition[] = [
  errors.BAD_REQUEST,
  errors.PAYLOAD_TOO_LARGE,
  errors.UNSUPPORTED_MEDIA_TYPE,
  errors.MISSING_OR_NULL_ORIGIN,
  errors.INVALID_ORIGIN,
]

/** Those of `errorsOf` that a REST request can meet: its response is not streamed, and a GET has no body. */
export function restErrorsOf(record: ProcedureRecord, hookErrors: readonly ErrorDefinition[]): ErrorDefinition[] {
  const isGet = restRoutes(record.meta)[0]?.method === 'GET'
  const isOnlyOnTrpc = (definition: ErrorDefinition) =>
    definition === errors.STREAMED_RESPONSE || (isGet && NOT_ON_GET.includes(definition))
  return errorsOf(record, hookErrors).filter(definition => !isOnlyOnTrpc(definition))
}
