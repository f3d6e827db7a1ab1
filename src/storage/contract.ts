/**
 * A fast store of texts with an end, shared by all processes: sessions, single-use secrets and counters may live
 * there instead of in the database. The first three methods are Better Auth's `secondaryStorage`.
 */
export interface SecondaryStorage {
  get(key: string): Promise<string | null | undefined> | string | null | undefined
  /** @param ttl seconds until the value is gone; without it, it stays */
  set(key: string, value: string, ttl?: number): Promise<unknown> | unknown
  delete(key: string): Promise<unknown> | unknown
  /** Returns the value and removes it; of any number of concurrent calls exactly one gets it. */
  getAndDelete?(key: string): Promise<string | null | undefined>
  /** Sets only what is there, and tells whether it was: a value deleted meanwhile does not come back. */
  replace?(key: string, value: string, ttl?: number): Promise<boolean>
  /** Adds one to a counter and returns it. A counter that is new ends after `ttl` seconds. */
  increment?(key: string, ttl: number): Promise<number>
  /**
   * Adds one to a counter unless it is `max` already; only then its end moves to `ttl` seconds from now. In one step,
   * so that of calls at once exactly `max` are allowed.
   */
  incrementBelow?(key: string, bound: { max: number; ttl: number }): Promise<BoundedCount>
  /** A set of texts; adding moves its end to at least `ttl` seconds from now. */
  addMember?(key: string, member: string, ttl: number): Promise<unknown>
  removeMember?(key: string, member: string): Promise<unknown>
  members?(key: string): Promise<string[]>
  close?(): Promise<unknown>
}

export interface BoundedCount {
  allowed: boolean
  /** Seconds until the counter is forgotten, if nothing is added meanwhile. */
  endsIn: number
}

/** A storage with nothing left out. */
export type CompleteStorage = Required<SecondaryStorage>

/**
 * Fills in what a storage leaves out by reading and writing, which is not atomic: two processes may both win a
 * single-use value. `redisStorage` and `memoryStorage` leave nothing out.
 */
export function completeStorage(storage: SecondaryStorage): CompleteStorage {
  const members = async (key: string) => JSON.parse((await storage.get(key)) ?? '[]') as string[]
  return {
    get: key => storage.get(key),
    set: (key, value, ttl) => storage.set(key, value, ttl),
    delete: key => storage.delete(key),
    getAndDelete: async key => storage.getAndDelete?.(key) ?? readAndDelete(storage, key),
    replace: async (key, value, ttl) => storage.replace?.(key, value, ttl) ?? replaceRead(storage, key, [value, ttl]),
    increment: async (key, ttl) => storage.increment?.(key, ttl) ?? countRead(storage, key, ttl),
    incrementBelow: async (key, bound) => storage.incrementBelow?.(key, bound) ?? incrementBelow(storage, key, bound),
    addMember: async (key, member, ttl) =>
      storage.addMember?.(key, member, ttl) ??
      storage.set(key, JSON.stringify([...new Set([...(await members(key)), member])]), ttl),
    removeMember: async (key, member) =>
      storage.removeMember?.(key, member) ??
      storage.set(key, JSON.stringify((await members(key)).filter(other => other !== member))),
    members: async key => storage.members?.(key) ?? members(key),
    close: async () => storage.close?.(),
  }
}

async function readAndDelete(storage: SecondaryStorage, key: string): Promise<string | null | undefined> {
  const value = await storage.get(key)
  if (value) await storage.delete(key)
  return value
}

async function replaceRead(
  storage: SecondaryStorage,
  key: string,
  [value, ttl]: [string, number | undefined],
): Promise<boolean> {
  if (!(await storage.get(key))) return false
  await storage.set(key, value, ttl)
  return true
}

/** Where a storage counts by itself, the window begins with the first call and every call counts; its end is unknown. */
async function incrementBelow(
  storage: SecondaryStorage,
  key: string,
  { max, ttl }: { max: number; ttl: number },
): Promise<BoundedCount> {
  if (storage.increment) return { allowed: (await storage.increment(key, ttl)) <= max, endsIn: ttl }
  if (Number((await storage.get(key)) ?? 0) >= max) return { allowed: false, endsIn: ttl }
  await countRead(storage, key, ttl)
  return { allowed: true, endsIn: ttl }
}

async function countRead(storage: SecondaryStorage, key: string, ttl: number): Promise<number> {
  const count = Number((await storage.get(key)) ?? 0) + 1
  await storage.set(key, String(count), ttl)
  return count
}
