import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Orm } from '../../src/adapters/mikro-orm/driver.ts'
import { mikroOrmAdapter } from '../../src/adapters/mikro-orm/index.ts'
import { CORE_MODELS, resolveFullSchema } from '../../src/index.ts'
import { compareDatabase } from '../../src/migrations/compare.ts'
import { closeAfterEach, withMariaDb, withMongo, withPostgres } from '../support/every-database.ts'
import { skipWithoutMariaDb } from '../support/mariadb.ts'
import { skipWithoutPostgres } from '../support/postgres.ts'
import { temporaryDirectory } from './conformance.ts'

const program = fileURLToPath(new URL('./schema-process.ts', import.meta.url))
const names = ['ann', 'ben', 'cat', 'dan']

function tests(createUrl: () => Promise<string>): void {
  const closing = closeAfterEach()

  it('lets four processes create it at once', async () => {
    const url = await createUrl()
    expect(await runAll(names.map(name => [url, name]))).toEqual(names.map(() => ({ code: 0, stderr: '' })))
    const schema = resolveFullSchema(CORE_MODELS, [])
    const adapter = closing(mikroOrmAdapter({ url })).connect(schema)
    expect([await adapter.count({ model: 'user' }), await adapter.count({ model: 'session' })]).toEqual([4, 4])
    if (adapter.id === 'mongodb') return
    const { up } = await compareDatabase((await adapter.orm?.()) as Orm, { schema, engine: adapter.id })
    expect(up).toEqual([])
  })
}

/** Starts the program once for each list of arguments, lets all begin at the same time, and waits for them to end. */
async function runAll(all: string[][]): Promise<{ code: number; stderr: string }[]> {
  const children = all.map(args => spawn(process.execPath, [program, ...args]))
  const ended = children.map(end)
  await Promise.race([Promise.all(children.map(({ stdout }) => once(stdout, 'data'))), Promise.all(ended)])
  for (const { stdin } of children) stdin.write('go\n')
  return Promise.all(ended)
}

async function end(child: ChildProcessWithoutNullStreams): Promise<{ code: number; stderr: string }> {
  let stderr = ''
  child.stderr.on('data', chunk => (stderr += chunk))
  const [code] = await once(child, 'close')
  return { code, stderr }
}

const options = { timeout: 60_000 }

describe('creating the schema in several processes (SQLite file)', options, () =>
  tests(async () => `sqlite:${join(await temporaryDirectory(), 'test.db')}`),
)

describe.skipIf(skipWithoutPostgres())('creating the schema in several processes (PostgreSQL)', options, () =>
  tests(withPostgres()),
)

describe.skipIf(skipWithoutMariaDb())('creating the schema in several processes (MariaDB)', options, () =>
  tests(withMariaDb()),
)

describe('creating the schema in several processes (MongoDB)', options, () => {
  const createDatabase = withMongo()
  tests(async () => createDatabase())
})
