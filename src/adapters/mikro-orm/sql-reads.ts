import type { OrderByItemBuilder } from 'kysely'
import type { Schema } from '../../../entities/index.ts'
import { type Adapter, type FindMany, foreignKey, type Row } from '../contract.ts'
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
  if (sortBy) sql = sql.orderBy(`${table}.${codec.column(sortBy.field)}`, order(database.schema, model, sortBy))
  if (offset) sql = sql.offset(offset)
  if (!join) return ((await sql.execute()) as Row[]).map(row => codec.decode(row, 'a.'))

  const other = database.tableOf(join)
  const key = codec.column(foreignKey(database.schema, model, join))
  const rows = await sql
    .innerJoin(other.table, `${other.table}.id`, `${table}.${key}`)
    .select(other.codec.columns.map(([, column]) => `${other.table}.${column} as b.${column}`))
    .execute()
  return (rows as Row[]).map(row => ({ ...codec.decode(row, 'a.'), [join]: other.codec.decode(row, 'b.') }))
}

/** Rows without a value come first, whatever the engine. Not said of required columns, whose index would go unused. */
function order(schema: Schema, model: string, { field, direction }: NonNullable<FindMany['sortBy']>) {
  if (schema[model]?.fields[field]?.required !== false) return direction
  return (by: OrderByItemBuilder) => (direction === 'asc' ? by.asc().nullsFirst() : by.desc().nullsLast())
}
