import type { CompleteStorage } from './contract.ts'

interface Entry {
  value: string
  members: Set<string>
  /** Milliseconds since 1970. */
  endsAt: number
}

/** Secondary storage in this process's memory: for tests, and for servers of one process. */
export function memoryStorage(clock: () => Date = () => new Date()): CompleteStorage {
  const entries = new Map<string, Entry>()
  const now = () => clock().getTime()
  const endOf = (ttl?: number) => (ttl === undefined ? Number.POSITIVE_INFINITY : now() + ttl * 1000)
  const live = (key: string): Entry | undefined => {
    const entry = entries.get(key)
    if (entry && entry.endsAt > now()) return entry
    entries.delete(key)
    return undefined
  }
  const put = (key: string, value: string, ttl?: number) => {
    entries.set(key, { value, members: new Set(), endsAt: endOf(ttl) })
  }
  return {
    get: async key => live(key)?.value ?? null,
    set: async (key, value, ttl) => put(key, value, ttl),
    delete: async key => entries.delete(key),
    getAndDelete: async key => {
      const value = live(key)?.value ?? null
      entries.delete(key)
      return value
    },
    replace: async (key, value, ttl) => {
      if (!live(key)) return false
      put(key, value, ttl)
      return true
    },
    increment: async (key, ttl) => {
      const entry = live(key) ?? { value: '0', members: new Set<string>(), endsAt: endOf(ttl) }
      entry.value = String(Number(entry.value) + 1)
      entries.set(key, entry)
      return Number(entry.value)
    },
    incrementBelow: async (key, { max, ttl }) => {
      const entry = live(key)
      const count = Number(entry?.value ?? 0)
      if (entry && count >= max) return { allowed: false, endsIn: (entry.endsAt - now()) / 1000 }
      put(key, String(count + 1), ttl)
      return { allowed: true, endsIn: ttl }
    },
    addMember: async (key, member, ttl) => {
      const entry = live(key) ?? { value: '', members: new Set<string>(), endsAt: 0 }
      entry.members.add(member)
      entry.endsAt = Math.max(entry.endsAt, endOf(ttl))
      entries.set(key, entry)
    },
    removeMember: async (key, member) => live(key)?.members.delete(member),
    members: async key => [...(live(key)?.members ?? [])],
    close: async () => entries.clear(),
  }
}
