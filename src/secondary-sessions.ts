import type { Schema, Session } from '../entities/index.ts'
import type { Row } from './adapters/contract.ts'
import { randomString } from './crypto/random.ts'
import { reviveSession } from './session-json.ts'
import type { SessionStore, StoredSession } from './session-store.ts'
import type { CompleteStorage } from './storage/contract.ts'
import type { UnitOfWork } from './unit-of-work.ts'

interface Parts {
  storage: CompleteStorage
  schema: Schema
  unitOfWork: UnitOfWork
  now(): Date
  /** Keeps rows too, and answers what the storage has forgotten. */
  database?: SessionStore
  /** Rows are a record: they outlive their sessions, and do not say which are alive. */
  isPreserved?: boolean
}

/** Keys of other things have a separator in them. */
const TOKEN = /^\w+$/

/**
 * Sessions in secondary storage: session and user under the token, and the user's tokens in a set, each with an end.
 * A session appears once the user it belongs to is committed, and disappears before the change that ended it is.
 */
export function secondarySessions({ storage, schema, unitOfWork, now, database, isPreserved }: Parts): SessionStore {
  const secondsUntil = (date: Date) => Math.max(1, (date.getTime() - now().getTime()) / 1000)
  // What rows say of sessions being alive, if they say so.
  const alive = isPreserved ? undefined : database
  const read = async (token: string): Promise<StoredSession | null> => {
    // Clients name tokens, too, and what else is in the storage is none.
    const stored = TOKEN.test(token) ? parse(await storage.get(token)) : undefined
    return stored?.session && stored.user ? reviveSession(stored, schema) : null
  }
  const keep = async (data: StoredSession): Promise<void> => {
    const { token, userId, expiresAt } = data.session
    await storage.set(token, JSON.stringify(data), secondsUntil(expiresAt))
    await storage.addMember(indexOf(userId), token, secondsUntil(expiresAt))
  }
  const forget = async (userId: string, token: string): Promise<void> => {
    await storage.delete(token)
    await storage.removeMember(indexOf(userId), token)
  }
  // A storage that is short of memory may lose the set of a user's tokens and keep what is under them.
  const tokensOf = async (userId: string) => {
    const rows = (await database?.list(userId, now())) ?? []
    return [...new Set([...(await storage.members(indexOf(userId))), ...rows.map(({ token }) => token)])]
  }
  const all = async (userId: string) =>
    (await Promise.all((await tokensOf(userId)).map(read))).filter(found => found !== null)

  return {
    create: async (row, user) => {
      // Without a database nobody counts, so an id is made here.
      const made = { ...row, id: row.id ?? randomString(32) }
      const session = ((await database?.create(row, user)) ?? made) as unknown as Session
      await unitOfWork.afterCommit(() => keep({ session, user }))
      return session
    },
    find: async token => (await read(token)) ?? (await alive?.find(token)) ?? null,
    update: async ({ session, user }, changes) => {
      const changed: Session = { ...session, ...(changes as Partial<Session>) }
      if (database && !(await database.update({ session, user }, changes))) return null
      // Only what is still there: a session revoked meanwhile must not come back.
      const data = JSON.stringify({ session: changed, user })
      const isThere = await storage.replace(session.token, data, secondsUntil(changed.expiresAt))
      if (isThere) await storage.addMember(indexOf(user.id), session.token, secondsUntil(changed.expiresAt))
      return isThere || alive ? changed : null
    },
    list: async (userId, at) => {
      if (alive) return alive.list(userId, at)
      return (await all(userId)).map(({ session }) => session).filter(({ expiresAt }) => expiresAt > at)
    },
    delete: async token => {
      const found = await read(token)
      await storage.delete(token)
      if (found) await forget(found.session.userId, token)
      await alive?.delete(token)
    },
    deleteAll: async (userId, exceptToken) => {
      const tokens = await tokensOf(userId)
      await Promise.all(tokens.filter(token => token !== exceptToken).map(token => forget(userId, token)))
      await alive?.deleteAll(userId, exceptToken)
    },
    userChanged: async user => {
      for (const { session } of await all(user.id)) {
        await storage.replace(session.token, JSON.stringify({ session, user }), secondsUntil(session.expiresAt))
      }
    },
  }
}

function indexOf(userId: string): string {
  return `active-sessions-${userId}`
}

function parse(stored: string | null | undefined): { session: Row; user: Row } | undefined {
  try {
    return JSON.parse(stored ?? 'null')
  } catch {
    return undefined
  }
}
