import type { Session, User } from '../entities/index.ts'
import type { Adapter, Row } from './adapters/contract.ts'

/** A session that is not listed cannot be noticed and ended, so this is far beyond what anyone has. */
const MOST_LISTED = 10_000

/** A session and its user, as one read gives them. */
export interface StoredSession {
  session: Session
  user: User
}

/** Where sessions live: the database, a secondary storage, or both. */
export interface SessionStore {
  create(row: Row, user: User): Promise<Session>
  /** By token, expired ones too. */
  find(token: string): Promise<StoredSession | null>
  /** Changes a session; `null` when it is gone, and then it stays gone. */
  update(current: StoredSession, changes: Row): Promise<Session | null>
  /** The user's sessions that end after `now`. */
  list(userId: string, now: Date): Promise<Session[]>
  delete(token: string): Promise<void>
  /** Deletes the user's sessions, except the one of `exceptToken`. */
  deleteAll(userId: string, exceptToken?: string): Promise<void>
  /** The user changed: copies beside sessions must follow. */
  userChanged(user: User): Promise<void>
}

/** Sessions as rows. Reading one with its user is one query. */
export function databaseSessions(adapter: Adapter): SessionStore {
  return {
    create: async row => (await adapter.create({ model: 'session', data: row })) as unknown as Session,
    find: async token => {
      const where = [{ field: 'token', value: token }]
      const row = await adapter.findOne({ model: 'session', where, join: 'user' })
      if (!row) return null
      const { user, ...session } = row
      return { session: session as unknown as Session, user: user as User }
    },
    update: async ({ session }, update) => {
      // By its token as well: what stands for a session may have the id of somebody else's.
      const where = [
        { field: 'id', value: session.id },
        { field: 'token', value: session.token },
      ]
      return (await adapter.update({ model: 'session', where, update })) as Session | null
    },
    list: async (userId, now) => {
      const where = [
        { field: 'userId', value: userId },
        { field: 'expiresAt', value: now, operator: 'gt' },
      ] as const
      return (await adapter.findMany({ model: 'session', where, limit: MOST_LISTED })) as unknown as Session[]
    },
    delete: token => adapter.delete({ model: 'session', where: [{ field: 'token', value: token }] }),
    deleteAll: async (userId, exceptToken) => {
      const others = exceptToken ? [{ field: 'token', value: exceptToken, operator: 'ne' } as const] : []
      await adapter.deleteMany({ model: 'session', where: [{ field: 'userId', value: userId }, ...others] })
    },
    userChanged: async () => undefined,
  }
}
