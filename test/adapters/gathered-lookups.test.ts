// That each look-up gets its own row is among the conformance cases; here is by how many statements.

import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { mikroOrmAdapter } from '../../src/adapters/mikro-orm/index.ts'
import type { Adapter } from '../../src/index.ts'
import { closeAfterEach, withPostgres } from '../support/every-database.ts'
import { skipWithoutPostgres } from '../support/postgres.ts'
import { schema, sessionRow, userRow } from './conformance.ts'

interface Executed {
  statement: string
  times: string
}
interface SqlOrm {
  em: { getConnection(): { execute(sql: string): Promise<Executed[]> } }
}

/** How often the only connection has executed each of the statements that read sessions. */
async function executed(adapter: Adapter): Promise<number[]> {
  const orm = (await adapter.orm?.()) as SqlOrm
  const asked = 'select statement, generic_plans + custom_plans as times from pg_prepared_statements order by statement'
  const all = await orm.em.getConnection().execute(asked)
  return all.filter(({ statement }) => statement.includes('from "session"')).map(({ times }) => Number(times))
}

describe.skipIf(skipWithoutPostgres())('look-ups of the same moment (PostgreSQL)', () => {
  const createDatabase = withPostgres()
  const closing = closeAfterEach()

  async function withSessions(amount: number) {
    const url = await createDatabase()
    const adapter = closing(mikroOrmAdapter({ url, pool: 1, preparedStatements: true })).connect(schema)
    await adapter.createSchema()
    await adapter.create({ model: 'user', data: userRow('ann') })
    const ids = Array.from({ length: amount }, (_, index) => String(index))
    for (const id of ids) await adapter.create({ model: 'session', data: sessionRow(id, 'ann') })
    const find = async (id: string) => {
      const where = [{ field: 'token', value: `token ${id}` }]
      return (await adapter.findOne({ model: 'session', where, join: 'user' }))?.id
    }
    return { adapter, ids, find }
  }

  it('are one statement once several have come at a time, those of different moments one each', async () => {
    const { adapter, ids, find } = await withSessions(5)
    // Two are asked for before it is known that more come along.
    expect(await Promise.all(ids.map(find))).toEqual(ids)
    expect((await executed(adapter)).toSorted()).toEqual([1, 2])
    expect(await Promise.all(ids.map(find))).toEqual(ids)
    expect((await executed(adapter)).toSorted()).toEqual([1, 1, 2])
    for (const id of ids) expect(await find(id)).toBe(id)
    expect((await executed(adapter)).toSorted()).toEqual([1, 1, 7])
  })

  it('are a statement for each 64, of a few lengths', async () => {
    const { adapter, ids, find } = await withSessions(130)
    await Promise.all(ids.slice(0, 2).map(find))
    expect(await Promise.all(ids.map(find))).toEqual(ids)
    // The first two alone; twice 64, and the last two.
    expect((await executed(adapter)).toSorted()).toEqual([1, 2, 2])
    for (const amount of [3, 4, 33, 50]) await Promise.all(ids.slice(0, amount).map(find))
    expect((await executed(adapter)).toSorted()).toEqual([1, 2, 2, 4])
  })

  it('are a statement each within a transaction', async () => {
    const { adapter, ids, find } = await withSessions(3)
    await adapter.transaction(async () => {
      expect(await Promise.all(ids.map(find))).toEqual(ids)
    })
    expect(await executed(adapter)).toEqual([3])
  })
})

describe('look-ups of the same moment (SQLite)', () => {
  const closing = closeAfterEach()

  it('are answered where an application’s tests have stopped the clock', async () => {
    const adapter = closing(mikroOrmAdapter({ url: 'sqlite::memory:' })).connect(schema)
    await adapter.createSchema()
    await adapter.create({ model: 'user', data: userRow('ann') })
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const find = () => adapter.findOne({ model: 'user', where: [{ field: 'id', value: 'ann' }] })
    const ann = userRow('ann')
    expect(await Promise.all([find(), find(), find()])).toEqual([ann, ann, ann])
  })
})
