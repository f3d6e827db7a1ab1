import { sha256 } from '../crypto/hmac.ts'
import type { CacheContent, CacheFormat } from './format.ts'

/** Beyond this many, those are forgotten that were not sent for the longest time. */
const MOST_REMEMBERED = 1000

/**
 * A format that remembers what it has read. A browser sends the same cookie for minutes, and to check its signature takes
 * longer than all else that is done with it. Only what was signed is remembered, so nobody fills the memory with anything
 * else; how long it may be believed is judged anew each time.
 */
export function rememberRead({ write, read }: CacheFormat): CacheFormat {
  const known = new Map<string, CacheContent>()
  return {
    write,
    read: text => {
      // The text itself may be a part of all the cookies of a request, which would be kept with it.
      const key = sha256(text)
      const content = known.get(key) ?? read(text)
      if (!content) return undefined
      // Set anew, it is the last in order: the first one is always the longest unused.
      known.delete(key)
      known.set(key, content)
      const [oldest] = known.size > MOST_REMEMBERED ? known.keys() : []
      if (oldest !== undefined) known.delete(oldest)
      return content
    },
  }
}
