import type { RateLimit } from '../meta.ts'
import type { RateLimitStore } from '../rate-limit.ts'
import { positive } from './checks.ts'

type CustomRule =
  | RateLimit
  | false
  | ((request: Request | undefined, current: RateLimit) => RateLimit | false | Promise<RateLimit | false>)

export interface RateLimitOptions {
  /** Default: true in production. */
  enabled?: boolean
  /** Seconds; default 10. */
  window?: number
  /** Calls in a window; default 100. */
  max?: number
  /** By REST path, `*` matching within a segment and `**` beyond; `false` means no limit. */
  customRules?: Record<string, CustomRule | undefined>
  /** Where counters are kept; default this process's memory. */
  customStorage?: RateLimitStore
}

export function resolveRateLimit(rateLimit: RateLimitOptions = {}, isProduction: boolean) {
  return {
    ...rateLimit,
    enabled: rateLimit.enabled ?? isProduction,
    window: positive('rateLimit.window', rateLimit.window ?? 10),
    max: positive('rateLimit.max', rateLimit.max ?? 100),
  }
}
