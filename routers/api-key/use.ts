import type { ApiKeyRow } from '../../entities/api-key.ts'
import { AuthError } from '../../src/errors.ts'
import { apiKeyErrors } from './errors.ts'
import type { KeyConfiguration } from './options.ts'

/** What one use of a key does to its counts. */
export interface Use {
  /** Of uses in a window: begins one, is one more within it, or is not counted. */
  window: 'begin' | 'count' | 'none'
  /** Of uses that are left: takes one, takes one after a refill, or is free. */
  charge: 'refill' | 'spend' | 'none'
  /** When the key is used; absent where that is not noted. */
  lastRequest?: Date
}

/** A key that was used too often; `tryAgainIn` milliseconds later it can be used again. */
export class KeyRateLimited extends AuthError {
  readonly tryAgainIn: number
  constructor(tryAgainIn: number) {
    const seconds = String(Math.ceil(tryAgainIn / 1000))
    super(apiKeyErrors.RATE_LIMITED, { headers: { 'x-retry-after': seconds, 'retry-after': seconds } })
    this.tryAgainIn = tryAgainIn
  }
}

/** Whether the key can never be used again. */
export function isSpent({ remaining, refillAmount }: ApiKeyRow): boolean {
  return remaining === 0 && (refillAmount ?? null) === null
}

/**
 * What using the key now comes to.
 * @throws USAGE_EXCEEDED, RATE_LIMITED
 */
export function planUse(key: ApiKeyRow, configuration: KeyConfiguration, now: Date): Use {
  const charge = planCharge(key, now)
  return { charge, ...planWindow(key, configuration, now) }
}

function planCharge(key: ApiKeyRow, now: Date): Use['charge'] {
  if (typeof key.remaining !== 'number') return 'none'
  if (isRefillDue(key, now)) return 'refill'
  if (key.remaining <= 0) throw new AuthError(apiKeyErrors.USAGE_EXCEEDED)
  return 'spend'
}

function isRefillDue({ refillInterval, refillAmount, lastRefillAt, createdAt }: ApiKeyRow, now: Date): boolean {
  if (!refillInterval || !refillAmount) return false
  return now.getTime() - (lastRefillAt ?? createdAt).getTime() > refillInterval
}

function planWindow(key: ApiKeyRow, { limit }: KeyConfiguration, now: Date): Pick<Use, 'window' | 'lastRequest'> {
  const { rateLimitEnabled, rateLimitTimeWindow, rateLimitMax, lastRequest, requestCount } = key
  if (!limit.isEnabled || rateLimitEnabled === false) return { window: 'none', lastRequest: now }
  if (typeof rateLimitTimeWindow !== 'number' || typeof rateLimitMax !== 'number') return { window: 'none' }
  if (!lastRequest) return { window: 'begin', lastRequest: now }
  const elapsed = now.getTime() - lastRequest.getTime()
  if (elapsed > rateLimitTimeWindow) return { window: 'begin', lastRequest: now }
  if ((requestCount ?? 0) >= rateLimitMax) throw new KeyRateLimited(Math.ceil(rateLimitTimeWindow - elapsed))
  return { window: 'count', lastRequest: now }
}

/** The key as it is after this use. Only for a key that nobody else is using. */
export function afterUse(key: ApiKeyRow, use: Use, now: Date): ApiKeyRow {
  const remaining =
    use.charge === 'none' ? key.remaining : ((use.charge === 'refill' ? key.refillAmount : key.remaining) ?? 0)
  return {
    ...key,
    ...(use.lastRequest && { lastRequest: use.lastRequest }),
    ...(use.window !== 'none' && { requestCount: use.window === 'begin' ? 1 : (key.requestCount ?? 0) + 1 }),
    ...(use.charge !== 'none' && { remaining: (remaining ?? 0) - 1 }),
    ...(use.charge === 'refill' && { lastRefillAt: now }),
    updatedAt: now,
  }
}
