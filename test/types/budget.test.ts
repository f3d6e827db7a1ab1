import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authSource, PLUGINS, pluginSources, useSource } from './many-plugins.ts'

/** The emitted declaration of the application's `auth`: it must name types, not write them out. */
const DECLARATION_BYTES = 16 * 1024
/** Type instantiations of TypeScript 5.9 for a program that makes and uses an instance with all plugins. */
const INSTANTIATIONS = 30_000

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../', import.meta.url))

describe(`the types of an instance with ${PLUGINS} plugins`, () => {
  let folder = ''
  let diagnostics = ''

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kernia-type-budget-'))
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    await run(process.execPath, ['scripts/build.ts', join(folder, 'kernia')], { cwd: root })

    // Plugins reach an application as declarations, so only what the application itself costs is counted.
    const plugins = write('plugins', pluginSources('../kernia/src/index.js'))
    await tsc([...plugins, '--outDir', join(folder, 'app')])
    const app = write('app', {
      'auth.ts': authSource('../kernia/src/index.js'),
      'use.ts': useSource('../kernia/clients/trpc-client.js'),
    })
    diagnostics = await tsc([...app, '--outDir', join(folder, 'out'), '--extendedDiagnostics'])
  }, 240_000)

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it(`take at most ${DECLARATION_BYTES} bytes in a declaration`, () => {
    expect(statSync(join(folder, 'out/auth.d.ts')).size).toBeLessThan(DECLARATION_BYTES)
    expect(readFileSync(join(folder, 'out/auth.d.ts'), 'utf8')).not.toMatch(/\bany\b/)
  })

  it(`take at most ${INSTANTIATIONS} instantiations to use`, () => {
    const counted = Number(/Instantiations:\s+(\d+)/.exec(diagnostics)?.[1])
    expect(counted).toBeGreaterThan(0)
    expect(counted).toBeLessThan(INSTANTIATIONS)
  })

  function write(name: string, sources: Record<string, string>): string[] {
    mkdirSync(join(folder, name), { recursive: true })
    return Object.entries(sources).map(([file, text]) => {
      writeFileSync(join(folder, name, file), text)
      return join(folder, name, file)
    })
  }

  /** TypeScript 5.9, which users have, and which counts the same each time: it has one checker. */
  async function tsc(args: string[]): Promise<string> {
    const options = ['--strict', '--declaration', '--target', 'es2023', '--module', 'nodenext', '--skipLibCheck']
    const program = [join(root, 'node_modules/typescript/bin/tsc'), ...options, '--pretty', 'false', ...args]
    const done = run(process.execPath, program, { cwd: folder, maxBuffer: 2 ** 26 })
    return done
      .then(({ stdout }) => stdout)
      .catch((error: { stdout?: string }) => Promise.reject(new Error(error.stdout)))
  }
})
