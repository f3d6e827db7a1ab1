import { AsyncLocalStorage } from 'node:async_hooks'
import type { Kysely } from 'kysely'
import type { Schema } from '../../../entities/index.ts'
import { UniqueViolation, type Where } from '../contract.ts'
import { type Codec, createCodec } from './codec.ts'
import { type DatabaseError, type Dialect, dialectOf } from './dialect.ts'
import type { Orm } from './driver.ts'
import { outerTransactions } from './outer-transactions.ts'
import { condition } from './where.ts'

/** Tables are known at run time only. */
export type Tables = Record<string, Record<string, unknown>>

type EntityManager = Orm['em']

/** One model's table and how its rows are stored. */
export interface Table {
  table: string
  codec: Codec
}

/** A connected SQL database: the query builder of the current transaction, and what the tables look like. */
export interface SqlDatabase {
  schema: Schema
  dialect: Dialect
  /** Kysely, bound to the transaction this is called in. Connects at first use. */
  kysely(): Promise<Kysely<Tables>>
  tableOf(model: string): Table
  filter(model: string, where?: readonly Where[]): ReturnType<typeof condition>
  transaction<T>(work: () => Promise<T>): Promise<T>
  /** Whether this is called in a transaction, of ours or of the application's. */
  isInTransaction(): boolean
  /** Has `task` done before a transaction begins, of ours or of the application's. */
  beforeTransactions(task: () => Promise<unknown>): void
  /** Runs `work` in no transaction, whatever is open where it is called. */
  apart<T>(work: () => Promise<T>): Promise<T>
  afterOuterCommit(task: () => Promise<void>): boolean
  /** Runs a write to `model`; a unique column's refusal becomes a `UniqueViolation`. */
  writing<T>(model: string, write: () => Promise<T>): Promise<T>
}

/**
 * MikroORM's connection as the adapter uses it: through Kysely, without hydrating entities. The transaction travels in
 * AsyncLocalStorage, so whatever a procedure calls takes part in it; on a driver with one connection a query outside
 * it would wait for itself.
 */
export function createSqlDatabase(orm: Orm, schema: Schema): SqlDatabase {
  const dialect = dialectOf(orm)
  const current = new AsyncLocalStorage<EntityManager>()
  const afterOuterCommit = outerTransactions(orm.em)
  const outside = orm.em.fork({ disableContextResolution: true })
  const isInTransaction = () => current.getStore() !== undefined || orm.em.isInTransaction()
  const connect = connectOnce(orm, () => assertIds(orm, { schema, em: current.getStore() ?? orm.em }))
  const tables = new Map(
    Object.entries(schema).map(([name, model]): [string, Table] => [
      name,
      { table: model.modelName, codec: createCodec(model, dialect.isUntyped) },
    ]),
  )
  const tableOf = (model: string): Table => {
    const found = tables.get(model)
    if (!found) throw new Error(`unknown model "${model}"`)
    return found
  }
  return {
    schema,
    dialect,
    tableOf,
    writing: translateViolations(dialect),
    kysely: async () => {
      await connect()
      // Typed by entities it does not have; the tables are those of `schema`.
      return (current.getStore() ?? orm.em).getKysely() as unknown as Kysely<Tables>
    },
    filter: (model, where = []) => condition({ where, ...tableOf(model) }, dialect),
    afterOuterCommit: task => !current.getStore() && afterOuterCommit(task),
    isInTransaction,
    beforeTransactions: task => {
      const beforeTransactionStart = async ({ transaction }: { transaction?: object }) => {
        // A savepoint is within one, which may hold the connection that the task needs.
        if (!transaction) await task()
      }
      orm.em.getEventManager().registerSubscriber({ beforeTransactionStart })
    },
    apart: work => current.run(outside, work),
    transaction: async work => {
      // The application may have opened one on its own MikroORM; a second one beside it would wait for the first.
      if (isInTransaction()) return work()
      await connect()
      return orm.em.fork().transactional(em => current.run(em, work))
    },
  }
}

/** Connects and checks at the first call; a failed attempt is tried anew by the next one. */
function connectOnce(orm: Orm, check: () => Promise<void>): () => Promise<unknown> {
  const connect = async () => {
    // A transaction that the application opened is on a connection already, maybe on the only one.
    if (!orm.em.isInTransaction()) await orm.connect()
    await check()
  }
  let connected: Promise<unknown> | undefined
  return () => {
    connected ??= connect().catch(error => {
      connected = undefined
      throw error
    })
    return connected
  }
}

/** No engine says by itself that ids which it is to count are text: some would find no row, and say nothing. */
async function assertIds(orm: Orm, { schema, em }: { schema: Schema; em: EntityManager }): Promise<void> {
  if (!Object.values(schema).some(({ ids }) => ids === 'serial')) return
  const { checkIdKinds } = await import('../../migrations/id-kinds.ts')
  // In the application's transaction, if one is open: there may be no second connection.
  await checkIdKinds(orm, schema, em.getTransactionContext())
}

function translateViolations({ isUniqueViolation }: Dialect): SqlDatabase['writing'] {
  return async (model, write) => {
    try {
      return await write()
    } catch (error) {
      for (let e = error; e instanceof Error; e = e.cause) {
        if (isUniqueViolation(e as DatabaseError)) throw new UniqueViolation(model, { cause: error })
      }
      throw error
    }
  }
}
