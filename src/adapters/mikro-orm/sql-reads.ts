import type { OrderByItemBuilder } from 'kysely'
import { type Adapter, type FindMany, joinKey, type Row } from '../contract.ts'
import type { SqlDatabase } from './sql-database.ts'

/** The reading half of the adapter. A join is one query. */
export function sqlReads(database: SqlDatabase): Pick<Adapter, 'findOne' | 'findMany' | 'count'> {
  const findMany = (query: FindMany) => find(database, query)
  return {
    findMany,
    findOne: async query => (await findMany({ ...query, limit: 1 }))[0] ?? null,
    count: async ({ model, where }) => {
      const { table } = database.tableOf(model)
      const query = (await database.kysely()).selectFrom(table).select(eb => eb.fn.countAll().as('rows'))
      const counted = await query.where(database.filter(model, where)).executeTakeFirst()
      return Number(counted?.rows ?? 0)
    },
  }
}

async function find(database: SqlDatabase, query: FindMany): Promise<Row[]> {
  const { model, where, select, join, limit = 100, offset, sortBy } = query
  const { table, codec } = database.tableOf(model)
  const wanted = codec.columns.filter(([name]) => !select || select.includes(name))
  let sql = (await database.kysely())
    .selectFrom(table)
    .select(wanted.map(([, column]) => `${table}.${column} as a.${column}`))
    .where(database.filter(model, where))
    .limit(limit)
  if (sortBy) sql = sql.orderBy(`${table}.${codec.column(sortBy.field)}`, order(database, model, sortBy))
  if (offset) sql = sql.offset(offset)
  if (!join) return ((await sql.execute()) as Row[]).map(row => codec.decode(row, 'a.'))

  const { isToOne, field } = joinKey(database.schema, model, join)
  if (!isToOne) return withLists(database, await sql.execute(), { model, join, field })

  const other = database.tableOf(join)
  const rows = await sql
    .innerJoin(other.table, `${other.table}.id`, `${table}.${codec.column(field)}`)
    .select(other.codec.columns.map(([, column]) => `${other.table}.${column} as b.${column}`))
    .execute()
  return (rows as Row[]).map(row => ({ ...codec.decode(row, 'a.'), [join]: other.codec.decode(row, 'b.') }))
}

/** One more query fetches the lists of all rows at once. */
async function withLists(
  database: SqlDatabase,
  stored: Row[],
  { model, join, field }: { model: string; join: string; field: string },
): Promise<Row[]> {
  const rows = stored.map(row => database.tableOf(model).codec.decode(row, 'a.'))
  const ids = rows.map(row => row.id as string)
  const where = [{ field, value: ids, operator: 'in' as const }]
  const children = await find(database, { model: join, where, limit: Number.MAX_SAFE_INTEGER })
  return rows.map(row => ({ ...row, [join]: children.filter(child => child[field] === row.id) }))
}

/** Rows without a value come first, whatever the engine. Not said of required columns, whose index would go unused. */
function order({ schema, dialect }: SqlDatabase, model: string, { field, direction }: NonNullable<FindMany['sortBy']>) {
  if (!dialect.sortsNullsLast || schema[model]?.fields[field]?.required !== false) return direction
  return (by: OrderByItemBuilder) => (direction === 'asc' ? by.asc().nullsFirst() : by.desc().nullsLast())
}
