import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { temporaryDirectory } from '../adapters/conformance.ts'
import { withMariaDb, withPostgres } from '../support/every-database.ts'
import { skipWithoutMariaDb } from '../support/mariadb.ts'
import { startMongo } from '../support/mongo/index.ts'
import { skipWithoutPostgres } from '../support/postgres.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const main = join(root, 'src/cli/main.ts')
const secret = 'Vf3kq9ZpXw7LrT2mBn8sYc4dHj6gKa1eUo5i'

interface Ended {
  code: number
  stdout: string
  stderr: string
}

interface App {
  folder: string
  url: string
  run(...args: string[]): Promise<Ended>
  runWith(env: Record<string, string>, ...args: string[]): Promise<Ended>
  write(options: string): Promise<void>
  migrations(): string[]
}

/** An application whose auth module imports the sources; `options` is what `init` is given beside the database. */
async function createApp({ url, options = '' }: { url?: string; options?: string } = {}): Promise<App> {
  const folder = await temporaryDirectory()
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  const address = url ?? 'sqlite:app.db'
  const write = (given: string) =>
    writeFile(
      join(folder, 'auth.ts'),
      `import { definePlugin, emailAndPassword, init, memoryAdapter, mikroOrmAdapter } from '${root}src/index.ts'
const twoFactor = definePlugin({ id: 'two-factor', schema: {
  user: { fields: { twoFactorEnabled: { type: 'boolean', defaultValue: false } } },
  twoFactor: { fields: { secret: { type: 'string' }, userId: { type: 'string', references: { model: 'user', field: 'id' } } } },
} })
const loyalty = definePlugin({ id: 'loyalty', schema: { user: { fields: { tier: { type: 'string' } } } } })
const [database, plugins] = [mikroOrmAdapter({ url: '${address}' }), [emailAndPassword()]]
process.stderr.write(process.env.COUNT_IMPORTS ? 'imported\\n' : '')
export const auth = init({ secret: '${secret}', database, plugins, ${given} })
export default auth
`,
    )
  await write(options)
  const runWith = (env: Record<string, string>, ...args: string[]) =>
    new Promise<Ended>(resolve => {
      const { NODE_ENV: _, ...surroundings } = process.env
      execFile(
        process.execPath,
        [main, ...args],
        { cwd: folder, env: { ...surroundings, ...env } },
        (error, stdout, stderr) => resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
      )
    })
  const migrations = () => (existsSync(join(folder, 'migrations')) ? readdirSync(join(folder, 'migrations')) : [])
  return { folder, url: address, run: (...args) => runWith({}, ...args), runWith, write, migrations }
}

const app = ['--app', 'auth.ts']
const withTwoFactor =
  'plugins: [...plugins, twoFactor], user: { additionalFields: { locale: { type: "string", required: false } } }'

describe('kernia', { timeout: 30_000 }, () => {
  it('explains itself, every command with examples', async () => {
    const { run } = await createApp()
    const help = await run('--help')
    expect(help).toMatchObject({ code: 0, stderr: '' })
    for (const command of ['init', 'generate', 'migrate', 'info', 'secret', 'openapi']) {
      expect(help.stdout).toContain(`${command} `)
    }
    for (const command of ['init', 'generate', 'migrate', 'info']) {
      expect(await run(command, '--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('Examples:') })
    }
  })

  it.each([
    { args: ['bogus'], code: 2, says: /unknown command/ },
    { args: ['info'], code: 2, says: /--app/ },
    { args: ['init', '--adapter', 'oracle'], code: 2, says: /sqlite, postgres, mysql, mongo, memory/ },
    { args: ['generate', '--app', 'auth.ts', '--nonsense'], code: 2, says: /unknown option/ },
    { args: ['info', '--app', 'missing.ts'], code: 1, says: /there is no file .*missing\.ts/ },
    { args: ['info', '--app', 'auth.ts:nothing'], code: 1, says: /exports no auth instance named "nothing"/ },
    {
      args: ['migrate', '--app', 'auth.ts'],
      code: 1,
      says: /no migrations in migrations; run: kernia generate --app auth\.ts/,
    },
  ])('ends $args with $code', async ({ args, code, says }) => {
    const { run } = await createApp()
    const ended = await run(...args)
    expect(ended).toMatchObject({ code, stdout: '' })
    expect(ended.stderr).toMatch(says)
    expect(ended.stderr).not.toMatch(/\n\s+at /)
  })

  it('tells why a module cannot be imported', async () => {
    const { run, folder } = await createApp()
    await writeFile(join(folder, 'broken.ts'), `import 'not-installed'`)
    const ended = await run('info', '--app', 'broken.ts')
    expect(ended).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('broken.ts cannot be imported: Cannot find'),
    })
  })

  it('makes secrets of 256 bits', async () => {
    const { run } = await createApp()
    const [raw, named] = [await run('secret', '--raw'), await run('secret')]
    expect(Buffer.from(raw.stdout.trim(), 'base64url')).toHaveLength(32)
    expect(named.stdout).toMatch(/^KERNIA_SECRET=[\w-]{43}\n$/)
  })

  it('imports the application once, whatever the command', async () => {
    const { runWith } = await createApp()
    for (const args of [['info'], ['generate'], ['migrate'], ['openapi']]) {
      const { code, stderr } = await runWith({ COUNT_IMPORTS: '1' }, ...args, ...app)
      expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: 'imported\n' })
    }
  })
})

describe('kernia info', { timeout: 30_000 }, () => {
  it('tells what an instance resolves to, as JSON', async () => {
    const { run } = await createApp({ options: `${withTwoFactor}, baseURL: 'https://example.com/auth'` })
    const { code, stdout } = await run('info', ...app, '--json')
    expect(code).toBe(0)
    const info = JSON.parse(stdout)
    expect(info).toMatchObject({
      versions: { kernia: expect.any(String), node: process.versions.node, '@mikro-orm/core': expect.any(String) },
      baseURL: 'https://example.com/auth',
      basePath: '/auth',
      adapter: { id: 'sqlite', database: 'app.db' },
      plugins: expect.arrayContaining(['email-password', 'two-factor']),
    })
    expect(info.schema.map(({ contributor }: { contributor: string }) => contributor)).toEqual([
      'core',
      'plugin "two-factor"',
      'options.user.additionalFields',
    ])
    expect(info.schema[1].tables).toEqual([
      { model: 'user', table: 'user', fields: { twoFactorEnabled: 'twoFactorEnabled' } },
      { model: 'twoFactor', table: 'twoFactor', fields: { secret: 'secret', userId: 'userId' } },
    ])
    expect(info.routes).toContainEqual({
      method: 'POST',
      path: '/sign-up/email',
      operationId: 'signUpEmail',
      access: 'public',
    })
    expect(info.problems.map(({ code }: { code: string }) => code)).toEqual(['SCHEMA_OUT_OF_DATE'])
  })

  it('creates no database file by looking', async () => {
    const { run, folder } = await createApp()
    await run('info', ...app)
    await run('generate', ...app, '--sql')
    expect(existsSync(join(folder, 'app.db'))).toBe(false)
  })

  it('finds no problem in a good configuration, and --strict ends with 0', async () => {
    const { run } = await createApp()
    await run('generate', ...app)
    await run('migrate', ...app)
    const { code, stdout } = await run('info', ...app, '--strict')
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('Problems   none') })
  })

  it.each([
    { given: `secret: 'short'`, found: 'WEAK_SECRET' },
    { given: `secret: 'a'.repeat(64)`, found: 'WEAK_SECRET' },
    { given: `secret: 'please-change-me-before-you-deploy-this'`, found: 'WEAK_SECRET' },
    { given: `secret: undefined`, found: 'NO_SECRET' },
    { given: `baseURL: 'http://example.com'`, found: 'NO_HTTPS' },
  ])('finds $found in $given, and --strict ends with 1', async ({ given, found }) => {
    const { run } = await createApp({ options: given })
    const { code, stdout } = await run('info', ...app, '--json', '--strict')
    expect(code).toBe(1)
    expect(JSON.parse(stdout).problems.map(({ code }: { code: string }) => code)).toContain(found)
  })

  it('finds http in production', async () => {
    const { runWith } = await createApp({ options: `baseURL: 'http://localhost:3000'` })
    const { stdout } = await runWith({ NODE_ENV: 'production' }, 'info', ...app, '--json')
    expect(JSON.parse(stdout)).toMatchObject({ production: true, problems: [{ code: 'NO_HTTPS' }, {}] })
  })

  it.each(['info', 'generate', 'migrate'])('%s prints no secret and no password of a URL', async command => {
    const { run } = await createApp({ url: 'postgresql://someone:hunter22@127.0.0.1:1/app?password=hunter22' })
    for (const args of [[], ['--json']]) {
      const { stdout, stderr } = await run(command, ...app, ...args)
      expect(stdout + stderr).not.toMatch(/hunter22|Vf3kq9/)
    }
  })
})

describe('kernia generate and migrate', { timeout: 60_000 }, () => {
  it('writes a migration that says who contributed what', async () => {
    const { run, write, migrations, folder } = await createApp()
    await run('generate', ...app, '--output', 'migrations/0001_first.ts')
    await run('migrate', ...app)
    await write(withTwoFactor)
    const { stdout } = await run('generate', ...app, '--output', 'migrations/0002_second.ts')
    expect(stdout).toContain('wrote migrations/0002_second.ts')
    const text = readFileSync(join(folder, 'migrations/0002_second.ts'), 'utf8')
    expect(text).toMatch(/^import \{ Migration \} from '@mikro-orm\/migrations'/)
    expect(text).toContain(' * plugin "two-factor": creates twoFactor; adds user.twoFactorEnabled\n')
    expect(text).toContain(' * options.user.additionalFields: adds user.locale\n')
    expect(text).toMatch(/override async up\(\)[\s\S]*override async down\(\)/)
    expect(migrations()).toEqual(['.snapshot-kernia.json', '0001_first.ts', '0002_second.ts'])
    expect((await run('generate', ...app, '--output', 'migrations/0002_second.ts')).code).toBe(0)
    expect((await run('migrate', ...app)).stdout).toMatch(
      /applying 0002_second\napplied 0002_second \(\d+ ms\)\n1 migration applied/,
    )
    expect(await run('migrate', ...app)).toMatchObject({ code: 0, stdout: 'nothing to do\n' })
    expect(await run('generate', ...app)).toMatchObject({ code: 0, stdout: 'nothing to do\n' })
    expect(JSON.parse((await run('generate', ...app, '--json')).stdout)).toEqual({ status: 'nothing to do' })
  })

  it('compares with the snapshot while migrations are pending, so that nothing is generated twice', async () => {
    const { run, write, folder } = await createApp()
    await run('generate', ...app, '--output', 'migrations/1.ts')
    expect((await run('generate', ...app)).stdout).toBe('nothing to do\n')
    await write(withTwoFactor)
    await run('generate', ...app, '--output', 'migrations/2.ts')
    const text = readFileSync(join(folder, 'migrations/2.ts'), 'utf8')
    expect(text).toContain('by comparison with the snapshot')
    expect(text).not.toContain('create table `session`')
    expect((await run('migrate', ...app, '--dry-run')).stdout).toBe('would apply 1\nwould apply 2\n')
    expect((await run('migrate', ...app)).stdout).toContain('2 migrations applied')
    expect((await run('info', ...app, '--strict')).code).toBe(0)
  })

  it('works without a reachable database, and says so', async () => {
    const { run } = await createApp({ url: 'postgresql://someone@127.0.0.1:1/app' })
    const first = await run('generate', ...app)
    expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining('wrote migrations/') })
    expect(first.stderr).toMatch(/cannot be reached .*compared with an empty database/)
    expect((await run('generate', ...app)).stdout).toBe('nothing to do\n')
    expect((await run('migrate', ...app)).code).toBe(1)
  })

  it('prints SQL with --sql and writes nothing', async () => {
    const { run, migrations } = await createApp()
    const { stdout } = await run('generate', ...app, '--sql')
    expect(stdout).toMatch(/^-- core: creates user[\s\S]*create table `user` .*;\n/)
    expect(migrations()).toEqual([])
  })

  it('refuses a required column that rows would have no value for', async () => {
    const { run, write, folder, migrations } = await createApp()
    await run('generate', ...app)
    await run('migrate', ...app)
    const database = new DatabaseSync(join(folder, 'app.db'))
    database.exec(`insert into user (id, name, email, createdAt, updatedAt) values ('1', 'n', 'e', 0, 0)`)
    database.close()
    const before = migrations()
    await write('plugins: [...plugins, loyalty]')
    const { code, stderr } = await run('generate', ...app)
    expect(code).toBe(1)
    expect(stderr).toMatch(/user\.tier: 1 row[\s\S]*`defaultValue`/)
    expect(migrations()).toEqual(before)
  })

  it('takes back the last migration with --down', async () => {
    const { run } = await createApp()
    await run('generate', ...app, '--output', 'migrations/1.ts')
    await run('migrate', ...app)
    expect((await run('migrate', ...app, '--down')).stdout).toMatch(/took back 1 \(/)
    expect((await run('migrate', ...app, '--down')).stdout).toBe('nothing to do\n')
    expect(JSON.parse((await run('migrate', ...app, '--json')).stdout)).toEqual({ applied: ['1'] })
  })

  it('has nothing to generate in memory', async () => {
    const { run } = await createApp({ options: 'database: memoryAdapter()' })
    expect(await run('generate', ...app)).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing to do') })
    expect(await run('migrate', ...app)).toMatchObject({ code: 0 })
  })

  it('loads variables from .env', async () => {
    const { run, folder } = await createApp({ options: 'secret: process.env.KERNIA_SECRET' })
    await writeFile(join(folder, '.env'), 'KERNIA_SECRET=short\n')
    const { stdout } = await run('info', ...app, '--json')
    expect(JSON.parse(stdout).problems[0].code).toBe('WEAK_SECRET')
  })
})

describe('kernia on MongoDB', { timeout: 30_000 }, () => {
  it('creates collections and indexes with migrate, and has nothing to generate', async () => {
    const mongo = await startMongo()
    onTestFinished(mongo.stop)
    const url = mongo.createDatabase()
    const { run } = await createApp({ url })
    expect(await run('generate', ...app)).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing to do') })
    expect(await run('migrate', ...app, '--dry-run')).toMatchObject({
      code: 0,
      stdout: 'mongodb: would create what is missing\n',
    })
    const { code, stdout, stderr } = await run('migrate', ...app)
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'mongodb: created what was missing\n', stderr: '' })
    const info = JSON.parse((await run('info', ...app, '--json')).stdout)
    expect(info).toMatchObject({ adapter: { id: 'mongodb' }, problems: [] })
  })
})

/** Four at once apply two migrations: each is applied by exactly one of them, and none fails. */
function concurrency(createUrl: () => Promise<string | undefined>): void {
  it('lets migrators run at the same time', { timeout: 60_000 }, async () => {
    const { run, write } = await createApp({ url: await createUrl() })
    await run('generate', ...app, '--output', 'migrations/1.ts')
    await write(withTwoFactor)
    await run('generate', ...app, '--output', 'migrations/2.ts')
    const runs = await Promise.all([1, 2, 3, 4].map(() => run('migrate', ...app, '--json')))
    expect(runs.map(({ code, stderr }) => ({ code, stderr }))).toEqual(runs.map(() => ({ code: 0, stderr: '' })))
    expect(runs.flatMap(({ stdout }) => JSON.parse(stdout).applied).sort()).toEqual(['1', '2'])
    expect((await run('info', ...app, '--json')).stdout).toContain('"problems": []')
  })
}

describe('several migrators (SQLite file)', () => concurrency(async () => undefined))
describe.skipIf(skipWithoutPostgres())('several migrators (PostgreSQL)', () => concurrency(withPostgres()))
describe.skipIf(skipWithoutMariaDb())('several migrators (MariaDB)', () => concurrency(withMariaDb()))
