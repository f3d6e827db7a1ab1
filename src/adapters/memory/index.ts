import { AsyncLocalStorage } from 'node:async_hooks'
import type { Schema } from '../../../entities/index.ts'
import type { Adapter, Database } from '../contract.ts'
import { createTables, type Tables } from './tables.ts'

/**
 * Rows in this process's memory, for tests and examples: unique columns, cascading deletes and rollback are real,
 * nothing survives the process.
 */
export function memoryAdapter(): Database {
  return { connect: schema => createMemoryAdapter(schema) }
}

function createMemoryAdapter(schema: Schema): Adapter {
  const tables = createTables(schema)
  const { isolated, transaction } = createIsolation(tables)
  return {
    id: 'memory',
    create: ({ model, data }) => isolated(() => tables.insert(model, data)),
    findOne: query => isolated(() => tables.find({ ...query, limit: 1 })[0] ?? null),
    findMany: query => isolated(() => tables.find(query)),
    update: ({ model, where, update }) =>
      isolated(() => {
        const row = tables.matching(model, where)[0]
        if (!row) return null
        tables.change(model, [row], update)
        return structuredClone(row)
      }),
    updateMany: ({ model, where, update }) =>
      isolated(() => {
        const rows = tables.matching(model, where)
        tables.change(model, rows, update)
        return rows.length
      }),
    delete: ({ model, where }) => isolated(() => tables.remove(model, tables.matching(model, where).slice(0, 1))),
    deleteMany: ({ model, where }) =>
      isolated(() => {
        const doomed = tables.matching(model, where)
        tables.remove(model, doomed)
        return doomed.length
      }),
    count: ({ model, where }) => isolated(() => tables.matching(model, where).length),
    consumeOne: ({ model, where }) =>
      isolated(() => {
        const row = tables.matching(model, where)[0]
        if (row) tables.remove(model, [row])
        return row ?? null
      }),
    incrementOne: ({ model, where, field, by = 1, max, update }) =>
      isolated(() => {
        const row = tables.matching(model, where)[0]
        const after = Number(row?.[field]) + by
        if (!row || (max !== undefined && after > max)) return null
        tables.change(model, [row], { ...update, [field]: after })
        return { ...row }
      }),
    // Transactions run one after the other.
    lock: async () => undefined,
    transaction,
    createSchema: async () => undefined,
    close: async () => undefined,
  }
}

/** Transactions run one after the other; calls outside wait for the running one, as a database's locks make them. */
function createIsolation(tables: Tables) {
  const inTransaction = new AsyncLocalStorage<true>()
  let queue: Promise<unknown> = Promise.resolve()

  const isolated = async <T>(work: () => T): Promise<T> => {
    if (!inTransaction.getStore()) {
      let seen: Promise<unknown> | undefined
      while (seen !== queue) {
        seen = queue
        await seen
      }
    }
    return work()
  }

  const transaction = async <T>(work: () => Promise<T>): Promise<T> => {
    if (inTransaction.getStore()) return work()
    const run = queue.then(async () => {
      const before = tables.snapshot()
      try {
        return await inTransaction.run(true, work)
      } catch (error) {
        tables.restore(before)
        throw error
      }
    })
    queue = run.catch(() => undefined)
    return run
  }
  return { isolated, transaction }
}
