import { createTRPCClient, httpBatchLink, type TRPCClient } from '@trpc/client'
import type { AnyTRPCRouter } from '@trpc/server'
import { createCookieFetch } from './cookie-fetch.ts'

export interface KerniaClientOptions {
  /** Address of the auth server, with its base path: `https://app.example.com/api/auth`. */
  url: string
  /** Headers for every call, such as those of the request on whose behalf it is made. */
  headers?: Record<string, string>
  /**
   * Cookies to start with, as a `Cookie` header. From then on the client keeps what the server sets,
   * by the rules of RFC 6265.
   */
  cookie?: string
  /** Sends the requests; default the global `fetch`. */
  fetch?: typeof fetch
}

/**
 * A typed client for a backend: `createKerniaClient<typeof auth.router>({ url })`. Calls made in the same tick travel
 * in one request. Batches are not streamed, since a streamed response cannot set a cookie.
 * Errors are tRPC's, with the machine-readable code at `error.data.authCode`.
 */
export function createKerniaClient<Router extends AnyTRPCRouter>(options: KerniaClientOptions): TRPCClient<Router> {
  const url = `${options.url.replace(/\/+$/, '')}/trpc`
  // What a browser would send: the server takes cookies only from an origin it trusts.
  const headers = { origin: new URL(url).origin, ...options.headers }
  const link = { url, headers, fetch: createCookieFetch(options), maxItems: 20 }
  // The router's transformer is known to be none, which the generic type cannot tell.
  return createTRPCClient<Router>({
    links: [httpBatchLink(link as unknown as Parameters<typeof httpBatchLink<Router>>[0])],
  })
}
