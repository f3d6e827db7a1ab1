import { OpenAPIRegistry, OpenApiGeneratorV31, type RouteConfig } from '@asteasolutions/zod-to-openapi'
import type { AnyRouter } from '@trpc/server'
import { z } from 'zod'
import { type ErrorDefinition, type ErrorDialect, errors } from '../src/errors.ts'
import { answerWithoutRedirect, type ProcedureMeta, restErrorsOf } from '../src/meta.ts'
import type { OpenApiDocument } from './description.ts'
import { type Route, restRouteTable } from './routes.ts'

export interface DocumentOptions {
  router: AnyRouter
  title: string
  version: string
  /** Public address of the routes. */
  baseURL: string
  /** Name of the session cookie, as it is on the wire. */
  sessionCookie: string
  dialect: ErrorDialect
  /** What the hooks of plugins refuse with; any operation may meet them. */
  hookErrors: readonly ErrorDefinition[]
}

const COOKIE_SCHEME = 'sessionCookie'

/**
 * Describes every REST line of the router: one operation each, with its input, output, security and, for every
 * status, the codes it can answer with. The document is derived at run time from the records that also answer.
 */
export function openApiDocument(options: DocumentOptions): OpenApiDocument {
  const { router, title, version, baseURL, sessionCookie } = options
  const registry = new OpenAPIRegistry()
  registry.registerComponent('securitySchemes', COOKIE_SCHEME, {
    type: 'apiKey',
    in: 'cookie',
    name: sessionCookie,
    description:
      'Set by sign-in. The value is the session token, a dot and the base64 HMAC-SHA256 of the token, percent-encoded. ' +
      'Calls with a cookie need an `Origin` header that the server trusts.',
  })
  for (const route of restRouteTable(router)) registry.registerPath(operation(route, options))
  const generator = new OpenApiGeneratorV31(registry.definitions, { sortComponents: 'alphabetically' })
  // The generator's type has room for what nothing here makes it write, such as references to responses.
  return generator.generateDocument({
    openapi: '3.1.0',
    info: { title, version, description: DESCRIPTION, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: baseURL }],
    tags: tagsOf(router),
  }) as OpenApiDocument
}

const DESCRIPTION =
  'Authentication by Kernia. Every error body is `{ message, code }`; the codes of an operation are listed by status.'

function tagsOf(router: AnyRouter): { name: string }[] {
  const names = restRouteTable(router).flatMap(({ procedure }) => procedure.meta.tags ?? [])
  return [...new Set(names)].sort().map(name => ({ name }))
}

function operation(route: Route, { dialect, sessionCookie, hookErrors }: DocumentOptions): RouteConfig {
  const { method, path, operationId, deprecated, procedure } = route
  const { meta } = procedure
  return {
    method: method === 'GET' ? 'get' : 'post',
    path: path.replace(/:(\w+)/g, '{$1}'),
    operationId,
    summary: meta.summary,
    ...(descriptionOf(meta) && { description: descriptionOf(meta) }),
    tags: [...(meta.tags ?? [])],
    ...(deprecated && { deprecated }),
    security: meta.access === 'public' ? [] : [{ [COOKIE_SCHEME]: [] }],
    request: request(route),
    responses: { ...success(route, sessionCookie), ...failures(restErrorsOf(procedure, hookErrors), dialect) },
  }
}

/** Its own, and what it asks of the session. */
function descriptionOf({ description, maxAge, secondFactor }: ProcedureMeta): string {
  const age = typeof secondFactor === 'object' ? secondFactor.maxAge : undefined
  const proof = age === undefined ? 'a second factor' : `a second factor of the last ${age} seconds`
  const asked = [
    ...(maxAge === undefined ? [] : [`The user has to have signed in within the last ${maxAge} seconds.`]),
    ...(secondFactor ? [`The session has to be proved with ${proof}.`] : []),
  ]
  return [...(description ? [description] : []), ...asked].join('\n\n')
}

function request({ method, path, procedure: { input, fields, meta } }: Route): RouteConfig['request'] {
  if (!input) return undefined
  const inPath = (key: string) => path.includes(`:${key}`)
  const pick = (test: (key: string) => boolean) =>
    z.object(Object.fromEntries(Object.entries(fields).filter(([key]) => test(key))))
  const params = path.includes('/:') ? { params: pick(inPath) } : {}
  if (method === 'GET') return { ...params, query: pick(key => !inPath(key)) }
  const content = { 'application/json': { schema: input } }
  const forms = meta.form ? { 'application/x-www-form-urlencoded': { schema: input } } : {}
  return { ...params, body: { required: !input.safeParse(undefined).success, content: { ...content, ...forms } } }
}

function success({ procedure: { meta, output } }: Route, cookie: string): RouteConfig['responses'] {
  const effects = { set: `Sets \`${cookie}\``, clear: `Expires \`${cookie}\`` }
  const cookies = meta.sessionCookie && { 'Set-Cookie': header(effects[meta.sessionCookie]) }
  const redirect = { description: 'Redirect', headers: { Location: header('Where to go next'), ...cookies } }
  if (meta.redirect === true) return { 302: redirect }
  const schema = (meta.redirect ? answerWithoutRedirect(output) : output) as z.ZodType
  const headers = cookies && { headers: cookies }
  return {
    200: { description: 'Success', ...headers, content: { 'application/json': { schema } } },
    ...(meta.redirect && { 302: redirect }),
  }
}

function header(description: string) {
  return { description, schema: { type: 'string' as const } }
}

/** One response for each status, whose body's `code` is an enum of what can be meant by it. */
function failures(definitions: readonly ErrorDefinition[], dialect: ErrorDialect): RouteConfig['responses'] {
  const byStatus = new Map<number, Map<string, string>>()
  for (const definition of definitions) {
    const { status, code } = dialect === 'better-auth' ? (definition.betterAuth ?? definition) : definition
    const codes = byStatus.get(status) ?? new Map<string, string>()
    byStatus.set(status, codes.set(code, definition.message))
  }
  const responses = [...byStatus].map(([status, codes]) => {
    const schema = z.object({ message: z.string(), code: z.enum([...codes.keys()] as [string, ...string[]]) })
    const description = [...codes].map(([code, message]) => `\`${code}\`: ${message}`).join('\n\n')
    const headers = headersBeside(status, codes)
    return [status, { description, ...(headers && { headers }), content: { 'application/json': { schema } } }] as const
  })
  return Object.fromEntries(responses)
}

function headersBeside(
  status: number,
  codes: ReadonlyMap<string, string>,
): Record<string, ReturnType<typeof header>> | undefined {
  if (status === errors.RATE_LIMITED.status) {
    return { 'X-Retry-After': header('Seconds until a call is allowed again') }
  }
  if (!codes.has(errors.STEP_UP_REQUIRED.code)) return undefined
  return { 'WWW-Authenticate': header('What is asked for, as RFC 9470 has it: `acr_values`, `max_age`') }
}
