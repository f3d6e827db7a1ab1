import type { AdapterMethods, Row, Where } from '../contract.ts'
import type { SqlDatabase } from './sql-database.ts'
import { sqlReads } from './sql-reads.ts'
import { below, deleteMany, incremented, updateMany } from './sql-writes.ts'

type Writes = Pick<
  AdapterMethods,
  'create' | 'update' | 'updateMany' | 'delete' | 'deleteMany' | 'consumeOne' | 'incrementOne'
>

/**
 * The writing half of the adapter for MySQL and MariaDB, whose `update` returns no rows and where a subquery may not
 * name the table that is written. A row is found first and then written by its id; what must be atomic is decided by
 * the number of rows that the write found.
 */
export function mysqlWrites(database: SqlDatabase): Writes {
  const { kysely, tableOf, writing } = database
  const { findOne } = sqlReads(database)
  const byId = (row: Row): Where[] => [{ field: 'id', value: row.id as string }]
  // The conditions are asked again by the write: another call may have changed the row since it was found.
  const still = (row: Row, where: readonly Where[]) => [...where, ...byId(row)]

  return {
    create: ({ model, data }) =>
      writing(model, async () => {
        const { table, codec } = tableOf(model)
        const inserted = await (await kysely()).insertInto(table).values(codec.encode(data)).executeTakeFirst()
        const id = (data.id ?? inserted.insertId) as string
        const row = await findOne({ model, where: [{ field: 'id', value: id }] })
        // Deleted between the two: this is what it was.
        return row ?? { ...Object.fromEntries(codec.columns.map(([name]) => [name, null])), ...data, id: String(id) }
      }),
    update: async ({ model, where, update }) => {
      const row = await findOne({ model, where, select: ['id'] })
      if (!row) return null
      if ((await updateMany(database, { model, where: still(row, where), update })) === 0) return null
      return findOne({ model, where: byId(row) })
    },
    updateMany: write => updateMany(database, write),
    delete: async ({ model, where }) => {
      const row = await findOne({ model, where, select: ['id'] })
      if (row) await deleteMany(database, { model, where: still(row, where) })
    },
    deleteMany: query => deleteMany(database, query),
    incrementOne: ({ model, where, field, by = 1, max, update = {} }) =>
      writing(model, async () => {
        const row = await findOne({ model, where, select: ['id'] })
        if (!row) return null
        const { table, codec } = tableOf(model)
        const { numUpdatedRows } = await (await kysely())
          .updateTable(table)
          .set({ ...codec.encode(update), ...incremented(codec.column(field), by) })
          .where(database.filter(model, still(row, where)))
          .where(below(codec.column(field), max, by))
          .executeTakeFirst()
        return numUpdatedRows > 0n ? findOne({ model, where: byId(row) }) : null
      }),
  }
}
