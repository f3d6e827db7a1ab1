import { BSON } from 'bson'
import { Fault } from './fault.ts'
import type { Store, Transaction } from './store.ts'
import type { Doc } from './wire.ts'

/** The transactions of a server by session. A server by itself has none, as a real one. */
export function createTransactions(store: Store, isStandalone: boolean) {
  const bySession = new Map<string, Transaction>()

  /** The transaction that a command belongs to; its first command begins it. */
  const of = (command: Doc, database: string): Transaction | undefined => {
    if (command.autocommit !== false) return undefined
    if (isStandalone) {
      throw new Fault(20, 'Transaction numbers are only allowed on a replica set member or mongos')
    }
    const session = sessionOf(command.lsid)
    const number = Number(command.txnNumber)
    const known = bySession.get(session)
    if (command.startTransaction !== true) return store.assertOpen(known, number)
    if (known) store.abort(known)
    const begun = store.begin(database, number)
    bySession.set(session, begun)
    return begun
  }
  return {
    of,
    commit: (command: Doc): Doc => {
      const known = bySession.get(sessionOf(command.lsid))
      // The driver asks again when an answer was lost.
      if (known?.state === 'committed' && known.number === Number(command.txnNumber)) return {}
      store.commit(store.assertOpen(known, Number(command.txnNumber)))
      return {}
    },
    abort: (command: Doc): Doc => {
      const known = bySession.get(sessionOf(command.lsid))
      store.abort(store.assertOpen(known, Number(command.txnNumber)))
      return {}
    },
    end: (sessions: unknown): Doc => {
      for (const session of (sessions as Doc[]).map(sessionOf)) {
        const known = bySession.get(session)
        if (known) store.abort(known)
        bySession.delete(session)
      }
      return {}
    },
  }
}

function sessionOf(lsid: unknown): string {
  return BSON.EJSON.stringify((lsid as Doc).id)
}
