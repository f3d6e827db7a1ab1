import { Command } from 'commander'
import type { GenerateOptions } from './actions/generate.ts'
import { APP_OPTION, withApp } from './load-app.ts'

/** `kernia generate`: writes a migration from what is there to what the core, the plugins and the options need. */
export function generateCommand(): Command {
  return new Command('generate')
    .description('Writes a migration for what the database lacks')
    .requiredOption(...APP_OPTION)
    .option('--output <file>', 'the file to write; default: a name by the time, in the migrations folder')
    .option('--dir <folder>', 'the migrations folder; default: that of your MikroORM, else "migrations"')
    .option('--sql', 'print the SQL and write nothing')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Compared is the database, if it can be reached and has all migrations of the folder; else the folder's snapshot.
Nothing is ever dropped. A renamed model or field is recognised by the snapshot.

Examples:
  kernia generate --app src/auth.ts
  kernia generate --app src/auth.ts:auth --output migrations/0002_two_factor.ts
  kernia generate --app src/auth.ts --sql`,
    )
    .action((options: GenerateOptions) =>
      withApp(options.app, async auth => (await import('./actions/generate.ts')).generate(auth, options)),
    )
}
