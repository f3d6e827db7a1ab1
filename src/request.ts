import { originOfRequest, originsOfHosts } from './base-url.ts'
import type { Kernel, RequestContext, RequestSource } from './context.ts'
import { parseCookies } from './cookies.ts'
import type { TrustedOrigins } from './origin.ts'

/**
 * The context of one request; every procedure of a batch is given the same one.
 * @throws INVALID_HOST when the base URL depends on the host and the request's is not an allowed one
 */
export function createRequestContext(kernel: Kernel, source: RequestSource): RequestContext {
  const origin = originOf(kernel, source)
  let trusted: Promise<TrustedOrigins> | undefined
  return {
    ...source,
    kernel,
    origin,
    baseURL: origin + kernel.options.basePath,
    clientAddress: kernel.addresses.clientOf(source.headers, source.socketAddress),
    cookies: parseCookies(source.headers.get('cookie')),
    verified: new Map(),
    trustedOrigins: () => (trusted ??= resolveTrustedOrigins(kernel, origin, source.request)),
    session: {},
    refusals: new Map(),
  }
}

/** @throws INVALID_HOST */
export function originOf(kernel: Kernel, source: Omit<RequestSource, 'sendHeader'>): string {
  const { addresses, options } = kernel
  const { hosts, origin } = options
  // With one base URL it is that one's, whatever the request says.
  if (!hosts) return origin
  const isForwarded = options.advanced.trustedProxyHeaders === true && addresses.trustsPeer(source.socketAddress)
  return originOfRequest({ hosts, fallback: origin }, { ...source, isForwarded })
}

async function resolveTrustedOrigins(kernel: Kernel, origin: string, request?: () => Request): Promise<TrustedOrigins> {
  const { hosts, origin: fallback, trustedOrigins: given, moreTrustedOrigins } = kernel.options
  const own = hosts ? [origin, ...originsOfHosts(hosts), fallback] : [origin]
  const named = typeof given === 'function' && request ? await given(request()) : await kernel.startOrigins()
  return [...own, ...named, ...moreTrustedOrigins].filter(Boolean)
}
