import type { RateLimit } from './meta.ts'
import type { CompleteStorage } from './storage/contract.ts'

export interface RateLimitVerdict {
  allowed: boolean
  /** Seconds until a call is allowed again; 0 when this one was. */
  retryAfter: number
}

/** Counts calls. One `consume` must be atomic: of N+k calls at once exactly N are allowed. */
export interface RateLimitStore {
  consume(key: string, limit: RateLimit, now: Date): Promise<RateLimitVerdict>
}

const SWEEP_EVERY = 1000

/**
 * Counters in this process's memory; each process of a cluster counts alone.
 * The window starts anew with every allowed call, and refused calls are not counted.
 */
export function memoryRateLimitStore(): RateLimitStore {
  const counters = new Map<string, { count: number; last: number; windowMs: number }>()
  let calls = 0
  const sweep = (now: number) => {
    for (const [key, { last, windowMs }] of counters) if (now - last > windowMs) counters.delete(key)
  }
  return {
    consume: async (key, { window, max }, at) => {
      const now = at.getTime()
      const windowMs = window * 1000
      if (++calls % SWEEP_EVERY === 0) sweep(now)
      const counter = counters.get(key)
      if (!counter || now - counter.last >= windowMs) {
        counters.set(key, { count: 1, last: now, windowMs })
        return { allowed: true, retryAfter: 0 }
      }
      if (counter.count >= max) {
        return { allowed: false, retryAfter: Math.ceil((counter.last + windowMs - now) / 1000) }
      }
      counter.count++
      counter.last = now
      return { allowed: true, retryAfter: 0 }
    },
  }
}

/**
 * Counters in secondary storage, shared by all processes. A window starts with its first call and ends when it is
 * over; `retryAfter` is the whole window, since the storage does not tell how much of it is left.
 */
export function secondaryRateLimitStore(storage: CompleteStorage): RateLimitStore {
  return {
    consume: async (key, { window, max }) => {
      const count = await storage.increment(`rate-limit:${key}`, window)
      return count <= max ? { allowed: true, retryAfter: 0 } : { allowed: false, retryAfter: window }
    },
  }
}
