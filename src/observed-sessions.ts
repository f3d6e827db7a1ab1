import type { Row } from './adapters/contract.ts'
import type { SessionStore } from './session-store.ts'
import type { Writes } from './writes.ts'

/** The sessions that a user has ever had and that are still there end after this. */
const EVER = new Date(0)

/** Sessions that never reach the database, with every write observed as if they did. */
export function observeSessions(store: SessionStore, writes: Writes): SessionStore {
  const told = async (sessions: readonly object[], act: () => Promise<void>) => {
    for (const session of sessions) await writes.before('session', 'delete', session as Row)
    await act()
    for (const session of sessions) await writes.after('session', 'delete', session as Row)
  }
  return {
    ...store,
    create: async (row, user) => {
      if (!writes.isObserved('session', 'create')) return store.create(row, user)
      const session = await store.create(await writes.before('session', 'create', row), user)
      await writes.after('session', 'create', { ...session })
      return session
    },
    update: async (current, changes) => {
      if (!writes.isObserved('session', 'update')) return store.update(current, changes)
      const session = await store.update(current, await writes.before('session', 'update', changes))
      if (session) await writes.after('session', 'update', { ...session })
      return session
    },
    delete: async token => {
      const found = writes.isObserved('session', 'delete') ? await store.find(token) : null
      await told(found ? [found.session] : [], () => store.delete(token))
    },
    deleteAll: async (userId, exceptToken) => {
      const all = writes.isObserved('session', 'delete') ? await store.list(userId, EVER) : []
      const others = all.filter(({ token }) => token !== exceptToken)
      await told(others, () => store.deleteAll(userId, exceptToken))
    },
  }
}
