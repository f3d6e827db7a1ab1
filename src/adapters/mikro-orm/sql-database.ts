import { AsyncLocalStorage } from 'node:async_hooks'
import type { Kysely } from 'kysely'
import type { Schema } from '../../../entities/index.ts'
import { UniqueViolation, type Where } from '../contract.ts'
import { type Codec, createCodec } from './codec.ts'
import { type DatabaseError, type Dialect, dialectOf } from './dialect.ts'
import type { Orm } from './driver.ts'
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
  const connect = connectOnce(orm)
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
    transaction: async work => {
      // The application may have opened one on its own MikroORM; a second one beside it would wait for the first.
      if (current.getStore() || orm.em.isInTransaction()) return work()
      await connect()
      return orm.em.fork().transactional(em => current.run(em, work))
    },
  }
}

/** Connects at the first call; a failed attempt is tried anew by the next one. */
function connectOnce(orm: Orm): () => Promise<unknown> {
  let connected: Promise<unknown> | undefined
  return () => {
    connected ??= orm.connect().catch(error => {
      connected = undefined
      throw error
    })
    return connected
  }
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
