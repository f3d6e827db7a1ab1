#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { VERSION } from '../version.ts'
import { generateCommand } from './generate.ts'
import { infoCommand } from './info.ts'
import { initCommand } from './init.ts'
import { migrateCommand } from './migrate.ts'
import { openApiCommand } from './openapi.ts'
import { note } from './output.ts'
import { secretCommand } from './secret.ts'

// What a command needs beside its options it imports when it runs: MikroORM alone takes half a second.
const commands = [initCommand(), generateCommand(), migrateCommand(), secretCommand(), infoCommand(), openApiCommand()]
const program = new Command('kernia')
  .description('Kernia, authentication for TypeScript')
  .version(VERSION)
  .addHelpText(
    'after',
    `
Examples:
  kernia init --adapter sqlite --framework express
  kernia generate --app src/auth.ts
  kernia migrate --app src/auth.ts
  kernia info --app src/auth.ts --json

Exit codes: 0 done, 1 failed, 2 wrong usage.`,
  )
for (const command of [program, ...commands]) command.exitOverride().showHelpAfterError('(see --help)')
for (const command of commands) program.addCommand(command)

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2
  } else {
    note(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  }
}
// An application's module may have opened what would keep this process alive, such as a listening server.
for (const stream of [process.stdout, process.stderr]) await new Promise(resolve => stream.write('', resolve))
process.exit()
