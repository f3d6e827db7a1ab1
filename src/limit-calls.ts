import type { AuthContext } from './context.ts'
import type { ProcedureMeta } from './meta.ts'
import { refuse } from './rate-limit/refusal.ts'
import { limitOf } from './rate-limit/rules.ts'

const NO_ADDRESS =
  'calls come without an address, so they are not limited by address: ' +
  'hand the socket’s address to `auth.handler`, or name the header of your proxy in `advanced.ipAddress.ipAddressHeaders`'

const UNNAMED_PROXY =
  'calls carry X-Forwarded-For, which does not count: behind a proxy all clients share one limit ' +
  'until `advanced.ipAddress.ipAddressHeaders` names the header'

/**
 * Counts a call against its limit, before anything of it is read.
 * Without an address there is nobody to count for: one counter for all would let anyone lock out everyone. What is
 * counted by account (see `beginPasswordAttempt`) holds all the same.
 * @throws RATE_LIMITED
 */
export async function limitCalls(auth: AuthContext, meta: ProcedureMeta): Promise<void> {
  const { rateLimits, options, now, warnOnce } = auth.kernel
  if (!options.rateLimit.enabled || options.advanced.ipAddress?.disableIpTracking) return
  const { clientAddress: address } = auth
  if (!address) {
    // Calls within the process have none, and that is nothing to warn of.
    if (auth.method !== undefined) warnOnce(NO_ADDRESS)
    return
  }
  const { ipAddressHeaders = [] } = options.advanced.ipAddress ?? {}
  if (ipAddressHeaders.length === 0 && auth.headers.has('x-forwarded-for')) warnOnce(UNNAMED_PROXY)
  const limit = await limitOf(meta, options.rateLimit, auth.request)
  if (!limit) return
  const [path] = meta.paths
  const { allowed, retryAfter } = await rateLimits.consume(`${address}|${path}`, limit, now())
  if (!allowed) throw refuse(auth, { policy: path, limit, retryAfter })
}
