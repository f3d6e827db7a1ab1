import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import type { Schema } from '../../../../entities/index.ts'
import { UniqueViolation } from '../../contract.ts'
import { outerTransactions } from '../outer-transactions.ts'
import { createMongoCodec, type MongoCodec } from './codec.ts'
import type { InSession, MongoCollection, MongoDb, MongoError, MongoOrm, MongoSession } from './driver-types.ts'
import { type Reference, referencesTo } from './references.ts'

/** How often a transaction is tried that lost to another one, and how long to wait at most before the next attempt. */
const ATTEMPTS = 60
const LONGEST_WAIT_MS = 100

/** One model's collection and how its rows are stored. */
export interface MongoTable {
  collection: string
  codec: MongoCodec
}

/** A connected MongoDB database. */
export interface MongoDatabase {
  schema: Schema
  tableOf(model: string): MongoTable
  references(collection: string): readonly Reference[]
  /** The database itself, for what is no part of a transaction. Connects at first use. */
  db(): Promise<MongoDb>
  /** Runs one call of the driver, in the transaction this is called in, if there is one. */
  run<T>(collection: string, call: (collection: MongoCollection, options: InSession) => Promise<T>): Promise<T>
  /** Runs a write to `model`; a unique index's refusal becomes a `UniqueViolation`. */
  writing<T>(model: string, write: () => Promise<T>): Promise<T>
  transaction<T>(work: () => Promise<T>): Promise<T>
  afterOuterCommit(task: () => Promise<void>): boolean
}

/** A transaction's session. The driver takes one call at a time in it. */
interface Turn {
  session: MongoSession
  last: Promise<unknown>
  isOver: boolean
}

/**
 * MikroORM's connection as the adapter uses it: its collections, without hydrating entities. The transaction travels
 * in AsyncLocalStorage, as it does on SQL.
 */
export function createMongoDatabase(orm: MongoOrm, schema: Schema): MongoDatabase {
  const connect = connectOnce(orm)
  const turns = createTurns(orm)
  const afterOuterCommit = outerTransactions(orm.em)
  const tables = new Map(
    Object.entries(schema).map(([name, model]): [string, MongoTable] => [
      name,
      { collection: model.modelName, codec: createMongoCodec(model) },
    ]),
  )
  return {
    schema,
    references: remembered(collection => referencesTo(orm, collection)),
    tableOf: model => {
      const found = tables.get(model)
      if (!found) throw new Error(`unknown model "${model}"`)
      return found
    },
    db: async () => (await connect()).db,
    run: async (collection, call) => {
      const { db } = await connect()
      return turns.take(session => call(db.collection(collection), session ? { session } : {}))
    },
    writing: async (model, write) => {
      try {
        return await write()
      } catch (error) {
        if ((error as MongoError).code === 11_000) throw new UniqueViolation(model, { cause: error })
        throw error
      }
    },
    afterOuterCommit: task => !turns.isOwn() && afterOuterCommit(task),
    transaction: async work => {
      const { hasTransactions } = await connect()
      return hasTransactions && !turns.isInTransaction() ? untilItWins(() => turns.transaction(work)) : work()
    },
  }
}

interface Connected {
  db: MongoDb
  hasTransactions: boolean
}

/** Connects at the first call; a failed attempt is tried anew by the next one. */
function connectOnce(orm: MongoOrm): () => Promise<Connected> {
  const connect = async () => {
    await orm.connect()
    const db = (orm.driver.getConnection() as unknown as { getDb(): MongoDb }).getDb()
    // A replica set has a name, a sharded cluster's router says this; a server by itself does neither.
    const { setName, msg } = await db.command({ hello: 1 })
    return { db, hasTransactions: Boolean(setName) || msg === 'isdbgrid' }
  }
  let connected: Promise<Connected> | undefined
  return () => {
    connected ??= connect().catch(error => {
      connected = undefined
      throw error
    })
    return connected
  }
}

function createTurns(orm: MongoOrm) {
  const current = new AsyncLocalStorage<Turn>()
  /** Those of transactions that the application opened itself. */
  const foreign = new WeakMap<MongoSession, Turn>()

  const turn = (): Turn | undefined => {
    const own = current.getStore()
    const session = own?.session ?? (orm.em.getTransactionContext() as MongoSession | undefined)
    if (own || !session) return own
    const found = foreign.get(session) ?? { session, last: Promise.resolve(), isOver: false }
    foreign.set(session, found)
    return found
  }
  const take = <T>(call: (session?: MongoSession) => Promise<T>): Promise<T> => {
    const mine = turn()
    if (!mine) return call()
    const result = mine.last.then(() => {
      // Sent now, it would be a write of its own, which no rollback undoes.
      if (mine.isOver) throw new Error('the transaction is over: await every call of the adapter within it')
      return call(mine.session)
    })
    mine.last = result.catch(() => undefined)
    return result
  }
  const transaction = <T>(work: () => Promise<T>): Promise<T> =>
    orm.em.fork().transactional(async em => {
      const mine: Turn = { session: em.getTransactionContext() as MongoSession, last: Promise.resolve(), isOver: false }
      try {
        return await current.run(mine, work)
      } finally {
        mine.isOver = true
        await mine.last
      }
    })
  return {
    take,
    transaction,
    isInTransaction: () => turn() !== undefined,
    isOwn: () => current.getStore() !== undefined,
  }
}

/**
 * Where a SQL database lets one of two transactions wait that write the same row, MongoDB ends one of them and leaves
 * it to the client to start it again.
 */
async function untilItWins<T>(attempt: () => Promise<T>): Promise<T> {
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt()
    } catch (error) {
      if (attempts === ATTEMPTS || !isTransient(error)) throw error
    }
    // At random, so that those that met do not meet again.
    await delay(Math.random() * Math.min(2 ** attempts, LONGEST_WAIT_MS))
  }
}

function isTransient(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause) {
    if ((e as MongoError).hasErrorLabel?.('TransientTransactionError')) return true
  }
  return false
}

function remembered<T>(find: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>()
  return key => {
    const found = known.get(key) ?? find(key)
    known.set(key, found)
    return found
  }
}
