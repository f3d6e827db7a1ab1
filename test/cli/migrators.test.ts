import { describe, expect, it, onTestFinished } from 'vitest'
import { withMariaDb, withPostgres } from '../support/every-database.ts'
import { skipWithoutMariaDb } from '../support/mariadb.ts'
import { startMongo } from '../support/mongo/index.ts'
import { skipWithoutPostgres } from '../support/postgres.ts'
import { app, createApp, withTwoFactor } from './app.ts'

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
