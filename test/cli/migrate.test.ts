import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { app, createApp, withTwoFactor } from './app.ts'

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

  it('refuses to make numbers of ids that are text, and says what to do', async () => {
    const { run, write } = await createApp()
    await run('generate', ...app)
    await run('migrate', ...app)
    await write(`advanced: { database: { generateId: 'serial' } }`)
    for (const command of [['generate'], ['generate', '--sql'], ['migrate'], ['migrate', '--dry-run']]) {
      const { code, stdout, stderr } = await run(...command, ...app)
      expect({ command, code, stdout }).toEqual({ command, code: 1, stdout: '' })
      expect(stderr).toMatch(/the ids of "user" are text in the database.*take 'serial' out again/)
    }
    const { code, stdout } = await run('info', ...app, '--json', '--strict')
    expect(code).toBe(1)
    expect(JSON.parse(stdout).problems).toMatchObject([{ code: 'ID_KIND_CHANGED' }])
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
