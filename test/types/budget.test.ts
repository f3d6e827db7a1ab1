import { execFile } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authSource, PLUGINS, pluginSources, useSource } from './many-plugins.ts'
import { MISTAKES, mistakeSources, REAL_PLUGINS, realAuthSource, realUseSource } from './real-plugins.ts'

/** The emitted declaration of the application's `auth`: it must name types, not write them out. */
const DECLARATION_BYTES = 16 * 1024
/** Type instantiations of TypeScript 5.9 for a program that makes and uses an instance with all plugins. */
const INSTANTIATIONS = 30_000
/** The same for an instance with every plugin of ours, whose procedures are many and have large answers. */
const REAL_INSTANTIATIONS = 38_000
/** Packages whose declarations that program reads, besides those of Node; the first is what passkeys need. */
const READ_PACKAGES = ['@simplewebauthn/server', '@trpc/client', '@trpc/server', 'zod']
/** Characters of what the compiler says about one mistake of an application. */
const LONGEST_COMPLAINT = 600

/** What every instance has without adding it. */
const BUILT_IN = ['email-password', 'email-verification', 'session', 'social', 'system', 'user']

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../', import.meta.url))

describe(`the types of an instance with ${PLUGINS} plugins`, () => {
  let folder = ''
  let diagnostics = ''
  let realDiagnostics = ''
  let readPackages: string[] = []
  let complaints: string[] = []

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
    const real = write('app', {
      'real-auth.ts': realAuthSource('../kernia'),
      'real-use.ts': realUseSource('../kernia'),
    })
    const listing = ['--types', 'node', '--listFiles', '--extendedDiagnostics']
    realDiagnostics = await tsc([...real, '--outDir', join(folder, 'out'), ...listing])
    readPackages = packagesOf(realDiagnostics)
    const mistakes = write('app', mistakeSources('../kernia'))
    const outcome = await tsc([...mistakes, '--noEmit']).catch((error: Error) => error.message)
    complaints = MISTAKES.map((_, index) => complaintsOf(outcome, `app/mistake${index}.ts`))
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

  it('with every plugin there is, take not much more', () => {
    const libraries = ['access', ...BUILT_IN]
    const plugins = readdirSync(join(root, 'routers')).filter(name => !libraries.includes(name))
    expect(plugins.sort()).toEqual([...REAL_PLUGINS].sort())
    const counted = Number(/Instantiations:\s+(\d+)/.exec(realDiagnostics)?.[1])
    expect(counted).toBeGreaterThan(0)
    expect(counted).toBeLessThan(REAL_INSTANTIATIONS)
    expect(statSync(join(folder, 'out/real-auth.d.ts')).size).toBeLessThan(DECLARATION_BYTES)
  })

  it('read the declarations of no package that an application does not install itself', () => {
    expect(readPackages).toEqual(READ_PACKAGES)
  })

  it.each(MISTAKES.map((mistake, index) => ({ ...mistake, index })))(
    'say what is wrong: $source',
    ({ says, index }) => {
      const complaint = complaints[index] ?? ''
      expect(complaint).toMatch(says)
      expect(complaint.length).toBeLessThan(LONGEST_COMPLAINT)
    },
  )

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

/** The packages among the files that the compiler lists, without the compiler's own and those behind Node's types. */
function packagesOf(output: string): string[] {
  const ofNode = ['@types/node', 'buffer', 'typescript', 'undici-types']
  const names = [...output.matchAll(/^.*\/node_modules\/((?:@[^/\n]+\/)?[^/\n]+)\//gm)].map(([, name = '']) => name)
  return [...new Set(names)].filter(name => !ofNode.includes(name)).sort()
}

/** What the compiler says about one file; lines that go on are indented. */
function complaintsOf(output: string, file: string): string {
  const lines = output.split('\n')
  const start = lines.findIndex(line => line.startsWith(file))
  if (start < 0) return ''
  const length = lines.slice(start + 1).findIndex(line => !line.startsWith(' '))
  return lines.slice(start, length < 0 ? undefined : start + 1 + length).join('\n')
}
