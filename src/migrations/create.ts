import type { Transaction } from '@mikro-orm/core'
import type { Schema } from '../../entities/index.ts'
import { checkIdKinds } from './id-kinds.ts'
import type { Orm } from './orm.ts'
import { planSchema } from './plan.ts'
import { withMigrationSession } from './session.ts'
import { connectionWithin, existingTables } from './tables.ts'

/**
 * Adds to a database what its entities need, those of the application's own MikroORM included: all of it or nothing,
 * except on MySQL and MariaDB. Other processes that do the same, or migrate, are waited for.
 * @throws when rows that exist have no value for a column that would be required
 * @throws IdKindChanged when ids of the schema are of another kind than those of the database
 */
export async function createMissingTables(
  orm: Orm,
  { schema, engine }: { schema: Schema; engine: string },
): Promise<void> {
  await createDatabase(orm)
  await withMigrationSession({ orm, engine }, ({ context, execute, atomically }) =>
    atomically(async () => {
      if (engine === 'sqlite') {
        // MikroORM's own update leaves columns behind that it does not know, wherever it has to write a table anew.
        for (const statement of await missingOnSqlite(orm, { schema, context })) await execute(statement)
      } else {
        await checkIdKinds(orm, schema, context)
      }
      await generatorWithin(orm, context).update({ safe: true })
    }),
  )
}

async function missingOnSqlite(
  orm: Orm,
  { schema, context }: { schema: Schema; context: Transaction },
): Promise<string[]> {
  const names = orm.schema
    .getTargetSchema()
    .getTables()
    .map(({ name }) => name)
  const existing = await existingTables(orm, names, context)
  return planSchema(orm, { schema, engine: 'sqlite', existing, onlyAdd: names }).up
}

/** The database itself, where the server has none of this name. */
async function createDatabase(orm: Orm): Promise<void> {
  await orm.connect()
  try {
    await orm.schema.ensureDatabase()
  } catch {
    // Another process may have created it in between; if that was not the reason, it fails again and says why.
    await orm.schema.ensureDatabase({ forceCheck: true })
  }
}

/** MikroORM's schema generator, with all that it asks and does sent within `context`. */
function generatorWithin(orm: Orm, context: Transaction): Orm['schema'] {
  const connection = connectionWithin(orm, context)
  const driver = Object.create(orm.driver, {
    execute: { value: (query: string) => connection.execute(query) },
  })
  return Object.create(orm.schema, { connection: { value: connection }, driver: { value: driver } })
}
