import type { Kysely } from 'kysely'
import { type Adapter, UniqueViolation, type Where } from '../contract.ts'
import type { SqlDatabase, Tables } from './sql-database.ts'

type Writes = Pick<Adapter, 'create' | 'update' | 'updateMany' | 'delete' | 'deleteMany' | 'consumeOne'>

/** The writing half of the adapter. */
export function sqlWrites(database: SqlDatabase): Writes {
  return { ...inserts(database), ...updates(database), ...deletes(database) }
}

function inserts({ kysely, tableOf }: SqlDatabase): Pick<Writes, 'create'> {
  return {
    create: ({ model, data }) =>
      writing(model, async () => {
        const { table, codec } = tableOf(model)
        const row = await (await kysely())
          .insertInto(table)
          .values(codec.encode(data))
          .returningAll()
          .executeTakeFirstOrThrow()
        return codec.decode(row)
      }),
  }
}

function updates(database: SqlDatabase): Pick<Writes, 'update' | 'updateMany'> {
  const { kysely, tableOf, filter } = database
  return {
    update: ({ model, where, update }) =>
      writing(model, async () => {
        const { table, codec } = tableOf(model)
        const db = await kysely()
        const one = db
          .updateTable(table)
          .set(codec.encode(update))
          .where('id', '=', oneId(database, db, { model, where }))
        const row = await one.returningAll().executeTakeFirst()
        return row ? codec.decode(row) : null
      }),
    updateMany: ({ model, where, update }) =>
      writing(model, async () => {
        const { table, codec } = tableOf(model)
        const query = (await kysely()).updateTable(table).set(codec.encode(update)).where(filter(model, where))
        return Number((await query.executeTakeFirst()).numUpdatedRows)
      }),
  }
}

function deletes(database: SqlDatabase): Pick<Writes, 'delete' | 'deleteMany' | 'consumeOne'> {
  const { kysely, tableOf, filter } = database
  return {
    delete: async query => {
      const db = await kysely()
      await db
        .deleteFrom(tableOf(query.model).table)
        .where('id', '=', oneId(database, db, query))
        .execute()
    },
    deleteMany: async ({ model, where }) => {
      const query = (await kysely()).deleteFrom(tableOf(model).table).where(filter(model, where))
      return Number((await query.executeTakeFirst()).numDeletedRows)
    },
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

/** A subquery for the id of one matching row: `update` and `delete` know no `limit` in standard SQL. */
function oneId(
  { tableOf, filter }: SqlDatabase,
  db: Kysely<Tables>,
  { model, where }: { model: string; where: readonly Where[] },
) {
  const { table } = tableOf(model)
  return db.selectFrom(table).select(`${table}.id`).where(filter(model, where)).limit(1)
}

async function writing<T>(model: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    throw isUniqueViolation(error) ? new UniqueViolation(model, { cause: error }) : error
  }
}

function isUniqueViolation(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause) {
    const { code, errcode } = e as { code?: unknown; errcode?: unknown }
    // PostgreSQL's SQLSTATE; SQLite's SQLITE_CONSTRAINT_UNIQUE and _PRIMARYKEY.
    if (code === '23505' || errcode === 2067 || errcode === 1555) return true
  }
  return false
}
