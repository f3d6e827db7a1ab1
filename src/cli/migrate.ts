import { Command } from 'commander'
import type { MigrateOptions } from './actions/migrate.ts'
import { APP_OPTION, withApp } from './load-app.ts'

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
    .action((options: MigrateOptions) =>
      withApp(options.app, async auth => (await import('./actions/migrate.ts')).migrate(auth, options)),
    )
}
