import { describe, expect, it } from 'vitest'
import { mikroOrmAdapter } from '../../src/adapters/mikro-orm/index.ts'
import { closeAfterEach, withPostgres } from '../support/every-database.ts'
import { skipWithoutPostgres } from '../support/postgres.ts'
import { schema, userRow } from './conformance.ts'

interface SqlOrm {
  em: { getConnection(): { execute(sql: string): Promise<{ statement: string }[]> } }
}

describe.skipIf(skipWithoutPostgres())('prepared statements (PostgreSQL)', () => {
  const createDatabase = withPostgres()
  const closing = closeAfterEach()

  it('are made of what is only read, and go on when a migration adds a column', async () => {
    const url = await createDatabase()
    const adapter = closing(mikroOrmAdapter({ url, pool: 1, preparedStatements: true })).connect(schema)
    await adapter.createSchema()
    const orm = (await adapter.orm?.()) as SqlOrm
    const where = [{ field: 'email', value: 'ann@example.com' }]
    const find = () => adapter.findOne({ model: 'user', where })
    const user = await adapter.create({ model: 'user', data: userRow('ann') })
    expect(await find()).toEqual(user)
    const known = await orm.em.getConnection().execute('select statement from pg_prepared_statements')
    expect(known.map(({ statement }) => statement)).toEqual([
      expect.stringMatching(/^select .+ from "people" where "people"."email_address" = \$1 limit 1$/),
    ])

    await orm.em.getConnection().execute('alter table "people" add column "shoeSize" int')
    expect(await find()).toEqual(user)
    expect(await adapter.update({ model: 'user', where, update: { name: 'Bo' } })).toEqual({ ...user, name: 'Bo' })
  })
})
