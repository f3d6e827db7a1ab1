import type { Kernel, RequestContext, RequestSource } from './context.ts'
import { parseCookies } from './cookies.ts'
import type { TrustedOrigins } from './origin.ts'

/** The context of one request; every procedure of a batch is given the same one. */
export function createRequestContext(kernel: Kernel, source: RequestSource): RequestContext {
  let trusted: Promise<TrustedOrigins> | undefined
  return {
    ...source,
    kernel,
    origin: kernel.options.origin,
    baseURL: kernel.options.baseURL,
    cookies: parseCookies(source.headers.get('cookie')),
    trustedOrigins: () => (trusted ??= resolveTrustedOrigins(kernel, source.request)),
    session: {},
  }
}

async function resolveTrustedOrigins({ options }: Kernel, request?: Request): Promise<TrustedOrigins> {
  const { trustedOrigins: given, origin } = options
  return [origin, ...(typeof given === 'function' ? await given(request) : given)]
}
