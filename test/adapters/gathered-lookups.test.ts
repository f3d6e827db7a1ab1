// That each look-up gets its own row is among the conformance cases; here is by how many statements, and around
// transactions that the application opens itself.

import { RequestContext } from '@mikro-orm/core'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Orm } from '../../src/adapters/mikro-orm/driver.ts'
import { mikroOrmAdapter } from '../../src/adapters/mikro-orm/index.ts'
import type { Adapter } from '../../src/index.ts'
import { closeAfterEach, withPostgres } from '../support/every-database.ts'
import { skipWithoutPostgres } from '../support/postgres.ts'
import { schema, sessionRow, userRow } from './conformance.ts'

const ormOf = async (adapter: Adapter) => (await adapter.orm?.()) as Orm

/** How often the only connection has executed each of the statements that read sessions. */
async function executed(adapter: Adapter): Promise<number[]> {
  const orm = await ormOf(adapter)
  const asked = 'select statement, generic_plans + custom_plans as times from pg_prepared_statements'
  const all: { statement: string; times: string }[] = await orm.em.getConnection().execute(asked)
  const ofSessions = all.filter(({ statement }) => statement.includes('from "session"'))
  return ofSessions.map(({ times }) => Number(times)).toSorted((a, b) => a - b)
}

const nextTurn = () => new Promise(setImmediate)

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
    // One is asked for before it is known that more come along.
    expect(await Promise.all(ids.map(find))).toEqual(ids)
    expect(await executed(adapter)).toEqual([1, 1])
    expect(await Promise.all(ids.map(find))).toEqual(ids)
    expect(await executed(adapter)).toEqual([1, 1, 1])
    for (const id of ids) expect(await find(id)).toBe(id)
    expect(await executed(adapter)).toEqual([1, 1, 6])
  })

  it('are a statement for each 64, of a few lengths', async () => {
    const { adapter, ids, find } = await withSessions(130)
    await Promise.all(ids.slice(0, 3).map(find))
    expect(await executed(adapter)).toEqual([1, 1])
    expect(await Promise.all(ids.map(find))).toEqual(ids)
    // Twice 64, and the last two.
    expect(await executed(adapter)).toEqual([1, 2, 2])
    for (const amount of [3, 4, 33, 50]) await Promise.all(ids.slice(0, amount).map(find))
    expect(await executed(adapter)).toEqual([1, 2, 2, 4])
  })

  it('of one session are one statement', async () => {
    const { adapter, find } = await withSessions(1)
    for (let turn = 1; turn <= 3; turn++) {
      expect(await Promise.all(Array.from({ length: 16 }, () => find('0')))).toEqual(Array(16).fill('0'))
      expect(await executed(adapter)).toEqual([turn + 1])
    }
  })

  it('are a statement each where what they are told apart by is not selected', async () => {
    const { adapter, ids } = await withSessions(4)
    const find = async (id: string) => {
      const where = [{ field: 'token', value: `token ${id}` }]
      return (await adapter.findOne({ model: 'session', where, select: ['id'] }))?.id
    }
    for (let turn = 0; turn < 2; turn++) expect(await Promise.all(ids.map(find))).toEqual(ids)
    expect(await executed(adapter)).toEqual([8])
  })

  it('are a statement each within a transaction', async () => {
    const { adapter, ids, find } = await withSessions(4)
    await Promise.all(ids.map(find))
    expect(await executed(adapter)).toEqual([1, 1])
    await adapter.transaction(async () => {
      expect(await Promise.all(ids.map(find))).toEqual(ids)
    })
    expect(await executed(adapter)).toEqual([1, 5])
  })
})

describe('look-ups of the same moment (SQLite)', () => {
  const closing = closeAfterEach()
  const found = (row: { id?: unknown } | null) => row?.id

  async function withAnn(prepare: (orm: Orm) => Promise<void> = async () => undefined) {
    const adapter = closing(mikroOrmAdapter({ url: 'sqlite::memory:' })).connect(schema)
    await adapter.createSchema()
    const orm = await ormOf(adapter)
    await prepare(orm)
    await adapter.create({ model: 'user', data: userRow('ann') })
    const find = async (value: string, field = 'id') =>
      found(await adapter.findOne({ model: 'user', where: [{ field, value }] }))
    const crowd = (field?: string) => Promise.all(['a', 'b', 'c', 'd'].map(value => find(value, field)))
    return { adapter, orm, find, crowd }
  }

  it('are answered where an application’s tests have stopped the clock', async () => {
    const { find, crowd } = await withAnn()
    await crowd()
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    expect(await Promise.all([find('ann'), find('bo'), find('ann')])).toEqual(['ann', undefined, 'ann'])
  })

  it('are answered in a transaction that began after them, whoever began it', async () => {
    const { adapter, orm, find, crowd } = await withAnn()
    await crowd()
    const early = find('ann')
    expect(await adapter.transaction(() => early)).toBe('ann')
    await crowd()
    const earlier = find('ann')
    expect(await orm.em.fork().transactional(() => earlier)).toBe('ann')
  })

  it('see nothing of a transaction that begins in their request meanwhile', async () => {
    const { orm, find, crowd } = await withAnn()
    await crowd()
    let gathered: Promise<unknown[]> = Promise.resolve([])
    // At the last moment before the transaction has the connection.
    const beforeTransactionStart = async () => {
      gathered = Promise.all([find('ann'), find('ghost')])
    }
    orm.em.getEventManager().registerSubscriber({ beforeTransactionStart })
    await RequestContext.create(orm.em, async () => {
      const em = RequestContext.getEntityManager() as Orm['em']
      await em.begin()
      const people = `insert into people (id, name, email_address, emailVerified, createdAt, updatedAt)
        values ('ghost', 'Ghost', 'ghost@example.com', 0, 0, 0)`
      await em.getConnection().execute(people, [], 'run', em.getTransactionContext())
      await nextTurn()
      await em.rollback()
    })
    expect(await gathered).toEqual(['ann', undefined])
  })

  it('are equal to what the column says they are equal to', async () => {
    const { find, crowd } = await withAnn(async orm => {
      const connection = orm.em.getConnection()
      const [table] = await connection.execute<{ sql: string }[]>("select sql from sqlite_master where name = 'people'")
      const insensitive = table?.sql.replace('`email_address` text', '`email_address` text collate nocase') ?? ''
      expect(insensitive).not.toBe(table?.sql)
      await connection.execute('drop table people')
      await connection.execute(insensitive)
    })
    await crowd('email')
    const asked = ['ann@example.com', 'ANN@example.com', 'nobody@example.com', 'Ann@Example.Com']
    expect(await Promise.all(asked.map(email => find(email, 'email')))).toEqual(['ann', 'ann', undefined, 'ann'])
  })
})
