import { Blocked, Fault, writeConflict } from './fault.ts'
import { assertUnique, duplicate, entryOf, ID_INDEX, type Index, keyOf } from './indexes.ts'
import type { Doc } from './wire.ts'

/** Documents by the key of their `_id`, in the order in which they came. They are replaced, never changed. */
type Documents = Map<string, Doc>

export interface Collection {
  documents: Documents
  indexes: Index[]
}

/** A transaction sees the database as it was at its first command, and what it wrote itself. */
export interface Transaction {
  number: number
  database: string
  state: 'open' | 'committed' | 'aborted'
  before: Map<string, Documents>
  view: Map<string, Documents>
  /** What it holds until it ends: documents and entries of unique indexes. */
  held: Set<string>
  written: Set<string>
}

/** Where a command reads and writes. */
export interface Place {
  database: string
  collection: string
  transaction?: Transaction
}

export type Store = ReturnType<typeof createStore>

/**
 * Databases in memory, with unique indexes, snapshot isolation and write conflicts as MongoDB has them: the second of
 * two open transactions to write a document or an index entry fails, and a write outside transactions waits.
 */
export function createStore() {
  const databases = new Map<string, Map<string, Collection>>()
  const holders = new Map<string, Transaction>()
  let waiting: (() => void)[] = []

  const collections = (database: string) => {
    const found = databases.get(database) ?? new Map<string, Collection>()
    databases.set(database, found)
    return found
  }
  const collectionAt = ({ database, collection }: Place): Collection => {
    const all = collections(database)
    const found = all.get(collection) ?? { documents: new Map(), indexes: [ID_INDEX] }
    all.set(collection, found)
    return found
  }
  const documentsAt = (place: Place): Documents => {
    const { transaction } = place
    if (!transaction) return collections(place.database).get(place.collection)?.documents ?? new Map()
    const found = transaction.view.get(place.collection) ?? new Map()
    transaction.view.set(place.collection, found)
    return found
  }

  const claims = (place: Place, document: Doc | undefined): string[] => {
    if (!document) return []
    const name = `${place.database}.${place.collection}`
    const unique = collectionAt(place).indexes.filter(index => index.unique)
    return unique.flatMap(index => {
      const entry = entryOf(index, document)
      return entry === undefined ? [] : [`${name} ${index.name} ${entry}`]
    })
  }

  const end = (transaction: Transaction, state: 'committed' | 'aborted') => {
    transaction.state = state
    for (const claim of transaction.held) holders.delete(claim)
    for (const wake of waiting.splice(0)) wake()
    waiting = []
  }

  return {
    collections,
    collectionAt,
    read: (place: Place): Doc[] => [...documentsAt(place).values()],

    /** Puts `after` where `before` was; one of them may be missing. Whole or, when it throws, not at all. */
    write: (place: Place, { before, after }: { before?: Doc; after?: Doc }): void => {
      const { transaction } = place
      const { documents: committed, indexes } = collectionAt(place)
      const id = keyOf((after ?? before)?._id)
      const wanted = new Set([...claims(place, before), ...claims(place, after)])
      for (const claim of wanted) {
        const holder = holders.get(claim)
        if (holder && holder !== transaction) throw transaction ? writeConflict() : new Blocked()
      }
      if (after) {
        if (!before && documentsAt(place).has(id)) throw duplicate(ID_INDEX, after)
        assertUnique(indexes, documentsAt(place), after)
      }
      if (!transaction) {
        if (after) committed.set(id, after)
        else committed.delete(id)
        return
      }
      const seen = transaction.before.get(place.collection)
      const isOurs = transaction.written.has(`${place.collection} ${id}`)
      if (!isOurs && seen?.get(id) !== committed.get(id)) throw writeConflict()
      if (after) assertSeen({ seen, committed, indexes, after })
      for (const claim of wanted) {
        holders.set(claim, transaction)
        transaction.held.add(claim)
      }
      transaction.written.add(`${place.collection} ${id}`)
      if (after) documentsAt(place).set(id, after)
      else documentsAt(place).delete(id)
    },

    /** Resolves when some transaction has ended. */
    released: () => new Promise<void>(resolve => void waiting.push(resolve)),

    begin: (database: string, number: number): Transaction => {
      const copy = () => new Map([...collections(database)].map(([name, { documents }]) => [name, new Map(documents)]))
      const sets = { held: new Set<string>(), written: new Set<string>() }
      return { number, database, state: 'open', before: copy(), view: copy(), ...sets }
    },
    commit: (transaction: Transaction) => {
      const { database, view } = transaction
      for (const [collection, documents] of view) {
        const { documents: committed } = collectionAt({ database, collection })
        for (const name of transaction.written) {
          if (!name.startsWith(`${collection} `)) continue
          const id = name.slice(collection.length + 1)
          const document = documents.get(id)
          if (document) committed.set(id, document)
          else committed.delete(id)
        }
      }
      end(transaction, 'committed')
    },
    abort: (transaction: Transaction) => {
      if (transaction.state === 'open') end(transaction, 'aborted')
    },
    assertOpen: (transaction: Transaction | undefined, number: unknown): Transaction => {
      if (transaction?.state === 'open' && transaction.number === number) return transaction
      throw new Fault(251, `Given transaction number ${number} does not match any in-progress transactions.`)
    },
  }
}

/** What was committed since a transaction began, it does not see, and cannot write beside it either. */
function assertSeen({
  seen,
  committed,
  indexes,
  after,
}: {
  seen?: Documents
  committed: Documents
  indexes: Index[]
  after: Doc
}): void {
  try {
    assertUnique(
      indexes,
      [...committed].filter(([id, document]) => seen?.get(id) !== document),
      after,
    )
  } catch {
    throw writeConflict()
  }
}
