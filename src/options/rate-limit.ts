import type { CustomRateLimitStorage, RateLimitRule, RateLimitSettings } from '../rate-limit/contract.ts'
import { positive } from './checks.ts'

export interface RateLimitOptions {
  /** Default: true in production. */
  enabled?: boolean
  /** Seconds; default 10. */
  window?: number
  /** Calls in a window; default 100. */
  max?: number
  /**
   * By REST path; `*` matches within a segment, `**` beyond. An exact path goes before a pattern, a pattern before the
   * ones after it; `false` means no limit.
   */
  customRules?: Record<string, RateLimitRule | undefined>
  /**
   * Where counters are kept; default the secondary storage where there is one, else this process's memory.
   * `database` adds the table `rateLimit`.
   */
  storage?: 'memory' | 'database' | 'secondary-storage'
  /** A store of your own, in either form that Better Auth knows. */
  customStorage?: CustomRateLimitStorage
  /** Name of the table; default `rateLimit`. */
  modelName?: string
  /** Names of its columns, by field: `key`, `count`, `lastRequest`. */
  fields?: Record<string, string | undefined>
}

/** @throws when a number makes no sense, or the storage is the secondary one and there is none */
export function resolveRateLimit(
  rateLimit: RateLimitOptions = {},
  { isProduction, hasSecondary }: { isProduction: boolean; hasSecondary: boolean },
): RateLimitOptions & RateLimitSettings {
  const storage = rateLimit.storage ?? (hasSecondary ? 'secondary-storage' : 'memory')
  if (storage === 'secondary-storage' && !hasSecondary && !rateLimit.customStorage) {
    throw new Error('init: rateLimit.storage is "secondary-storage", and there is no `secondaryStorage`')
  }
  for (const [path, rule] of Object.entries(rateLimit.customRules ?? {})) {
    if (typeof rule !== 'object') continue
    positive(`rateLimit.customRules["${path}"].window`, rule.window)
    positive(`rateLimit.customRules["${path}"].max`, rule.max)
  }
  return {
    ...rateLimit,
    enabled: rateLimit.enabled ?? isProduction,
    window: positive('rateLimit.window', rateLimit.window ?? 10),
    max: positive('rateLimit.max', rateLimit.max ?? 100),
    storage,
  }
}
