import type { Session, User } from '../../entities/index.ts'
import { LONGEST_MAX_AGE } from '../cookies.ts'
import { positive } from './checks.ts'

/** How a session is written into its cookie: signed JSON, a signed JWT, or an encrypted one. */
export type CookieCacheStrategy = 'compact' | 'jwt' | 'jwe'

/** Keeps session and user in a cookie as well, so that most reads need no database. */
export interface CookieCacheOptions {
  /** Default false. */
  enabled?: boolean
  /**
   * Seconds for which a cached session may be used; default 300. A session that is ended in one process can be read
   * from its cookie in others for so long, but changes nothing there.
   */
  maxAge?: number
  /** Default `compact`. Only `jwe` hides what it holds from the client. */
  strategy?: CookieCacheStrategy
  /**
   * Reads the store again and renews the cookie while it is still valid: in the last `updateAge` seconds, by default
   * a fifth of `maxAge`. Default false: when it has expired.
   */
  refreshCache?:
    | boolean
    | {
        /** Seconds before its end. */
        updateAge?: number
      }
  /** A cache of another version is not used: change it and every session is read from the store. Default `1`. */
  version?: string | number | ((session: Session, user: User) => string | number | Promise<string | number>)
}

const STRATEGIES: readonly string[] = ['compact', 'jwt', 'jwe']

/** `undefined` when there is no cache. */
export function resolveCookieCache(given: CookieCacheOptions | undefined) {
  if (!given?.enabled) return undefined
  const { refreshCache = false, strategy = 'compact', version = '1' } = given
  if (!STRATEGIES.includes(strategy)) throw new Error(`init: session.cookieCache.strategy "${strategy}" is unknown`)
  const maxAge = positive('session.cookieCache.maxAge', given.maxAge ?? 300, LONGEST_MAX_AGE)
  const { updateAge = maxAge / 5 } = typeof refreshCache === 'object' ? refreshCache : {}
  positive('session.cookieCache.refreshCache.updateAge', updateAge)
  if (updateAge >= maxAge) throw new Error('init: session.cookieCache.refreshCache.updateAge must be below maxAge')
  return {
    maxAge,
    strategy,
    version,
    /** Seconds before its end from which on the cache is renewed. */
    renewAge: refreshCache ? updateAge : 0,
  }
}

export type ResolvedCookieCache = NonNullable<ReturnType<typeof resolveCookieCache>>
