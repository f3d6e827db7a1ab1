import { relative } from 'node:path'
import { migrationFiles, migrationsFolder } from '../../migrations/folder.ts'
import { checkIdKinds } from '../../migrations/id-kinds.ts'
import { applyMigrations, executedMigrations, revertMigration } from '../../migrations/run.ts'
import { type SqlDatabase, sqlDatabaseOf } from '../database.ts'
import type { LoadedAuth } from '../load-app.ts'
import { print } from '../output.ts'

/** What `kernia migrate` is asked for. */
export interface MigrateOptions {
  app: string
  dir?: string
  dryRun?: boolean
  down?: boolean
  json?: boolean
}

/** Applies the migrations of the folder that the database does not have yet, or takes the last one back. */
export async function migrate(auth: LoadedAuth, options: MigrateOptions): Promise<void> {
  const database = await sqlDatabaseOf(auth)
  if (database) await applyOrRevert(auth, database, options)
  else await createIndexes(auth, options)
}

async function createIndexes({ context: { adapter } }: LoadedAuth, { dryRun, json }: MigrateOptions): Promise<void> {
  if (!dryRun) await adapter.createSchema()
  const text = dryRun ? 'would create what is missing' : 'created what was missing'
  print(json ? { adapter: adapter.id, dryRun: dryRun ?? false } : `${adapter.id}: ${text}`)
}

async function applyOrRevert(auth: LoadedAuth, { orm, engine }: SqlDatabase, options: MigrateOptions): Promise<void> {
  const folder = migrationsFolder(orm, options.dir)
  const files = migrationFiles(folder)
  if (files.length === 0) {
    const where = relative(process.cwd(), folder) || folder
    throw new Error(`there are no migrations in ${where}; run: kernia generate --app ${options.app}`)
  }
  if (!options.down) await checkIdKinds(orm, auth.context.schema)
  if (options.dryRun) {
    const executed = await executedMigrations(orm)
    const pending = files.map(({ name }) => name).filter(name => !executed.includes(name))
    if (options.json) return print({ pending, dryRun: true })
    return print(pending.length > 0 ? pending.map(name => `would apply ${name}`).join('\n') : 'nothing to do')
  }
  const onProgress: Parameters<typeof applyMigrations>[1]['onProgress'] = ({ name, direction, milliseconds }) => {
    if (options.json) return
    const [doing, done] = direction === 'up' ? ['applying', 'applied'] : ['taking back', 'took back']
    print(milliseconds === undefined ? `${doing} ${name}` : `${done} ${name} (${Math.round(milliseconds)} ms)`)
  }
  if (options.down) {
    const reverted = await revertMigration(orm, { engine, files, onProgress })
    if (options.json) print({ reverted: reverted ?? null })
    else if (!reverted) print('nothing to do')
    return
  }
  const applied = await applyMigrations(orm, { engine, files, onProgress })
  if (options.json) return print({ applied })
  print(applied.length > 0 ? `${applied.length} migration${applied.length === 1 ? '' : 's'} applied` : 'nothing to do')
}
