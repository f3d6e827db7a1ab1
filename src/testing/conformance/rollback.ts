import assert from 'node:assert/strict'
import { type Adapter, UniqueViolation } from '../../adapters/contract.ts'
import { assertFields, type ConformanceCase } from './case.ts'
import { insertItems, sessionRow, userRow } from './rows.ts'

const ranked = (rank: number) => [{ field: 'rank', value: rank }]
const createUser = (adapter: Adapter, id: string) => adapter.create({ model: 'user', data: userRow(id) })
const failure = new Error('the work failed')
const isFailure = (error: unknown) => error === failure

/** A case on what is undone, which an adapter without transactions of its own cannot pass. */
function undoes(title: string, check: (adapter: Adapter) => Promise<void>): ConformanceCase {
  return { title, needs: 'transaction', run: async open => check(await open()) }
}

async function everyWrite(adapter: Adapter): Promise<void> {
  await createUser(adapter, 'u1')
  await adapter.create({ model: 'session', data: sessionRow('s1', 'u1') })
  await insertItems(adapter, [{ rank: 1 }, { rank: 2 }, { rank: 3 }, { rank: 4 }, { rank: 5 }])
  const query = { model: 'item', where: [], sortBy: { field: 'id', direction: 'asc' as const } }
  const before = await adapter.findMany(query)
  const work = adapter.transaction(async () => {
    await adapter.create({ model: 'item', data: { id: 'new', name: 'new' } })
    await adapter.update({ model: 'item', where: ranked(1), update: { rank: 11 } })
    await adapter.updateMany({ model: 'item', where: ranked(2), update: { rank: 12 } })
    await adapter.delete({ model: 'item', where: ranked(3) })
    await adapter.consumeOne({ model: 'item', where: ranked(4) })
    await adapter.deleteMany({ model: 'item', where: ranked(5) })
    await adapter.delete({ model: 'user', where: [{ field: 'id', value: 'u1' }] })
    assert.equal(await adapter.count({ model: 'session' }), 0)
    throw failure
  })
  await assert.rejects(work, isFailure)
  assert.deepEqual(await adapter.findMany(query), before)
  assert.deepEqual(await adapter.findMany({ model: 'session', where: [] }), [sessionRow('s1', 'u1')])
}

async function manyAtATime(adapter: Adapter): Promise<void> {
  const run = async (index: number) => {
    await adapter.transaction(async () => {
      await createUser(adapter, `u${index}`)
      await adapter.findOne({ model: 'user', where: [{ field: 'id', value: `u${index}` }] })
      await adapter.transaction(() => adapter.create({ model: 'session', data: sessionRow(`s${index}`, `u${index}`) }))
      if (index % 2) throw failure
    })
  }
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => run(index)))
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 10)
  const sessions = await adapter.findMany({ model: 'session', where: [] })
  const numbers = sessions.map(({ userId }) => Number(String(userId).slice(1)))
  assert.deepEqual(
    numbers.sort((a, b) => a - b),
    [0, 2, 4, 6, 8, 10, 12, 14, 16, 18],
  )
}

async function invisibleUntilCommitted(adapter: Adapter): Promise<void> {
  let announce = () => {}
  let release = () => {}
  const written = new Promise<void>(resolve => {
    announce = resolve
  })
  const held = new Promise<void>(resolve => {
    release = resolve
  })
  const transaction = adapter.transaction(async () => {
    await createUser(adapter, 'u1')
    announce()
    await held
    throw failure
  })
  const ended = assert.rejects(transaction, isFailure)
  await Promise.race([written, ended])
  // Either does not see the row, or waits until the transaction is over; both are isolation.
  const outside = adapter.count({ model: 'user' })
  release()
  await ended
  assert.equal(await outside, 0)
}

/** What a transaction undoes. */
export const rollbackCases: readonly ConformanceCase[] = [
  undoes('undoes every kind of write when the work fails', everyWrite),
  undoes('undoes an addition to a counter', async adapter => {
    await insertItems(adapter, [{ rank: 1 }])
    const first = { model: 'item', where: [{ field: 'id', value: 'item 0' }], field: 'rank' }
    const work = adapter.transaction(async () => {
      assertFields(await adapter.incrementOne(first), { rank: 2 })
      throw failure
    })
    await assert.rejects(work, isFailure)
    assertFields(await adapter.findOne(first), { rank: 1 })
  }),
  undoes('joins a transaction to the one it is started in', async adapter => {
    const work = adapter.transaction(async () => {
      await adapter.transaction(() => createUser(adapter, 'inner'))
      throw failure
    })
    await assert.rejects(work, isFailure)
    assert.equal(await adapter.count({ model: 'user' }), 0)
  }),
  undoes('undoes everything when a joined transaction fails', async adapter => {
    const work = adapter.transaction(async () => {
      await createUser(adapter, 'outer')
      await adapter.transaction(async () => {
        throw failure
      })
    })
    await assert.rejects(work, isFailure)
    assert.equal(await adapter.count({ model: 'user' }), 0)
  }),
  undoes('undoes what was written before a unique value was refused', async adapter => {
    await createUser(adapter, 'u1')
    const work = adapter.transaction(async () => {
      await createUser(adapter, 'u2')
      await adapter.create({ model: 'user', data: { ...userRow('u3'), email: 'u1@example.com' } })
    })
    await assert.rejects(work, error => error instanceof UniqueViolation)
    assert.deepEqual(await adapter.findMany({ model: 'user', where: [], select: ['id'] }), [{ id: 'u1' }])
  }),
  undoes('gives unique values free again that were taken in a failed transaction', async adapter => {
    const work = adapter.transaction(async () => {
      await createUser(adapter, 'u1')
      throw failure
    })
    await assert.rejects(work, isFailure)
    assertFields(await createUser(adapter, 'u1'), userRow('u1'))
  }),
  undoes('keeps many transactions at a time apart, each with reads, writes and a nested one', manyAtATime),
  undoes('is invisible outside until it commits', invisibleUntilCommitted),
]
