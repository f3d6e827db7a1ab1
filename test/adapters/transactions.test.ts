import { describe, expect, it } from 'vitest'
import { mikroOrmAdapter } from '../../src/adapters/mikro-orm/index.ts'
import { closeAfterEach, withPostgres } from '../support/every-database.ts'
import { skipWithoutPostgres } from '../support/postgres.ts'
import { describeEveryAdapter, insertItems, schema, sessionRow, userRow } from './conformance.ts'

describeEveryAdapter('transactions', open => {
  const failure = new Error('the work failed')

  it('commits what the work wrote, and returns its result', async () => {
    const adapter = await open()
    const result = await adapter.transaction(async () => {
      await adapter.create({ model: 'user', data: userRow('u1') })
      await adapter.create({ model: 'session', data: sessionRow('s1', 'u1') })
      return 'done'
    })
    expect(result).toBe('done')
    expect(await adapter.count({ model: 'session' })).toBe(1)
  })

  it('undoes every kind of write when the work fails', async () => {
    const adapter = await open()
    await adapter.create({ model: 'user', data: userRow('u1') })
    await adapter.create({ model: 'session', data: sessionRow('s1', 'u1') })
    await insertItems(adapter, [{ rank: 1 }, { rank: 2 }, { rank: 3 }, { rank: 4 }])
    const before = await adapter.findMany({ model: 'item', where: [] })
    const is = (rank: number) => [{ field: 'rank', value: rank }]
    const work = adapter.transaction(async () => {
      await adapter.create({ model: 'item', data: { id: 'new', name: 'new' } })
      await adapter.update({ model: 'item', where: is(1), update: { rank: 11 } })
      await adapter.updateMany({ model: 'item', where: is(2), update: { rank: 12 } })
      await adapter.delete({ model: 'item', where: is(3) })
      await adapter.consumeOne({ model: 'item', where: is(4) })
      await adapter.delete({ model: 'user', where: [{ field: 'id', value: 'u1' }] })
      expect(await adapter.count({ model: 'session' })).toBe(0)
      throw failure
    })
    await expect(work).rejects.toBe(failure)
    expect(await adapter.findMany({ model: 'item', where: [] })).toEqual(before)
    expect(await adapter.findMany({ model: 'session', where: [] })).toEqual([sessionRow('s1', 'u1')])
  })

  it('sees its own writes before the commit', async () => {
    const adapter = await open()
    await adapter.transaction(async () => {
      await adapter.create({ model: 'user', data: userRow('u1') })
      expect(await adapter.findOne({ model: 'user', where: [{ field: 'id', value: 'u1' }] })).toEqual(userRow('u1'))
    })
  })

  it('joins the transaction it is started in', async () => {
    const adapter = await open()
    const work = adapter.transaction(async () => {
      await adapter.transaction(() => adapter.create({ model: 'user', data: userRow('inner') }))
      throw failure
    })
    await expect(work).rejects.toBe(failure)
    expect(await adapter.count({ model: 'user' })).toBe(0)
  })

  it('undoes everything when a joined transaction fails', async () => {
    const adapter = await open()
    const work = adapter.transaction(async () => {
      await adapter.create({ model: 'user', data: userRow('outer') })
      await adapter.transaction(async () => {
        throw failure
      })
    })
    await expect(work).rejects.toBe(failure)
    expect(await adapter.count({ model: 'user' })).toBe(0)
  })

  it('works again after one that failed', async () => {
    const adapter = await open()
    await expect(adapter.transaction(() => Promise.reject(failure))).rejects.toBe(failure)
    await adapter.transaction(() => adapter.create({ model: 'user', data: userRow('u1') }))
    expect(await adapter.count({ model: 'user' })).toBe(1)
  })

  it('runs queries of one transaction at once', async () => {
    const adapter = await open()
    await adapter.transaction(async () => {
      const ids = Array.from({ length: 10 }, (_, index) => `u${index}`)
      await Promise.all(ids.map(id => adapter.create({ model: 'user', data: userRow(id) })))
      await Promise.all(ids.map(() => adapter.findMany({ model: 'user', where: [] })))
    })
    expect(await adapter.count({ model: 'user' })).toBe(10)
  })

  it('keeps many at a time apart, each with reads, writes and a nested one', async () => {
    const adapter = await open()
    const run = async (index: number) => {
      await adapter.transaction(async () => {
        await adapter.create({ model: 'user', data: userRow(`u${index}`) })
        await adapter.findOne({ model: 'user', where: [{ field: 'id', value: `u${index}` }] })
        await adapter.transaction(() =>
          adapter.create({ model: 'session', data: sessionRow(`s${index}`, `u${index}`) }),
        )
        if (index % 2) throw failure
      })
    }
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => run(index)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10)
    const ids = (await adapter.findMany({ model: 'session', where: [] })).map(({ userId }) =>
      Number(String(userId).slice(1)),
    )
    expect(ids.sort((a, b) => a - b)).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18])
  })

  it('is invisible outside until it commits', async () => {
    const adapter = await open()
    const order: string[] = []
    let release = () => {}
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    const transaction = adapter.transaction(async () => {
      await adapter.create({ model: 'user', data: userRow('u1') })
      order.push('written')
      await held
      throw failure
    })
    await expect.poll(() => order).toEqual(['written'])
    // Either does not see the row, or waits until the transaction is over; both are isolation.
    const outside = adapter.count({ model: 'user' })
    release()
    await expect(transaction).rejects.toBe(failure)
    expect(await outside).toBe(0)
  })
})

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
