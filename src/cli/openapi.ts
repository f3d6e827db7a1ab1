import { writeFile } from 'node:fs/promises'
import { Command } from 'commander'
import { withApp } from './load-app.ts'

/** `kernia openapi`: writes the OpenAPI document of an application. No server or database is needed. */
export function openApiCommand(): Command {
  return new Command('openapi')
    .description('Prints the OpenAPI 3.1 document')
    .requiredOption('--app <file[:export]>', 'the module that exports the auth instance')
    .option('--output <file>', 'write to a file instead of standard output')
    .action(async ({ app, output }: { app: string; output?: string }) => {
      await withApp(app, async auth => {
        const text = `${JSON.stringify(auth.openApiDocument(), null, 2)}\n`
        if (output) await writeFile(output, text)
        else process.stdout.write(text)
      })
    })
}
