import { Command } from 'commander'
import type { InfoOptions } from './actions/info.ts'
import { APP_OPTION, withApp } from './load-app.ts'

/** `kernia info`: what an instance resolves to, and what is wrong with it. No secret or password is printed. */
export function infoCommand(): Command {
  return new Command('info')
    .description('Prints what the configuration resolves to, and problems')
    .requiredOption(...APP_OPTION)
    .option('--dir <folder>', 'the migrations folder; default: that of your MikroORM, else "migrations"')
    .option('--json', 'print as JSON')
    .option('--strict', 'exit with 1 when there is a problem')
    .addHelpText(
      'after',
      `
Examples:
  kernia info --app src/auth.ts
  kernia info --app src/auth.ts --json --strict     in CI: fails on a weak secret, on drift, ...`,
    )
    .action((options: InfoOptions) =>
      withApp(options.app, async auth => (await import('./actions/info.ts')).info(auth, options)),
    )
}
