import type { RateLimit } from '../meta.ts'

export interface RateLimitVerdict {
  allowed: boolean
  /** Seconds until a call is allowed again; 0 when this one was. */
  retryAfter: number
}

/**
 * Counts calls. A window is measured from the last allowed call, where the store can tell when that was;
 * refused calls are not counted.
 */
export interface RateLimitStore {
  /** Counts a call unless the limit is reached. Atomic: of N+k calls at once exactly N are allowed. */
  consume(key: string, limit: RateLimit, now: Date): Promise<RateLimitVerdict>
  /** How many calls of `key` are counted; 0 once its window of so many seconds is over. */
  count(key: string, window: number, now: Date): Promise<number>
  /** Forgets what was counted. */
  reset(keys: readonly string[]): Promise<void>
}

/** A counter as Better Auth 1.6 stores it; `lastRequest` is in milliseconds since 1970. */
export interface RateLimitCounter {
  key: string
  count: number
  lastRequest: number
}

/**
 * A store of the application's own, in either of Better Auth's forms. The one with `consume` (1.7) is as atomic as it
 * is written; reading and then writing (1.6) cannot be, and lets more through when calls come at once.
 */
export type CustomRateLimitStorage =
  | {
      consume(
        key: string,
        limit: RateLimit,
        now: Date,
      ): Promise<{ allowed: boolean; retryAfter: number | null | undefined }>
    }
  | {
      get(key: string): Promise<RateLimitCounter | null | undefined>
      set(key: string, value: RateLimitCounter, update?: boolean): Promise<unknown>
    }

/** Seconds after which failed attempts at a password are forgotten. */
export const FAILURES_LAST = 3600

/** A limit that a call ran into. */
export interface Refusal {
  /** What is limited, such as a path. */
  policy: string
  limit: RateLimit
  /** Seconds. */
  retryAfter: number
}

/** A limit, none at all (`false`), or a function that decides for each request; what it leaves open stays as it was. */
export type RateLimitRule =
  | RateLimit
  | false
  | ((
      request: Request | undefined,
      current: RateLimit,
    ) => RateLimit | false | null | undefined | Promise<RateLimit | false | null | undefined>)

/** Limits as the options have them, with every default filled in. */
export interface RateLimitSettings extends RateLimit {
  enabled: boolean
  customRules?: Record<string, RateLimitRule | undefined>
  storage: 'memory' | 'database' | 'secondary-storage'
  customStorage?: CustomRateLimitStorage
}

export const ALLOWED: RateLimitVerdict = { allowed: true, retryAfter: 0 }

/** A call refused until `windowMs` have passed since `last`. */
export function refused(last: number, windowMs: number, now: number): RateLimitVerdict {
  return { allowed: false, retryAfter: Math.max(1, Math.ceil((last + windowMs - now) / 1000)) }
}
