import { ALLOWED, type CustomRateLimitStorage, type RateLimitStore, refused } from './contract.ts'

type Consuming = Extract<CustomRateLimitStorage, { consume: unknown }>
type ReadingAndWriting = Extract<CustomRateLimitStorage, { get: unknown }>

/** Whether a store only counts: such a one can neither be asked nor made to forget. */
export function onlyConsumes(storage: CustomRateLimitStorage): storage is Consuming {
  return 'consume' in storage && !('count' in storage)
}

/** The application's own store behind Kernia's contract. */
export function customRateLimitStore(storage: CustomRateLimitStorage): RateLimitStore {
  if (!('consume' in storage)) return readingAndWriting(storage)
  if (!onlyConsumes(storage)) return storage as RateLimitStore
  const unable = async () => {
    throw new Error('rateLimit.customStorage with `consume` cannot read or reset counters')
  }
  return {
    consume: async (key, { window, max }, now) => {
      const { allowed, retryAfter } = await storage.consume(key, { window, max }, now)
      return allowed ? ALLOWED : { allowed: false, retryAfter: Math.max(1, Math.ceil(retryAfter ?? window)) }
    },
    count: unable,
    reset: unable,
  }
}

function readingAndWriting(storage: ReadingAndWriting): RateLimitStore {
  return {
    consume: async (key, { window, max }, at) => {
      const now = at.getTime()
      const windowMs = window * 1000
      const counter = await storage.get(key)
      const last = Number(counter?.lastRequest ?? 0)
      const isOver = !counter || now - last >= windowMs
      if (!isOver && counter.count >= max) return refused(last, windowMs, now)
      await storage.set(key, { key, count: isOver ? 1 : counter.count + 1, lastRequest: now }, Boolean(counter))
      return ALLOWED
    },
    count: async (key, window, at) => {
      const counter = await storage.get(key)
      return counter && at.getTime() - Number(counter.lastRequest) < window * 1000 ? counter.count : 0
    },
    // The contract cannot delete: a counter of a time long gone counts for nothing.
    reset: async keys => {
      for (const key of keys) await storage.set(key, { key, count: 0, lastRequest: 0 }, true)
    },
  }
}
