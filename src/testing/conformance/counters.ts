import assert from 'node:assert/strict'
import { assertFields, type ConformanceCase } from './case.ts'
import { insertItems } from './rows.ts'

const first = { model: 'item', where: [{ field: 'id', value: 'item 0' }], field: 'rank' }

/** `incrementOne`. */
export const counterCases: readonly ConformanceCase[] = [
  {
    title: 'adds 1 to a number and gives the row as it is then',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ rank: 1, note: 'a' }, { rank: 1 }])
      assertFields(await adapter.incrementOne(first), { id: 'item 0', name: 'name 0', rank: 2, note: 'a' })
      assertFields(await adapter.findOne(first), { rank: 2, note: 'a' })
      assertFields(await adapter.findOne({ model: 'item', where: [{ field: 'id', value: 'item 1' }] }), { rank: 1 })
    },
  },
  {
    title: 'adds any number, negative ones too',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ rank: 2 }])
      assertFields(await adapter.incrementOne({ ...first, by: 5 }), { rank: 7 })
      assertFields(await adapter.incrementOne({ ...first, by: -10 }), { rank: -3 })
      assertFields(await adapter.incrementOne({ ...first, by: 3 }), { rank: 0 })
      assertFields(await adapter.incrementOne(first), { rank: 1 })
    },
  },
  {
    title: 'adds to one of several matching rows',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ rank: 1 }, { rank: 1 }, { rank: 1 }])
      const where = [{ field: 'rank', value: 1 }]
      assertFields(await adapter.incrementOne({ model: 'item', where, field: 'rank' }), { rank: 2 })
      assert.equal(await adapter.count({ model: 'item', where }), 2)
    },
  },
  {
    title: 'sets, empties and leaves other fields while it adds',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ rank: 1, note: 'a', code: 'c', active: true }])
      const at = new Date('2026-01-02T03:04:05.678Z')
      const row = { rank: 2, at, note: null, active: false, code: 'c' }
      const update = { at, note: null, active: false, code: undefined }
      assertFields(await adapter.incrementOne({ ...first, update }), row)
      assertFields(await adapter.findOne(first), row)
    },
  },
  {
    title: 'adds up to the bound and not beyond it; what is refused changes nothing',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ rank: 3, note: 'before' }])
      const bounded = { ...first, max: 5, update: { note: 'after' } }
      assert.equal(await adapter.incrementOne({ ...bounded, by: 3 }), null)
      assertFields(await adapter.findOne(first), { rank: 3, note: 'before' })
      assertFields(await adapter.incrementOne({ ...bounded, by: 2 }), { rank: 5, note: 'after' })
      assert.equal(await adapter.incrementOne(bounded), null)
      assertFields(await adapter.incrementOne({ ...bounded, by: -1 }), { rank: 4 })
    },
  },
  {
    title: 'takes a bound for the value afterwards, even of 0 and when subtracting',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ rank: -1 }, { rank: 10 }])
      assertFields(await adapter.incrementOne({ ...first, max: 0 }), { rank: 0 })
      assert.equal(await adapter.incrementOne({ ...first, max: 0 }), null)
      const second = { ...first, where: [{ field: 'id', value: 'item 1' }] }
      assert.equal(await adapter.incrementOne({ ...second, by: -1, max: 5 }), null)
      assertFields(await adapter.incrementOne({ ...second, by: -5, max: 5 }), { rank: 5 })
    },
  },
  {
    title: 'takes a counter without a value for 0, and for the bound too',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ rank: null }, { size: null }, {}, {}])
      const item = (index: number) => ({ ...first, where: [{ field: 'id', value: `item ${index}` }] })
      assertFields(await adapter.incrementOne(first), { rank: 1 })
      assertFields(await adapter.incrementOne({ ...item(1), field: 'size', by: -3 }), { size: -3, rank: null })
      assert.equal(await adapter.incrementOne({ ...item(2), by: 3, max: 2 }), null)
      assert.equal(await adapter.incrementOne({ ...item(2), max: -1 }), null)
      assertFields(await adapter.findOne(item(2)), { rank: null })
      assertFields(await adapter.incrementOne({ ...item(2), by: 2, max: 2 }), { rank: 2 })
      assertFields(await adapter.incrementOne({ ...item(3), by: -2, max: -2 }), { rank: -2 })
    },
  },
  {
    title: 'adds nothing when no row matches',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ rank: 1 }])
      const where = [...first.where, { field: 'rank', value: 2 }]
      assert.equal(await adapter.incrementOne({ ...first, where }), null)
      assertFields(await adapter.findOne(first), { rank: 1 })
    },
  },
  {
    title: 'loses none of 50 concurrent additions',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ rank: 0 }])
      const rows = await Promise.all(Array.from({ length: 50 }, () => adapter.incrementOne(first)))
      assert.equal(rows.filter(row => row !== null).length, 50)
      assertFields(await adapter.findOne(first), { rank: 50 })
    },
  },
  {
    title: 'loses none of 50 concurrent additions to a counter without a value',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ rank: null }])
      await Promise.all(Array.from({ length: 50 }, () => adapter.incrementOne(first)))
      assertFields(await adapter.findOne(first), { rank: 50 })
    },
  },
  {
    title: 'lets exactly 7 of 50 concurrent additions pass a bound of 7',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ rank: 0 }])
      const calls = Array.from({ length: 50 }, () => adapter.incrementOne({ ...first, max: 7 }))
      assert.equal((await Promise.all(calls)).filter(row => row !== null).length, 7)
      assertFields(await adapter.findOne(first), { rank: 7 })
    },
  },
  {
    title: 'asks its conditions again when it writes: 1 of 50 concurrent additions to a counter of 0',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ rank: 0 }])
      const where = [...first.where, { field: 'rank', value: 0 }]
      const calls = Array.from({ length: 50 }, () => adapter.incrementOne({ ...first, where }))
      assert.equal((await Promise.all(calls)).filter(row => row !== null).length, 1)
      assertFields(await adapter.findOne(first), { rank: 1 })
    },
  },
  {
    title: 'lets 1 of 50 concurrent updates through whose condition the first one ends',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ rank: 0 }])
      const where = [...first.where, { field: 'rank', value: 0 }]
      const update = () => adapter.update({ model: 'item', where, update: { rank: 1 } })
      const rows = await Promise.all(Array.from({ length: 50 }, update))
      assert.equal(rows.filter(row => row !== null).length, 1)
    },
  },
  {
    title: 'adds once in each of 10 concurrent transactions',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ rank: 0 }])
      const add = async () => adapter.transaction(() => adapter.incrementOne(first))
      await Promise.all(Array.from({ length: 10 }, add))
      assertFields(await adapter.findOne(first), { rank: 10 })
    },
  },
]
