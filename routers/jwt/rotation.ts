import type { JwtSettings } from './options.ts'
import type { SigningKey } from './signing-key.ts'

type Schedule = Pick<JwtSettings, 'keyPair' | 'interval' | 'publishAhead' | 'grace' | 'fixedEnd'>

// Keys are ordered by age. A key signs from the moment it has been published for `publishAhead` on, and until the next one
// does: nobody meets a token whose key was not there when they last fetched the keys. The first has no one to wait for.

/** The key that signs now; `undefined` when there is none. */
export function currentKey(keys: readonly SigningKey[], now: Date, schedule: Schedule): SigningKey | undefined {
  const usable = keys.filter(canSign)
  return usable.findLast(key => usedFrom(key, schedule) <= now) ?? usable[0]
}

/** The key that will sign next, if it is there already. */
export function nextKey(keys: readonly SigningKey[], now: Date, schedule: Schedule): SigningKey | undefined {
  const latest = keys.findLast(canSign)
  return latest === currentKey(keys, now, schedule) ? undefined : latest
}

/** Whether it is time to make one: there is none, the one in use is of another kind, or nearly at its end. */
export function isKeyDue(keys: readonly SigningKey[], now: Date, schedule: Schedule): boolean {
  const latest = keys.findLast(canSign)
  if (!latest) return true
  const { interval, publishAhead, keyPair } = schedule
  // Not while one waits to be used: processes that are configured differently would make one after the other.
  if (latest.alg !== keyPair.alg && !nextKey(keys, now, schedule)) return true
  return interval !== undefined && latest.createdAt.getTime() + (interval - publishAhead) * 1000 <= now.getTime()
}

/** The keys that verify: all but those whose last token has ended. */
export function publishedKeys(keys: readonly SigningKey[], now: Date, schedule: Schedule): SigningKey[] {
  return keys.filter((_, index) => {
    const successor = keys.slice(index + 1).find(canSign)
    if (!successor) return true
    const end = usedFrom(successor, schedule).getTime() + schedule.grace * 1000
    return end > now.getTime() || schedule.fixedEnd * 1000 > now.getTime()
  })
}

/** When a key signs that is not the first. */
export function usedFrom({ createdAt }: SigningKey, { publishAhead }: Pick<Schedule, 'publishAhead'>): Date {
  return new Date(createdAt.getTime() + publishAhead * 1000)
}

function canSign({ privateJwk }: SigningKey): boolean {
  return privateJwk !== undefined
}
