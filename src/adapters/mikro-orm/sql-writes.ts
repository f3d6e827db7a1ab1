import type { Expression, ExpressionBuilder, Kysely, SqlBool } from 'kysely'
import type { Adapter, Row, Where } from '../contract.ts'
import type { SqlDatabase, Tables } from './sql-database.ts'
import { sqlReads } from './sql-reads.ts'

type Builder = ExpressionBuilder<Tables, string>

type Writes = Pick<
  Adapter,
  'create' | 'update' | 'updateMany' | 'delete' | 'deleteMany' | 'consumeOne' | 'incrementOne'
>

/** The writing half of the adapter, on engines whose writes can return rows. Each method is one statement. */
export function returningWrites(database: SqlDatabase): Writes {
  return { ...inserts(database), ...updates(database), ...deletes(database) }
}

function inserts({ kysely, tableOf, writing }: SqlDatabase): Pick<Writes, 'create'> {
  return {
    create: ({ model, data }) =>
      writing(model, async () => {
        const { table, codec } = tableOf(model)
        const insert = (await kysely()).insertInto(table).values(codec.encode(data))
        return codec.decode(await insert.returningAll().executeTakeFirstOrThrow())
      }),
  }
}

function updates(database: SqlDatabase): Pick<Writes, 'update' | 'updateMany' | 'incrementOne'> {
  const { kysely, tableOf, writing, filter } = database
  const { findOne } = sqlReads(database)
  // Each names the conditions twice: once to choose a row, once to be asked again of the row when it is locked,
  // which another call may have changed since it was chosen.
  return {
    update: ({ model, where, update }) =>
      writing(model, async () => {
        const { table, codec } = tableOf(model)
        const changes = codec.encode(update)
        if (isEmpty(changes)) return findOne({ model, where })
        const db = await kysely()
        const row = await db
          .updateTable(table)
          .set(changes)
          .where('id', '=', oneId(database, db, { model, where }))
          .where(filter(model, where))
          .returningAll()
          .executeTakeFirst()
        return row ? codec.decode(row) : null
      }),
    updateMany: write => updateMany(database, write),
    incrementOne: ({ model, where, field, by = 1, max, update = {} }) =>
      writing(model, async () => {
        const { table, codec } = tableOf(model)
        const db = await kysely()
        const row = await db
          .updateTable(table)
          .set({ ...codec.encode(update), ...incremented(codec.column(field), by) })
          .where('id', '=', oneId(database, db, { model, where }))
          .where(filter(model, where))
          // The bound is part of the statement, so concurrent calls cannot pass it together.
          .where(below(codec.column(field), max, by))
          .returningAll()
          .executeTakeFirst()
        return row ? codec.decode(row) : null
      }),
  }
}

function deletes(database: SqlDatabase): Pick<Writes, 'delete' | 'deleteMany' | 'consumeOne'> {
  const { kysely, tableOf } = database
  return {
    delete: async query => {
      const db = await kysely()
      await db
        .deleteFrom(tableOf(query.model).table)
        .where('id', '=', oneId(database, db, query))
        .execute()
    },
    deleteMany: query => deleteMany(database, query),
    consumeOne: async query => {
      const { table, codec } = tableOf(query.model)
      const db = await kysely()
      // One statement: of concurrent calls the engine lets exactly one delete the row.
      const deleted = db
        .deleteFrom(table)
        .where('id', '=', oneId(database, db, query))
        .returningAll()
      const row = await deleted.executeTakeFirst()
      return row ? codec.decode(row) : null
    },
  }
}

export async function updateMany(
  database: SqlDatabase,
  { model, where, update }: { model: string; where: readonly Where[]; update: Row },
): Promise<number> {
  const { kysely, tableOf, filter, writing } = database
  return writing(model, async () => {
    const { table, codec } = tableOf(model)
    const changes = codec.encode(update)
    if (isEmpty(changes)) return sqlReads(database).count({ model, where })
    const query = (await kysely()).updateTable(table).set(changes).where(filter(model, where))
    return Number((await query.executeTakeFirst()).numUpdatedRows)
  })
}

export async function deleteMany(
  { kysely, tableOf, filter }: SqlDatabase,
  { model, where }: { model: string; where: readonly Where[] },
): Promise<number> {
  const query = (await kysely()).deleteFrom(tableOf(model).table).where(filter(model, where))
  return Number((await query.executeTakeFirst()).numDeletedRows)
}

/** A subquery for the id of one matching row: `update` and `delete` know no `limit` in standard SQL. */
function oneId(
  { tableOf, filter }: SqlDatabase,
  db: Kysely<Tables>,
  { model, where }: { model: string; where: readonly Where[] },
) {
  const { table } = tableOf(model)
  return db.selectFrom(table).select(`${table}.id`).where(filter(model, where)).limit(1)
}

/** The assignment that adds to a counter, where null counts as 0. */
export function incremented(column: string, by: number): Row {
  return { [column]: (eb: Builder) => eb(orZero(eb, column), '+', by) }
}

/** The condition that a counter is not above `max` once `by` is added to it. */
export function below(column: string, max: number | undefined, by: number): (eb: Builder) => Expression<SqlBool> {
  return eb => (max === undefined ? eb.and([]) : eb(orZero(eb, column), '<=', max - by))
}

function orZero(eb: Builder, column: string) {
  return eb.fn.coalesce(eb.ref(column), eb.lit(0))
}

function isEmpty(changes: Row): boolean {
  return Object.keys(changes).length === 0
}
