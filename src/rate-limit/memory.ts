import { ALLOWED, type RateLimitStore, refused } from './contract.ts'

interface Counter {
  count: number
  last: number
  windowMs: number
}

const SWEEP_EVERY = 1000
/** Beyond so many counters those that were idle longest are dropped: whoever makes up keys must not fill the memory. */
const MOST_COUNTERS = 100_000

/**
 * Counters in this process's memory; each process of a cluster counts alone.
 * The window starts anew with every allowed call, and refused calls are not counted.
 */
export function memoryRateLimitStore(): RateLimitStore {
  const counters = new Map<string, Counter>()
  let calls = 0
  const sweep = (now: number) => {
    for (const [key, { last, windowMs }] of counters) if (now - last > windowMs) counters.delete(key)
  }
  const put = (key: string, counter: Counter) => {
    // Taken out and put in again, so that the map's order is that of their last use.
    counters.delete(key)
    counters.set(key, counter)
    if (counters.size > MOST_COUNTERS) counters.delete(counters.keys().next().value as string)
  }
  return {
    consume: async (key, { window, max }, at) => {
      const now = at.getTime()
      const windowMs = window * 1000
      if (++calls % SWEEP_EVERY === 0) sweep(now)
      const counter = counters.get(key)
      const isOver = !counter || now - counter.last >= windowMs
      if (!isOver && counter.count >= max) return refused(counter.last, windowMs, now)
      put(key, { count: isOver ? 1 : counter.count + 1, last: now, windowMs })
      return ALLOWED
    },
    count: async (key, window, at) => {
      const counter = counters.get(key)
      return counter && at.getTime() - counter.last < window * 1000 ? counter.count : 0
    },
    reset: async keys => {
      for (const key of keys) counters.delete(key)
    },
  }
}
