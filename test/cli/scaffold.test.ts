import { execFile } from 'node:child_process'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createAuthClient } from 'better-auth/client'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createCookieFetch } from '../../clients/cookie-fetch.ts'
import { freePort } from '../package/consumer-project.ts'
import { withMariaDb, withMongo, withPostgres } from '../support/every-database.ts'
import { skipWithoutMariaDb } from '../support/mariadb.ts'
import { skipWithoutPostgres } from '../support/postgres.ts'
import { ann } from '../support/test-auth.ts'
import { type InstalledPackage, installPackage, type Project } from './installed-package.ts'

let installed: InstalledPackage

beforeAll(async () => {
  installed = await installPackage()
}, 120_000)

afterAll(() => installed?.remove())

const app = ['--app', 'src/auth.ts']

async function createProject(...options: string[]): Promise<Project> {
  const project = await installed.createProject()
  if (options.length > 0) expect(await project.kernia(['init', ...options])).toMatchObject({ code: 0, stderr: '' })
  onTestFinished(() => project.stopServers())
  return project
}

/** The official client, with the cookies and the origin of a browser. */
function browserAt(url: string) {
  const keepCookies = createCookieFetch({ url })
  const customFetchImpl: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers)
    headers.set('origin', url)
    return keepCookies(input, { ...init, headers })
  }
  return createAuthClient({ baseURL: url, fetchOptions: { customFetchImpl } })
}

/** What TypeScript 5.9 has against the files; nothing when it compiles. */
async function typeErrors(folder: string, files: string[]): Promise<string> {
  const compilerOptions = {
    target: 'es2023',
    module: 'nodenext',
    strict: true,
    noUncheckedIndexedAccess: true,
    allowImportingTsExtensions: true,
    erasableSyntaxOnly: true,
    noEmit: true,
    skipLibCheck: true,
    types: ['node'],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))
  const tsc = join(folder, 'node_modules/typescript/bin/tsc')
  return new Promise(resolve =>
    execFile(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], (_error, stdout) => resolve(stdout)),
  )
}

/** Puts the address of a database into `.env`, as the command says. */
function setDatabase({ folder }: Project, url: string): void {
  const file = join(folder, '.env')
  const text = readFileSync(file, 'utf8')
  expect(text).toMatch(/^DATABASE_URL=.+$/m)
  writeFileSync(file, text.replace(/^DATABASE_URL=.+$/m, `DATABASE_URL=${url}`))
}

/** The official client signs up, out and in, and each time has the session that it should have. */
async function useAsBrowser(url: string): Promise<void> {
  const browser = browserAt(url)
  const emailOf = async () => (await browser.getSession()).data?.user.email
  expect(await emailOf()).toBeUndefined()
  expect((await browser.signUp.email(ann)).error).toBeNull()
  expect(await emailOf()).toBe(ann.email)
  expect((await browser.signOut()).error).toBeNull()
  expect(await emailOf()).toBeUndefined()
  expect((await browser.signIn.email({ ...ann, password: 'wrong password' })).error).toMatchObject({ status: 401 })
  expect((await browser.signIn.email(ann)).error).toBeNull()
  expect(await emailOf()).toBe(ann.email)
}

/** What the framework's own part of the scaffold answers. */
async function checkFramework(url: string, framework: string): Promise<void> {
  if (framework === 'express') expect((await fetch(`${url}/me`)).status).toBe(401)
  if (framework !== 'trpc') return
  expect(await (await fetch(`${url}/trpc/hello`)).json()).toEqual({ result: { data: 'hello' } })
}

interface Scaffold {
  adapter: string
  frameworks: string[]
  /** Creates an empty database, for adapters that need the address of one. */
  createUrl?: () => string | Promise<string>
}

/** From an empty folder to a signed-in user, by the steps that `kernia init` names. */
function runs({ adapter, frameworks, createUrl }: Scaffold): void {
  it.each(frameworks)('%s', async framework => {
    const project = await createProject('--adapter', adapter, '--framework', framework)
    if (createUrl) setDatabase(project, await createUrl())
    if (!['memory', 'mongo'].includes(adapter)) {
      const generated = await project.kernia(['generate', ...app])
      expect(generated).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('core: creates user') })
    }
    if (adapter !== 'memory') {
      const done = adapter === 'mongo' ? 'created what was missing' : '1 migration applied'
      const migrated = await project.kernia(['migrate', ...app])
      expect(migrated).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining(done) })
    }
    const url = await project.startServer(await freePort())
    await useAsBrowser(url)
    await checkFramework(url, framework)
  })
}

const slow = { timeout: 60_000 }

describe('the scaffold for SQLite runs', slow, () =>
  runs({ adapter: 'sqlite', frameworks: ['express', 'trpc', 'none'] }),
)

describe('the scaffold for memory runs', slow, () => runs({ adapter: 'memory', frameworks: ['none'] }))

describe.skipIf(skipWithoutPostgres())('the scaffold for PostgreSQL runs', { timeout: 240_000 }, () => {
  const createUrl = withPostgres()
  runs({ adapter: 'postgres', frameworks: ['trpc'], createUrl })

  it('express, with the packed package and the packages of its own package.json, by npm alone', async () => {
    const project = await installed.createBareProject()
    onTestFinished(() => project.stopServers())
    await project.kernia(['init', '--adapter', 'postgres', '--framework', 'express'])
    setDatabase(project, await createUrl())
    const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']
    expect(await project.npm('install', ...quiet, await installed.pack())).toMatchObject({ code: 0, stderr: '' })
    const generated = await project.npm('run', 'generate')
    expect(generated).toMatchObject({ code: 0, stdout: expect.stringContaining('core: creates user') })
    const migrated = await project.npm('run', 'migrate')
    expect(migrated).toMatchObject({ code: 0, stdout: expect.stringContaining('1 migration applied') })
    const url = await project.startServer(await freePort())
    await useAsBrowser(url)
    await checkFramework(url, 'express')
  })
})

describe.skipIf(skipWithoutMariaDb())('the scaffold for MySQL runs (on MariaDB, or on TEST_MYSQL_URL)', slow, () => {
  runs({ adapter: 'mysql', frameworks: ['express'], createUrl: withMariaDb() })
})

describe('the scaffold for MongoDB runs', slow, () => {
  runs({ adapter: 'mongo', frameworks: ['none'], createUrl: withMongo() })
})

describe('the scaffold before its tables are there', slow, () => {
  it('says which command to run when the tables are not there', async () => {
    const project = await createProject('--adapter', 'sqlite')
    const url = await project.startServer(await freePort())
    const { error } = await browserAt(url).signUp.email(ann)
    expect(error?.status).toBeGreaterThanOrEqual(500)
    expect(JSON.stringify(error)).not.toMatch(/table|migrate/)
    expect(project.printed()).toMatch(/SchemaOutOfDate: .*no such table: user.*`kernia generate` and `kernia migrate`/)
  })
})

describe('kernia init: the files', { timeout: 60_000 }, () => {
  it('compile under strict rules', async () => {
    const project = await createProject()
    const files = []
    for (const framework of ['express', 'trpc', 'none']) {
      for (const adapter of ['sqlite', 'memory']) {
        const dir = `${framework}-${adapter}`
        await project.kernia(['init', '--adapter', adapter, '--framework', framework, '--dir', dir])
        files.push(`${dir}/src/server.ts`)
      }
    }
    await project.kernia(['generate', '--app', 'trpc-sqlite/src/auth.ts', '--output', 'first.ts'])
    expect(await typeErrors(project.folder, [...files, 'first.ts'])).toBe('')
  })

  it.each(['postgres', 'mysql', 'mongo'])('names the driver and an address for %s', async adapter => {
    const project = await createProject('--adapter', adapter, '--framework', 'none')
    const manifest = JSON.parse(readFileSync(join(project.folder, 'package.json'), 'utf8'))
    const driver = { postgres: 'postgresql', mysql: 'mysql', mongo: 'mongodb' }[adapter]
    expect(manifest.dependencies).toHaveProperty(`@mikro-orm/${driver}`)
    expect(readFileSync(join(project.folder, '.env'), 'utf8')).toMatch(new RegExp(`DATABASE_URL=${driver}://`))
  })

  it('writes a new secret into .env, for its owner only, and none into .env.example', async () => {
    const [one, two] = [await createProject('--adapter', 'memory'), await createProject('--adapter', 'memory')]
    const secretOf = ({ folder }: Project, file: string) =>
      /^KERNIA_SECRET=(.*)$/m.exec(readFileSync(join(folder, file), 'utf8'))?.[1]
    expect(Buffer.from(secretOf(one, '.env') ?? '', 'base64url')).toHaveLength(32)
    expect(secretOf(one, '.env')).not.toBe(secretOf(two, '.env'))
    expect(secretOf(one, '.env.example')).toBe('')
    expect(statSync(join(one.folder, '.env')).mode & 0o077).toBe(0)
    expect(readFileSync(join(one.folder, '.gitignore'), 'utf8')).toMatch(/^\.env$/m)
  })

  it('writes over nothing without --force, and never over what is the application’s', async () => {
    const project = await createProject()
    await mkdir(join(project.folder, 'src'))
    const mine = { 'src/auth.ts': '// mine', 'package.json': '{ "name": "mine", "type": "module" }', '.env': 'A=1' }
    for (const [name, text] of Object.entries(mine)) writeFileSync(join(project.folder, name), text)
    const read = (name: string) => readFileSync(join(project.folder, name), 'utf8')

    const refused = await project.kernia(['init'])
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toMatch(/src\/auth\.ts exists already; use --force/)
    expect(existsSync(join(project.folder, 'src/server.ts'))).toBe(false)
    expect(read('src/auth.ts')).toBe('// mine')

    expect((await project.kernia(['init', '--force'])).code).toBe(0)
    expect(read('src/auth.ts')).toContain('export const auth')
    expect([read('package.json'), read('.env')]).toEqual([mine['package.json'], mine['.env']])
  })

  it('prints with --print, and writes nothing', async () => {
    const project = await createProject()
    const { code, stdout } = await project.kernia(['init', '--print', '--adapter', 'postgres', '--dir', 'elsewhere'])
    expect(code).toBe(0)
    for (const part of ['# src/auth.ts', 'mikroOrmAdapter', '# src/server.ts', 'mountKernia', 'KERNIA_SECRET=\n']) {
      expect(stdout).toContain(part)
    }
    expect(existsSync(join(project.folder, 'elsewhere'))).toBe(false)
    expect(existsSync(join(project.folder, 'src'))).toBe(false)
  })

  it('writes into --dir', async () => {
    const project = await createProject('--dir', 'My App', '--adapter', 'memory')
    const manifest = JSON.parse(readFileSync(join(project.folder, 'My App/package.json'), 'utf8'))
    expect(manifest).toMatchObject({ name: 'my-app', type: 'module' })
  })
})
