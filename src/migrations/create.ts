import type { Schema } from '../../entities/index.ts'
import type { Orm } from './orm.ts'
import { planSchema } from './plan.ts'
import { withMigrationSession } from './session.ts'
import { existingTables } from './tables.ts'

/**
 * Adds to a SQLite database what its entities need, those of the application's own MikroORM included: all of it or
 * nothing. Other processes that do the same are waited for. MikroORM's own update leaves columns behind that it does
 * not know, wherever it has to write a table anew.
 * @throws when rows that exist have no value for a column that would be required
 */
export async function createMissingTables(orm: Orm, schema: Schema): Promise<void> {
  const names = orm.schema
    .getTargetSchema()
    .getTables()
    .map(({ name }) => name)
  await withMigrationSession({ orm, engine: 'sqlite' }, ({ context, execute, atomically }) =>
    atomically(async () => {
      const existing = await existingTables(orm, names, context)
      const { up } = planSchema(orm, { schema, engine: 'sqlite', existing, onlyAdd: names })
      for (const statement of up) await execute(statement)
    }),
  )
}
