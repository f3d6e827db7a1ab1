import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { VERSION } from '../../src/version.ts'
import { runCli } from './run-cli.ts'

const index = JSON.stringify(new URL('../../src/index.ts', import.meta.url).href)

describe('kernia', () => {
  it('explains itself', async () => {
    for (const args of [['--help'], ['-h']]) {
      const { code, stdout, stderr } = await runCli(args)
      expect([code, stderr]).toEqual([0, ''])
      expect(stdout).toContain('Usage: kernia')
      for (const command of ['openapi', 'secret']) expect(stdout).toContain(command)
    }
    expect((await runCli(['openapi', '--help'])).stdout).toContain('--app')
  })

  it.each([['--help'], ['--version'], ['secret'], ['init', '--print'], ['migrate', '--help'], ['info']])(
    'loads no database package for %j %j, which would take longer than all the rest',
    async (...args) => {
      const hook = `import { registerHooks } from 'node:module'
        registerHooks({ resolve: (name, context, next) => (console.error('LOADS ' + name), next(name, context)) })`
      const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hook)}` }
      const loaded = (await runCli(args, { env })).stderr.split('\n').filter(line => line.startsWith('LOADS '))
      expect(loaded).toContain('LOADS commander')
      expect(loaded.filter(line => /mikro-orm|kysely|trpc|zod/.test(line))).toEqual([])
    },
  )

  it('tells its version', async () => {
    expect(await runCli(['--version'])).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: '' })
  })

  it.each([
    [['nonsense'], 'nonsense'],
    [['secret', '--nonsense'], '--nonsense'],
    [['openapi'], '--app'],
    [['openapi', '--app'], 'argument'],
  ])('refuses %j: usage on standard error, code 2', async (args, mentioned) => {
    const { code, stdout, stderr } = await runCli(args)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(mentioned)
    expect(stderr).not.toMatch(/\bat .*:\d+:\d+/)
  })
})

describe('kernia secret', () => {
  it('prints a line for the environment, another one every time', async () => {
    const [one, two] = await Promise.all([runCli(['secret']), runCli(['secret'])])
    for (const { code, stdout, stderr } of [one, two]) {
      expect([code, stderr]).toEqual([0, ''])
      expect(stdout).toMatch(/^KERNIA_SECRET=[\w-]{43}\n$/)
    }
    expect(one.stdout).not.toBe(two.stdout)
  })

  it('prints 256 bits alone', async () => {
    const { code, stdout } = await runCli(['secret', '--raw'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^[\w-]{43}\n$/)
    expect(Buffer.from(stdout.trim(), 'base64url')).toHaveLength(32)
  })
})

describe('kernia openapi', () => {
  let directory = ''
  const app = (name: string) => join(directory, name)
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kernia-cli-'))
    const init = `const { init, mikroOrmAdapter } = await import(${index})\n`
    const options = `{ baseURL: 'https://app.example.com', secret: 'a-secret-of-enough-characters-012345', appName: 'Acme' }`
    const files = {
      'auth.ts': `${init}export const auth: unknown = init(${options})`,
      'default.mjs': `${init}const auth = init(${options})\nexport { auth as default }`,
      'named.mjs': `${init}export const mine = init(${options})`,
      // A port where nothing listens: the document needs no database.
      'unreachable.mjs': `${init}export const auth = init({ ...${options}, database: mikroOrmAdapter({ url: 'postgresql://127.0.0.1:1/none' }) })`,
      'listening.mjs': `${init}const { createServer } = await import('node:http')\ncreateServer().listen(0)\nexport const auth = init(${options})`,
      'no-auth.mjs': 'export const other = 1',
      'throws.mjs': `throw new Error('the settings are missing')`,
      'syntax.mjs': 'export const = 1',
      'missing-import.mjs': `import 'a-package-that-is-not-there'`,
    }
    for (const [name, content] of Object.entries(files)) await writeFile(app(name), content)
  })
  afterAll(() => rm(directory, { recursive: true, force: true }))

  it.each(['auth.ts', 'default.mjs', 'named.mjs:mine', 'unreachable.mjs', 'listening.mjs'])(
    'prints the document of %s',
    async name => {
      const { code, stdout, stderr } = await runCli(['openapi', '--app', name], { cwd: directory })
      expect([code, stderr]).toEqual([0, ''])
      const document = JSON.parse(stdout)
      expect(document).toMatchObject({
        openapi: expect.stringMatching(/^3\.1/),
        info: { title: expect.stringContaining('Acme') },
      })
      expect(Object.keys(document.paths)).toContain('/sign-in/email')
    },
  )

  it('writes it to a file', async () => {
    const output = app('document.json')
    const { code, stdout } = await runCli(['openapi', '--app', app('auth.ts'), '--output', output])
    expect([code, stdout]).toEqual([0, ''])
    const text = await readFile(output, 'utf8')
    expect(JSON.parse(text).openapi).toMatch(/^3\.1/)
    expect(text.endsWith('}\n')).toBe(true)
  })

  it('leaves nothing behind: no database file is created', async () => {
    await runCli(['openapi', '--app', 'auth.ts'], { cwd: directory })
    expect((await readdir(directory)).filter(name => name.includes('.db'))).toEqual([])
  })

  it.each([
    ['missing.ts', 'there is no file'],
    ['no-auth.mjs', 'exports no auth instance'],
    ['auth.ts:other', 'exports no auth instance named "other"'],
    ['throws.mjs', 'the settings are missing'],
    ['syntax.mjs', 'syntax.mjs'],
    ['missing-import.mjs', 'a-package-that-is-not-there'],
  ])('says what is wrong with %s, in a line and without a stack', async (name, message) => {
    const { code, stdout, stderr } = await runCli(['openapi', '--app', name], { cwd: directory })
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain(message)
    expect(stderr).not.toMatch(/\n\s+at /)
    expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(3)
  })

  it('says what is wrong with a place that cannot be written to', async () => {
    const { code, stderr } = await runCli(['openapi', '--app', app('auth.ts'), '--output', app('none/there.json')])
    expect(code).toBe(1)
    expect(stderr).toContain('ENOENT')
    expect(stderr).not.toMatch(/\n\s+at /)
  })
})
