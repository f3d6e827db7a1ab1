import type { SessionStore } from '../session-store.ts'

/** Beyond this many the oldest are forgotten, and every cache from before them counts as outdated. */
const MOST_REMEMBERED = 100_000

/**
 * Which sessions and users changed through this process lately. Caches elsewhere go out of date by their age alone;
 * those that this process is shown need not be believed longer than it knows better.
 */
export interface RecentChanges {
  userChanged(id: string): void
  sessionChanged(token: string): void
  sessionEnded(token: string): void
  /** All sessions of the user ended, except the one of `exceptToken`. */
  sessionsEnded(userId: string, exceptToken?: string): void
  /** Whether the session or its user changed after `time`, in milliseconds. */
  areSince(time: number, session: { token: string; userId: string }): boolean
}

interface Change {
  time: number
  exceptToken?: string
}

/** @param maxAge seconds after which nobody asks any more */
export function recentChanges(maxAge: number, now: () => Date): RecentChanges {
  const changes = new Map<string, Change>()
  let oldest = 0
  const note = (key: string, change: Change) => {
    // Set anew, it is the last in order: the first ones are always the oldest.
    changes.delete(key)
    changes.set(key, change)
    const outdated = now().getTime() - maxAge * 1000
    for (const [first, { time }] of changes) {
      if (time > outdated && changes.size <= MOST_REMEMBERED) break
      changes.delete(first)
      oldest = Math.max(oldest, time)
    }
  }
  const time = () => now().getTime()
  return {
    userChanged: id => note(`user ${id}`, { time: time() }),
    sessionChanged: token => note(`session ${token}`, { time: time() }),
    // What was read in the very millisecond is of before the end. Of all sessions of a user, one may have begun since.
    sessionEnded: token => note(`session ${token}`, { time: time() + 1 }),
    sessionsEnded: (userId, exceptToken) => note(`sessions of ${userId}`, { time: time(), exceptToken }),
    areSince: (since, { token, userId }) => {
      const concerning = [`user ${userId}`, `session ${token}`, `sessions of ${userId}`].map(key => changes.get(key))
      return since < oldest || concerning.some(change => change && change.exceptToken !== token && since < change.time)
    },
  }
}

/** A session store that notes what is changed through it, once that is committed. */
export function noteChanges(
  store: SessionStore,
  changes: RecentChanges,
  afterCommit: (task: () => Promise<void>) => Promise<void>,
): SessionStore {
  return {
    ...store,
    update: async (current, fields) => {
      const session = await store.update(current, fields)
      await afterCommit(async () => changes.sessionChanged(current.session.token))
      return session
    },
    delete: async token => {
      await store.delete(token)
      await afterCommit(async () => changes.sessionEnded(token))
    },
    deleteAll: async (userId, exceptToken) => {
      await store.deleteAll(userId, exceptToken)
      await afterCommit(async () => changes.sessionsEnded(userId, exceptToken))
    },
    userChanged: async user => {
      await store.userChanged(user)
      await afterCommit(async () => changes.userChanged(user.id))
    },
  }
}
