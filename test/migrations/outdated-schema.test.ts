import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mikroOrmAdapter } from '../../src/adapters/mikro-orm/index.ts'
import { type AnyPlugin, SchemaOutOfDate } from '../../src/index.ts'
import { temporaryDirectory } from '../adapters/conformance.ts'
import { closeAfterEach, withMariaDb, withPostgres } from '../support/every-database.ts'
import { skipWithoutMariaDb } from '../support/mariadb.ts'
import { skipWithoutPostgres } from '../support/postgres.ts'
import { ann, createTestAuth } from '../support/test-auth.ts'
import { visit } from '../support/visitor.ts'

const nickname: AnyPlugin = {
  id: 'nickname',
  schema: { user: { fields: { nickname: { type: 'string', required: false, index: true } } } },
}

function tests(createUrl: () => Promise<string>): void {
  const closing = closeAfterEach()
  const open = (url: string, plugins: readonly AnyPlugin[] = []) =>
    createTestAuth({ database: closing(mikroOrmAdapter({ url })), plugins })

  /** Signs up, is answered 503 without a word about the database, and is told why in the log. */
  async function expectExplained({ auth, log }: ReturnType<typeof open>, missing: RegExp) {
    const { status, body } = await visit(auth).post('/sign-up/email', ann)
    expect({ status, body }).toEqual({
      status: 503,
      body: { code: 'SERVICE_UNAVAILABLE', message: 'The service is unavailable. Please try again later.' },
    })
    expect(log).toHaveLength(1)
    const [error] = log[0]?.details ?? []
    expect(String(error)).toMatch(/^SchemaOutOfDate: /)
    expect(String(error)).toMatch(missing)
    expect(String(error)).toContain('run `kernia generate` and `kernia migrate`')
  }

  it('says which commands to run when a table is missing', async () => {
    await expectExplained(open(await createUrl()), /user/)
  })

  it('says so when a column of a plugin is missing, and within a transaction', async () => {
    const url = await createUrl()
    await open(url).auth.createSchema()
    const later = open(url, [nickname])
    await expectExplained(later, /nickname/)
    const data = { id: 'u', name: 'n', email: 'e', emailVerified: false, createdAt: new Date(), updatedAt: new Date() }
    const { adapter } = later.auth.context
    const creating = adapter.transaction(() => adapter.create({ model: 'user', data: { ...data, nickname: 'x' } }))
    await expect(creating).rejects.toThrow(SchemaOutOfDate)
  })
}

describe('a database that lacks tables or columns (SQLite)', () => {
  tests(async () => `sqlite:${join(await temporaryDirectory(), 'test.db')}`)
})
describe.skipIf(skipWithoutPostgres())('a database that lacks tables or columns (PostgreSQL)', () => {
  tests(withPostgres())
})
describe.skipIf(skipWithoutMariaDb())('a database that lacks tables or columns (MariaDB)', () => {
  tests(withMariaDb())
})
