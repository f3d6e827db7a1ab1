import { AsyncLocalStorage } from 'node:async_hooks'
import type { Schema } from '../../entities/index.ts'
import { type Adapter, type Database, type FindMany, type FindOne, foreignKey, type Row, UniqueViolation, type Where } from './contract.ts'

type Tables = Record<string, Row[]>

/**
 * Rows in this process's memory, for tests and examples: unique columns, cascading deletes and rollback are real,
 * nothing survives the process.
 */
export function memoryAdapter(): Database {
  return { connect: schema => createMemoryAdapter(schema) }
}

function createMemoryAdapter(schema: Schema): Adapter {
  let tables: Tables = Object.fromEntries(Object.keys(schema).map(model => [model, []]))
  const inTransaction = new AsyncLocalStorage<true>()
  let queue: Promise<unknown> = Promise.resolve()

  const rowsOf = (model: string): Row[] => {
    const rows = tables[model]
    if (!rows) throw new Error(`unknown model "${model}"`)
    return rows
  }
  const matching = (model: string, where: readonly Where[] = []) => rowsOf(model).filter(row => matches(row, where))

  const withJoin = (row: Row, { model, join }: FindOne): Row | null => {
    if (!join) return { ...row }
    const key = foreignKey(schema, model, join)
    const joined = rowsOf(join).find(candidate => candidate.id === row[key])
    return joined ? { ...row, [join]: { ...joined } } : null
  }

  const remove = (model: string, doomed: Row[]): void => {
    tables[model] = rowsOf(model).filter(row => !doomed.includes(row))
    for (const [child, { fields }] of Object.entries(schema)) {
      for (const [name, { references }] of Object.entries(fields)) {
        if (references?.model !== model || references.onDelete === 'no action') continue
        const orphans = rowsOf(child).filter(row => doomed.some(parent => parent[references.field] === row[name]))
        if (references.onDelete === 'set null') for (const orphan of orphans) orphan[name] = null
        else if (orphans.length > 0) remove(child, orphans)
      }
    }
  }

  const assertUnique = (model: string, candidate: Row, except?: Row): void => {
    const unique = Object.entries(schema[model]?.fields ?? {}).filter(([, field]) => field.unique)
    for (const name of ['id', ...unique.map(([field]) => field)]) {
      const value = candidate[name]
      const isTaken = (row: Row) => row !== except && row[name] === value
      if (value !== null && value !== undefined && rowsOf(model).some(isTaken)) throw new UniqueViolation(model)
    }
  }

  const updateRow = (model: string, row: Row, update: Row): void => {
    const changes = defined(update)
    assertUnique(model, { ...row, ...changes }, row)
    Object.assign(row, changes)
  }

  // Outside a transaction a call waits for the running one, as a database's locks would make it.
  const isolated = async <T>(work: () => T): Promise<T> => {
    if (!inTransaction.getStore()) for (let seen; seen !== queue; await seen) seen = queue
    return work()
  }

  const findMany = (query: FindMany): Row[] => {
    const found: Row[] = matching(query.model, query.where).map(row => withJoin(row, query)).filter(row => row !== null)
    const { sortBy, offset = 0, limit = 100 } = query
    if (sortBy) found.sort((a, b) => compare(a[sortBy.field], b[sortBy.field]) * (sortBy.direction === 'asc' ? 1 : -1))
    return found.slice(offset, offset + limit).map(row => pick(row, query))
  }

  return {
    id: 'memory',
    create: ({ model, data }) =>
      isolated(() => {
        assertUnique(model, data)
        rowsOf(model).push(defined(data))
        return defined(data)
      }),
    findOne: query => isolated(() => findMany({ ...query, limit: 1 })[0] ?? null),
    findMany: query => isolated(() => findMany(query)),
    update: ({ model, where, update }) =>
      isolated(() => {
        const row = matching(model, where)[0]
        if (!row) return null
        updateRow(model, row, update)
        return { ...row }
      }),
    updateMany: ({ model, where, update }) =>
      isolated(() => {
        const rows = matching(model, where)
        for (const row of rows) updateRow(model, row, update)
        return rows.length
      }),
    delete: ({ model, where }) => isolated(() => remove(model, matching(model, where).slice(0, 1))),
    deleteMany: ({ model, where }) =>
      isolated(() => {
        const doomed = matching(model, where)
        remove(model, doomed)
        return doomed.length
      }),
    count: ({ model, where }) => isolated(() => matching(model, where).length),
    consumeOne: ({ model, where }) =>
      isolated(() => {
        const row = matching(model, where)[0]
        if (row) remove(model, [row])
        return row ?? null
      }),
    transaction: async work => {
      if (inTransaction.getStore()) return work()
      const run = queue.then(async () => {
        const before = structuredClone(tables)
        try {
          return await inTransaction.run(true, work)
        } catch (error) {
          tables = before
          throw error
        }
      })
      queue = run.catch(() => undefined)
      return run
    },
    createSchema: async () => undefined,
    close: async () => undefined,
  }
}

/** `undefined` means "leave it", as in SQL adapters. */
function defined(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined))
}

function pick(row: Row, { select, join }: FindOne): Row {
  if (!select) return row
  return Object.fromEntries(Object.entries(row).filter(([key]) => select.includes(key) || key === join))
}

function matches(row: Row, where: readonly Where[]): boolean {
  const all = where.filter(({ connector }) => connector !== 'OR')
  const any = where.filter(({ connector }) => connector === 'OR')
  return all.every(one => holds(row[one.field], one)) && (any.length === 0 || any.some(one => holds(row[one.field], one)))
}

function holds(actual: unknown, { value, operator = 'eq' }: Where): boolean {
  const list = Array.isArray(value) ? value.map(comparable) : []
  if (operator === 'in') return list.includes(comparable(actual))
  if (operator === 'not_in') return actual !== null && actual !== undefined && !list.includes(comparable(actual))
  if (value === null || actual === null || actual === undefined) {
    const bothNull = value === null && (actual === null || actual === undefined)
    return operator === 'eq' ? bothNull : operator === 'ne' && value === null && !bothNull
  }
  const order = compare(actual, value)
  const text = String(actual)
  const wanted = String(value)
  switch (operator) {
    case 'eq': return order === 0
    case 'ne': return order !== 0
    case 'lt': return order < 0
    case 'lte': return order <= 0
    case 'gt': return order > 0
    case 'gte': return order >= 0
    case 'contains': return text.includes(wanted)
    case 'starts_with': return text.startsWith(wanted)
    case 'ends_with': return text.endsWith(wanted)
    case 'ilike_eq': return text.toLowerCase() === wanted.toLowerCase()
  }
}

function compare(a: unknown, b: unknown): number {
  const [left, right] = [comparable(a), comparable(b)]
  if (left === right) return 0
  if (left === null) return -1
  if (right === null) return 1
  return left < right ? -1 : 1
}

function comparable(value: unknown): string | number | null {
  if (value === null || value === undefined) return null
  if (value instanceof Date) return value.getTime()
  if (typeof value === 'boolean') return value ? 1 : 0
  return typeof value === 'number' ? value : String(value)
}
