import type { Logger } from './logger.ts'
import type { KerniaOptions } from './options/index.ts'
import type { TrustedOrigins } from './origin.ts'

/**
 * The origins to trust where there is no request. A function of the application is asked once, at the start, as Better
 * Auth does; when that fails it is logged, and asked again by the next call that has no request.
 */
export function askAtStart(
  trusted: NonNullable<KerniaOptions['trustedOrigins']>,
  log: Logger,
): () => Promise<TrustedOrigins> {
  if (typeof trusted !== 'function') return async () => trusted
  let known: Promise<TrustedOrigins> | undefined
  const ask = () => {
    known ??= (async () => trusted(undefined))().catch((error: unknown) => {
      known = undefined
      log.error('trustedOrigins failed when it was asked without a request', error)
      return []
    })
    return known
  }
  void ask()
  return ask
}
