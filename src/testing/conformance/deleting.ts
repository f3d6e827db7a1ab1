import assert from 'node:assert/strict'
import { assertFields, type ConformanceCase } from './case.ts'
import { insertItems, sessionRow, userRow } from './rows.ts'

const ranked = (rank: number) => [{ field: 'rank', value: rank }]

/** `delete`, `deleteMany` and `consumeOne`. */
export const deletingCases: readonly ConformanceCase[] = [
  {
    title: 'deletes one of several matching rows',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ rank: 1 }, { rank: 1 }, { rank: 1 }, { rank: 2 }])
      await adapter.delete({ model: 'item', where: ranked(1) })
      assert.equal(await adapter.count({ model: 'item', where: ranked(1) }), 2)
      await adapter.delete({ model: 'item', where: ranked(9) })
      assert.equal(await adapter.count({ model: 'item' }), 3)
    },
  },
  {
    title: 'deletes all matching rows, and counts them',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ rank: 1 }, { rank: 1 }, { rank: 2 }])
      assert.equal(await adapter.deleteMany({ model: 'item', where: ranked(1) }), 2)
      assert.equal(await adapter.deleteMany({ model: 'item', where: ranked(1) }), 0)
      assert.deepEqual(await adapter.findMany({ model: 'item', where: [], select: ['rank'] }), [{ rank: 2 }])
    },
  },
  {
    title: 'deletes all rows that a group of conditions finds, and every row without one',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ rank: 1 }, { rank: 2 }, { rank: 3 }, { rank: null }])
      const where = [1, null].map(value => ({ field: 'rank', value, connector: 'OR' as const }))
      assert.equal(await adapter.deleteMany({ model: 'item', where }), 2)
      assert.equal(await adapter.deleteMany({ model: 'item', where: [] }), 2)
      assert.equal(await adapter.count({ model: 'item' }), 0)
    },
  },
  {
    title: 'deletes what refers to a deleted row, or empties the reference, as its field says',
    run: async open => {
      const adapter = await open()
      for (const id of ['1', '2']) {
        await adapter.create({ model: 'user', data: userRow(`u${id}`) })
        await adapter.create({ model: 'session', data: sessionRow(`s${id}`, `u${id}`) })
      }
      await insertItems(adapter, [{ ownerId: 'u1' }, { ownerId: 'u2' }])
      await adapter.delete({ model: 'user', where: [{ field: 'id', value: 'u1' }] })
      assert.deepEqual(await adapter.findMany({ model: 'session', where: [], select: ['id'] }), [{ id: 's2' }])
      const query = { model: 'item', where: [], select: ['ownerId'] }
      const items = await adapter.findMany({ ...query, sortBy: { field: 'id', direction: 'asc' } })
      assert.deepEqual(items, [{ ownerId: null }, { ownerId: 'u2' }])
    },
  },
  {
    title: 'consumes one matching row: it is given and gone',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ rank: 1, note: 'x' }, { rank: 2 }])
      assertFields(await adapter.consumeOne({ model: 'item', where: ranked(1) }), { id: 'item 0', rank: 1, note: 'x' })
      assert.deepEqual(await adapter.findMany({ model: 'item', where: [], select: ['id'] }), [{ id: 'item 1' }])
      assert.equal(await adapter.consumeOne({ model: 'item', where: ranked(1) }), null)
    },
  },
  {
    title: 'consumes several matching rows one after the other',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ rank: 1 }, { rank: 1 }])
      assertFields(await adapter.consumeOne({ model: 'item', where: ranked(1) }), { rank: 1 })
      assert.equal(await adapter.count({ model: 'item' }), 1)
      assertFields(await adapter.consumeOne({ model: 'item', where: ranked(1) }), { rank: 1 })
      assert.equal(await adapter.consumeOne({ model: 'item', where: ranked(1) }), null)
    },
  },
  {
    title: 'lets exactly one of 50 concurrent calls consume a row',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ note: 'single use' }, { note: 'other' }])
      const where = [{ field: 'note', value: 'single use' }]
      const calls = Array.from({ length: 50 }, () => adapter.consumeOne({ model: 'item', where }))
      const winners = (await Promise.all(calls)).filter(row => row !== null)
      assert.equal(winners.length, 1)
      assertFields(winners[0], { id: 'item 0', note: 'single use' })
      assert.equal(await adapter.count({ model: 'item' }), 1)
    },
  },
]
