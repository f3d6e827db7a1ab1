import type { z } from 'zod'
import type { Schema, Session, User } from '../../entities/index.ts'
import type { Row } from '../adapters/contract.ts'
import type { LongCookie } from '../chunked-cookies.ts'
import { equalInConstantTime } from '../crypto/hmac.ts'
import type { ResolvedCookieCache } from '../options/cookie-cache.ts'
import { reviveSession } from '../session-json.ts'
import type { SessionStore, StoredSession } from '../session-store.ts'
import type { UnitOfWork } from '../unit-of-work.ts'
import { noteChanges, recentChanges } from './changes.ts'
import { compactFormat } from './compact.ts'
import type { CacheContent, CacheFormat } from './format.ts'
import { jweFormat } from './jwe.ts'
import { jwtFormat } from './jwt.ts'
import { rememberRead } from './remembered.ts'

/** Life of the cache of a session that is not remembered, in seconds. */
const SHORT_LIFE = 60
/** Servers and proxies refuse requests whose headers are longer than 8 to 16 KiB: nobody could sign in any more. */
const MOST_CHUNKS = 3

/** Session and user in a cookie, so that reading them needs no database. */
export interface CookieCache {
  /**
   * The session that the cookie `text` holds.
   * @param token of the signed session cookie, to which the cached session must belong
   * @returns `undefined` when the store has to be asked
   */
  read(text: string, request: { token: string; isShort: boolean }): Promise<StoredSession | undefined>
  /** @param readAt when the session was known to be alive */
  write(data: StoredSession, request: { readAt: Date; isShort: boolean }): Promise<LongCookie | undefined>
  /** The store, with this process remembering what is changed through it: such caches it does not use. */
  watch(store: SessionStore): SessionStore
}

export interface CookieCacheParts {
  options: ResolvedCookieCache
  secrets: readonly string[]
  schema: Schema
  /** Of what clients may see. */
  schemas: { session: z.ZodType<Session, Session>; user: z.ZodType<User, User> }
  unitOfWork: UnitOfWork
  now(): Date
}

const FORMATS: Record<ResolvedCookieCache['strategy'], (secrets: readonly string[]) => CacheFormat> = {
  compact: compactFormat,
  jwt: jwtFormat,
  jwe: jweFormat,
}

export function createCookieCache(parts: CookieCacheParts): CookieCache {
  const { options, now } = parts
  const format = rememberRead(FORMATS[options.strategy](parts.secrets))
  const changes = recentChanges(options.maxAge, now)
  const isUsable = ({ session, user }: StoredSession, { payload, expiresAt }: CacheContent, isShort: boolean) => {
    const time = now().getTime()
    // A lower `maxAge` holds for caches of before, too.
    const end = Math.min(expiresAt, payload.updatedAt + options.maxAge * 1000)
    const left = end - time - (isShort ? 0 : options.renewAge * 1000)
    if (left <= 0 || session.expiresAt.getTime() <= time || session.userId !== user.id) return false
    return !changes.areSince(payload.updatedAt, session)
  }
  return {
    read: async (text, { token, isShort }) => {
      try {
        const content = format.read(text)
        if (!content || !equalInConstantTime(token, String(content.payload.session.token))) return undefined
        const found = visible(reviveSession(content.payload, parts.schema), parts.schemas)
        if (!found || !isUsable(found, content, isShort)) return undefined
        return content.payload.version === (await versionOf(found, options)) ? found : undefined
      } catch {
        // Whatever a client sends, the worst is that the store is asked.
        return undefined
      }
    },
    write: async (data, { readAt, isShort }) => {
      const cached = visible(data, parts.schemas)
      if (!cached) return undefined
      const version = await versionOf(cached, options)
      const seconds = isShort ? Math.min(SHORT_LIFE, options.maxAge) : options.maxAge
      const payload = { ...asRows(cached), updatedAt: readAt.getTime(), version }
      const value = await format.write(payload, { now: readAt, seconds })
      return { value, maxAge: isShort ? undefined : options.maxAge, mostChunks: MOST_CHUNKS }
    },
    watch: store => noteChanges(store, changes, parts.unitOfWork.afterCommit),
  }
}

/** Session and user as clients may see them; `undefined` when they do not fit this instance's fields. */
function visible({ session, user }: StoredSession, schemas: CookieCacheParts['schemas']): StoredSession | undefined {
  const parsed = { session: schemas.session.safeParse(session), user: schemas.user.safeParse(user) }
  if (!parsed.session.success || !parsed.user.success) return undefined
  return { session: parsed.session.data, user: parsed.user.data }
}

function asRows({ session, user }: StoredSession): { session: Row; user: Row } {
  return { session: { ...session }, user: { ...user } }
}

async function versionOf({ session, user }: StoredSession, { version }: ResolvedCookieCache): Promise<string> {
  return String(typeof version === 'function' ? await version(session, user) : version)
}
