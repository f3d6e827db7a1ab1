import type { CompleteStorage } from '../storage/contract.ts'
import { ALLOWED, type RateLimitStore } from './contract.ts'

/**
 * Counters in secondary storage, shared by all processes. With `redisStorage` and `memoryStorage` the window is
 * measured from the last allowed call. A storage that only has `increment` measures it from the first, and one that
 * only reads and writes lets more through when calls come at once.
 */
export function secondaryRateLimitStore(storage: CompleteStorage): RateLimitStore {
  const place = (key: string) => `rate-limit:${key}`
  return {
    consume: async (key, { window, max }) => {
      const { allowed, endsIn } = await storage.incrementBelow(place(key), { max, ttl: window })
      return allowed ? ALLOWED : { allowed: false, retryAfter: Math.max(1, Math.ceil(endsIn)) }
    },
    // The storage forgets a counter when its window is over.
    count: async key => Number((await storage.get(place(key))) ?? 0),
    reset: async keys => {
      await Promise.all(keys.map(key => storage.delete(place(key))))
    },
  }
}
