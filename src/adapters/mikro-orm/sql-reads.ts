import type { Kysely, OrderByItemBuilder } from 'kysely'
import { type Adapter, type FindMany, type JoinKey, joinKey, type Row } from '../contract.ts'
import { gatherLookups } from './gathered-lookups.ts'
import { createLookups, type Lookups } from './lookups.ts'
import type { SqlDatabase, Tables } from './sql-database.ts'

/** The reading half of the adapter. A join is one query. */
export function sqlReads(database: SqlDatabase): Pick<Adapter, 'findOne' | 'findMany' | 'count'> {
  const reading = { database, lookups: createLookups(database), keyOf: joinKeys(database) }
  const findMany = (query: FindMany) => find(reading, query)
  return {
    findMany,
    findOne: gatherLookups(database, findMany),
    count: async ({ model, where }) => {
      const { table } = database.tableOf(model)
      const query = (await database.kysely()).selectFrom(table).select(eb => eb.fn.countAll().as('rows'))
      const counted = await query.where(database.filter(model, where)).executeTakeFirst()
      return Number(counted?.rows ?? 0)
    },
  }
}

interface Reading {
  database: SqlDatabase
  lookups: Lookups
  keyOf(model: string, join: string): JoinKey & { join: string }
}

/** The keys of joins, each found in the schema once. */
function joinKeys({ schema }: SqlDatabase): Reading['keyOf'] {
  const known = new Map<string, ReturnType<Reading['keyOf']>>()
  return (model, join) => {
    const name = `${model} ${join}`
    const key = known.get(name) ?? { ...joinKey(schema, model, join), join }
    known.set(name, key)
    return key
  }
}

async function find(reading: Reading, query: FindMany): Promise<Row[]> {
  const { database, lookups, keyOf } = reading
  const { model, join } = query
  const { codec } = database.tableOf(model)
  const key = join ? keyOf(model, join) : undefined
  const rows = (await lookups.run(query, kysely => selection(database, { ...query, key, kysely }))) as Row[]
  const decode = codec.decodeUnder.a
  if (!key) return rows.map(decode)
  if (!key.isToOne) return withLists(reading, rows, { model, join: key.join, field: key.field })
  const decodeOther = database.tableOf(key.join).codec.decodeUnder.b
  return rows.map(row => Object.assign(decode(row), { [key.join]: decodeOther(row) }))
}

/** The statement: the model's columns under `a.`, and those of a joined row under `b.`. */
function selection(
  database: SqlDatabase,
  {
    model,
    where,
    select,
    limit = 100,
    offset,
    sortBy,
    key,
    kysely,
  }: FindMany & { key: (JoinKey & { join: string }) | undefined; kysely: Kysely<Tables> },
) {
  const { table, codec } = database.tableOf(model)
  const wanted = codec.columns.filter(([name]) => !select || select.includes(name))
  let query = kysely
    .selectFrom(table)
    .select(wanted.map(([, column]) => `${table}.${column} as a.${column}`))
    .where(database.filter(model, where))
    // Not bound: SQLite would plan the statement anew each time, which costs more than the look-up.
    .limit(eb => eb.lit(limit))
  if (sortBy) query = query.orderBy(`${table}.${codec.column(sortBy.field)}`, order(database, model, sortBy))
  if (offset) query = query.offset(offset)
  if (!key?.isToOne) return query
  const other = database.tableOf(key.join)
  return query
    .innerJoin(other.table, `${other.table}.id`, `${table}.${codec.column(key.field)}`)
    .select(other.codec.columns.map(([, column]) => `${other.table}.${column} as b.${column}`))
}

/** One more query fetches the lists of all rows at once. */
async function withLists(
  reading: Reading,
  stored: Row[],
  { model, join, field }: { model: string; join: string; field: string },
): Promise<Row[]> {
  const rows = stored.map(reading.database.tableOf(model).codec.decodeUnder.a)
  const ids = rows.map(row => row.id as string)
  const where = [{ field, value: ids, operator: 'in' as const }]
  const children = await find(reading, { model: join, where, limit: Number.MAX_SAFE_INTEGER })
  return rows.map(row => ({ ...row, [join]: children.filter(child => child[field] === row.id) }))
}

/** Rows without a value come first, whatever the engine. Not said of required columns, whose index would go unused. */
function order({ schema, dialect }: SqlDatabase, model: string, { field, direction }: NonNullable<FindMany['sortBy']>) {
  if (!dialect.sortsNullsLast || schema[model]?.fields[field]?.required !== false) return direction
  return (by: OrderByItemBuilder) => (direction === 'asc' ? by.asc().nullsFirst() : by.desc().nullsLast())
}
