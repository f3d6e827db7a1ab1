import { describe, expect, it } from 'vitest'
import { mikroOrmAdapter } from '../../src/adapters/mikro-orm/index.ts'
import { closeAfterEach, withPostgres } from '../support/every-database.ts'
import { skipWithoutPostgres } from '../support/postgres.ts'
import { schema, sessionRow, userRow } from './conformance.ts'

describe.skipIf(skipWithoutPostgres())('a PostgreSQL pool of one connection', () => {
  const createDatabase = withPostgres()
  const closing = closeAfterEach()

  it('completes any number of transactions: their queries use their own connection', async () => {
    const adapter = closing(mikroOrmAdapter({ url: await createDatabase(), pool: 1 })).connect(schema)
    await adapter.createSchema()
    const run = (index: number) =>
      adapter.transaction(async () => {
        await adapter.create({ model: 'user', data: userRow(`u${index}`) })
        await adapter.count({ model: 'user' })
        await adapter.transaction(() =>
          adapter.create({ model: 'session', data: sessionRow(`s${index}`, `u${index}`) }),
        )
      })
    const outside = () => adapter.findMany({ model: 'session', where: [], join: 'user' })
    await Promise.all(Array.from({ length: 20 }, (_, index) => Promise.all([run(index), outside()])))
    expect(await adapter.count({ model: 'session' })).toBe(20)
  })
})
