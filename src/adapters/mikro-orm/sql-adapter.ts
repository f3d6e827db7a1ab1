import type { Schema } from '../../../entities/index.ts'
import type { Adapter } from '../contract.ts'
import type { Orm } from './driver.ts'
import { createSqlDatabase } from './sql-database.ts'
import { sqlReads } from './sql-reads.ts'
import { sqlWrites } from './sql-writes.ts'

/** The adapter over a SQL database that MikroORM is connected to. */
export function createSqlAdapter(orm: Orm, schema: Schema): Adapter {
  const database = createSqlDatabase(orm, schema)
  return {
    id: database.isSqlite ? 'sqlite' : 'postgresql',
    ...sqlReads(database),
    ...sqlWrites(database),
    transaction: database.transaction,
    createSchema: async () => {
      await database.kysely()
      await orm.schema.update({ safe: true })
    },
    close: () => orm.close(true),
  }
}
