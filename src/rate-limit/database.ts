import { type Adapter, UniqueViolation, type Where } from '../adapters/contract.ts'
import type { RateLimit } from '../meta.ts'
import { ALLOWED, type RateLimitStore, type RateLimitVerdict, refused } from './contract.ts'

const model = 'rateLimit'
/** Losing to others this often means something is wrong; the caller may come back in a second. */
const ATTEMPTS = 100
const SWEEP_EVERY_MS = 60_000

export interface DatabaseStoreParts {
  adapter: Adapter
  newId(model: string): string | undefined
  /** Runs what nobody waits for; a failure is logged. */
  background(task: () => Promise<unknown>): void
  /** The longest window of any limit, in seconds: rows that are older say nothing any more. */
  longestWindow: number
}

/**
 * Counters as rows, shared by all processes. Each step is one conditional write, so that of calls at once exactly as
 * many pass as the limit allows; a step that lost to another call is tried again.
 */
export function databaseRateLimitStore({
  adapter,
  newId,
  background,
  longestWindow,
}: DatabaseStoreParts): RateLimitStore {
  let longest = longestWindow
  let sweptAt = 0
  const sweep = (now: number) => {
    if (now - sweptAt < SWEEP_EVERY_MS) return
    sweptAt = now
    const where: Where[] = [{ field: 'lastRequest', operator: 'lt', value: now - inMs(longest) }]
    background(() => adapter.deleteMany({ model, where }))
  }
  return {
    consume: async (key, limit, at) => {
      longest = Math.max(longest, limit.window)
      sweep(at.getTime())
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const verdict = await tryConsume({ adapter, newId }, { key, limit, now: at.getTime() })
        if (verdict) return verdict
      }
      return { allowed: false, retryAfter: 1 }
    },
    count: async (key, window, at) => {
      const row = await adapter.findOne({ model, where: alive(key, at.getTime() - inMs(window)) })
      return Number(row?.count ?? 0)
    },
    reset: async keys => {
      await adapter.deleteMany({ model, where: [{ field: 'key', operator: 'in', value: keys }] })
    },
  }
}

/** Whole milliseconds: the column may be of integers. */
function inMs(seconds: number): number {
  return Math.ceil(seconds * 1000)
}

function alive(key: string, begin: number): Where[] {
  return [
    { field: 'key', value: key },
    { field: 'lastRequest', operator: 'gt', value: begin },
  ]
}

/** One attempt; undefined when another call got in between. */
async function tryConsume(
  { adapter, newId }: Pick<DatabaseStoreParts, 'adapter' | 'newId'>,
  { key, limit: { window, max }, now }: { key: string; limit: RateLimit; now: number },
): Promise<RateLimitVerdict | undefined> {
  const windowMs = inMs(window)
  const where = alive(key, now - windowMs)
  if (await adapter.incrementOne({ model, where, field: 'count', max, update: { lastRequest: now } })) return ALLOWED
  const row = await adapter.findOne({ model, where: [{ field: 'key', value: key }] })
  if (!row) return createRow(adapter, { id: newId(model), key, count: 1, lastRequest: now })
  const last = Number(row.lastRequest)
  if (last > now - windowMs) return Number(row.count) < max ? undefined : refused(last, windowMs, now)
  // Only one of those who see the window over begins the next one.
  const unchanged: Where[] = [
    { field: 'key', value: key },
    { field: 'lastRequest', value: last },
  ]
  const started = await adapter.updateMany({ model, where: unchanged, update: { count: 1, lastRequest: now } })
  return started === 1 ? ALLOWED : undefined
}

async function createRow(adapter: Adapter, data: Record<string, unknown>): Promise<RateLimitVerdict | undefined> {
  try {
    await adapter.create({ model, data })
    return ALLOWED
  } catch (error) {
    if (error instanceof UniqueViolation) return undefined
    throw error
  }
}
