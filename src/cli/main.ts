#!/usr/bin/env node
import { Command } from 'commander'
import { VERSION } from '../version.ts'
import { openApiCommand } from './openapi.ts'
import { secretCommand } from './secret.ts'

const program = new Command('kernia')
  .description('Kernia, authentication for TypeScript')
  .version(VERSION)
  .showHelpAfterError()
  .addCommand(openApiCommand())
  .addCommand(secretCommand())

try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`kernia: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
