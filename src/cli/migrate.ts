import { relative } from 'node:path'
import { Command } from 'commander'
import { migrationFiles, migrationsFolder } from '../migrations/folder.ts'
import { applyMigrations, executedMigrations, revertMigration } from '../migrations/run.ts'
import { type SqlDatabase, sqlDatabaseOf } from './database.ts'
import { APP_OPTION, type LoadedAuth, loadApp } from './load-app.ts'
import { print } from './output.ts'

interface MigrateOptions {
  app: string
  dir?: string
  dryRun?: boolean
  down?: boolean
  json?: boolean
}

/** `kernia migrate`: applies the migrations of the folder that the database does not have yet. */
export function migrateCommand(): Command {
  return new Command('migrate')
    .description('Applies pending migrations; on MongoDB, creates indexes')
    .requiredOption(...APP_OPTION)
    .option('--dir <folder>', 'the migrations folder; default: that of your MikroORM, else "migrations"')
    .option('--dry-run', 'say what would be applied, and apply nothing')
    .option('--down', 'take back the migration that was applied last, with the rows of what it created')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Each migration runs in a transaction (MySQL and MariaDB have none for tables). Two that run at the same time do not
collide: the second one waits, and finds nothing left to do.

Examples:
  kernia migrate --app src/auth.ts --dry-run
  kernia migrate --app src/auth.ts`,
    )
    .action(async (options: MigrateOptions) => {
      const auth = await loadApp(options.app)
      try {
        const database = sqlDatabaseOf(auth)
        if (database) await migrate(database, options)
        else await createIndexes(auth, options)
      } finally {
        await auth.close()
      }
    })
}

async function createIndexes({ context: { adapter } }: LoadedAuth, { dryRun, json }: MigrateOptions): Promise<void> {
  if (!dryRun) await adapter.createSchema()
  const text = dryRun ? 'would create what is missing' : 'created what was missing'
  print(json ? { adapter: adapter.id, dryRun: dryRun ?? false } : `${adapter.id}: ${text}`)
}

async function migrate({ orm, engine }: SqlDatabase, options: MigrateOptions): Promise<void> {
  const folder = migrationsFolder(orm, options.dir)
  const files = migrationFiles(folder)
  if (files.length === 0) {
    const where = relative(process.cwd(), folder) || folder
    throw new Error(`there are no migrations in ${where}; run: kernia generate --app ${options.app}`)
  }
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
