import type { Schema } from '../../../entities/index.ts'
import type { AdapterMethods } from '../contract.ts'
import type { Orm } from './driver.ts'
import { lockRows } from './lock-rows.ts'
import { mysqlWrites } from './mysql-writes.ts'
import { explainOutdatedSchema } from './outdated-schema.ts'
import { createSqlDatabase } from './sql-database.ts'
import { sqlReads } from './sql-reads.ts'
import { returningWrites } from './sql-writes.ts'

/** The adapter over a SQL database that MikroORM is connected to. */
export function createSqlAdapter(orm: Orm, schema: Schema): AdapterMethods {
  const database = createSqlDatabase(orm, schema)
  const adapter = explainOutdatedSchema({
    id: database.dialect.id,
    orm: async () => orm,
    ...sqlReads(database),
    ...(database.dialect.hasReturning ? returningWrites(database) : mysqlWrites(database)),
    lock: query => lockRows(database, query),
    transaction: database.transaction,
    createSchema: async () => {
      // Only whoever changes tables needs what compares them.
      const { createMissingTables } = await import('../../migrations/create.ts')
      await createMissingTables(orm, { schema, engine: database.dialect.id })
    },
    close: () => orm.close(true),
  })
  return { ...adapter, afterOuterCommit: database.afterOuterCommit }
}
