import type { AnyRouter } from '@trpc/server'
import { AnswerHeaders } from '../src/answer-headers.ts'
import { AuthError, errors, toAuthError } from '../src/errors.ts'
import type { Incoming } from '../src/incoming.ts'
import type { ProcedureMeta } from '../src/meta.ts'
import { readInput } from './request-input.ts'
import { createMatcher, restRouteTable } from './routes.ts'
import { runProcedure } from './run-procedure.ts'

export interface RestHandlerOptions {
  router: AnyRouter
  /** Path under which the routes are mounted, without a trailing slash. */
  basePath: string
  /** `/ok/` is `/ok`. */
  skipTrailingSlashes?: boolean
  /** What nobody expected is thrown on, for a host that answers it in its own way. */
  throwsFailures?: boolean
  /** The tRPC context of one request; headers that procedures set go to `headers`. */
  createContext(incoming: Incoming, headers: AnswerHeaders): object
}

/** A REST answer, not yet in the form that a server's own interface wants: making a `Response` only to read it again costs. */
export interface RestAnswer {
  status: number
  headers: AnswerHeaders
  body: string | null
}

/** Answers REST requests by calling the procedures that declare a REST line. */
export type RestHandler = (incoming: Incoming) => Promise<RestAnswer>

/**
 * The REST face of a router. It knows no feature: path, method, input, output and errors come from each procedure's
 * record. What it cannot route is answered 404 `NOT_FOUND`, as JSON.
 */
export function createRestHandler({
  router,
  basePath,
  skipTrailingSlashes,
  throwsFailures,
  createContext,
}: RestHandlerOptions): RestHandler {
  const match = createMatcher(restRouteTable(router))
  return async incoming => {
    const { url, method } = incoming
    // Links carry tokens: where a redirect leads must not learn them from the address before it.
    const headers = new AnswerHeaders(['cache-control', 'no-store'], ['referrer-policy', 'no-referrer'])
    try {
      const path = skipTrailingSlashes ? url.pathname.replace(/\/+$/, '') : url.pathname
      const found = path.startsWith(basePath) && match(method, path.slice(basePath.length))
      if (!found) throw new AuthError(errors.NOT_FOUND)
      const { procedure } = found.route
      // Read once, on demand: the body is not touched before the guards have passed.
      let input: Promise<unknown> | undefined
      const getRawInput = () => (input ??= readInput(incoming, found))
      const ctx = createContext(incoming, headers)
      const output = await runProcedure(procedure, { ctx, getRawInput })
      const { meta } = procedure
      // A hook of the application may set cookies everywhere; those are for one client.
      if (meta.cacheFor && !headers.has('set-cookie')) headers.set('cache-control', `public, max-age=${meta.cacheFor}`)
      return respond(output, meta.redirect, headers)
    } catch (thrown) {
      const error = toAuthError(thrown)
      if (throwsFailures && error.definition === errors.INTERNAL_SERVER_ERROR) throw error.cause ?? error
      return respondError(error, headers)
    }
  }
}

function respond(output: unknown, redirects: ProcedureMeta['redirect'], headers: AnswerHeaders): RestAnswer {
  const { url, redirect } = (output ?? {}) as { url?: unknown; redirect?: unknown }
  headers.set('content-type', 'application/json')
  if (redirects === true || (redirects === 'optional' && typeof url === 'string')) {
    headers.set('location', String(url))
    return { status: 302, headers, body: null }
  }
  // A sign-in that names where to go next says so in the header too; browsers' scripts follow the body.
  if (redirect === true && typeof url === 'string') headers.set('location', url)
  return { status: 200, headers, body: JSON.stringify(output ?? null) }
}

/** A REST error: `{ message, code }`. */
function respondError({ status, message, authCode, headers: own }: AuthError, headers: AnswerHeaders): RestAnswer {
  for (const [name, value] of Object.entries(own)) headers.set(name, value)
  headers.set('content-type', 'application/json')
  return { status, headers, body: JSON.stringify({ message, code: authCode }) }
}
