import type { Fields } from '../../entities/index.ts'
import { LONGEST_MAX_AGE } from '../cookies.ts'
import { notNegative, positive } from './checks.ts'
import { type CookieCacheOptions, resolveCookieCache } from './cookie-cache.ts'
import type { ModelOptions } from './models.ts'

export interface SessionOptions<F extends Fields = Fields> extends ModelOptions<F> {
  /** Life of a session in seconds; default 604,800 (7 days). */
  expiresIn?: number
  /** Seconds after sign-in at which a session ends, however much it is used; default never. */
  absoluteExpiresIn?: number
  /** A session in use is extended at most once in this many seconds; default 86,400 (1 day). */
  updateAge?: number
  /** Seconds after sign-in during which a session is fresh; default 86,400; 0 means always. */
  freshAge?: number
  /** Never extend a session; it ends `expiresIn` after sign-in. Default false. */
  disableSessionRefresh?: boolean
  /** With secondary storage: keep sessions in the database too, and read there what the storage has lost. Default false. */
  storeSessionInDatabase?: boolean
  /**
   * With `storeSessionInDatabase`: keep the rows of sessions that have ended, as a record. The storage alone then says
   * which sessions are alive. Default false.
   */
  preserveSessionInDatabase?: boolean
  /** Session and user in a cookie, so that most reads need no database. */
  cookieCache?: CookieCacheOptions
  /** Reading never writes: `GET /get-session` tells `needsRefresh`, and `POST /get-session` extends. Default false. */
  deferSessionRefresh?: boolean
}

const DAY = 86_400

export function resolveSession(session: SessionOptions = {}) {
  return {
    ...session,
    expiresIn: positive('session.expiresIn', session.expiresIn ?? 7 * DAY, LONGEST_MAX_AGE),
    absoluteExpiresIn: positive('session.absoluteExpiresIn', session.absoluteExpiresIn ?? Number.MAX_SAFE_INTEGER),
    updateAge: notNegative('session.updateAge', session.updateAge ?? DAY),
    cookieCache: resolveCookieCache(session.cookieCache),
    freshAge: notNegative('session.freshAge', session.freshAge ?? DAY),
  }
}
