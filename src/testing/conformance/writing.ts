import assert from 'node:assert/strict'
import type { Adapter } from '../../adapters/contract.ts'
import { assertFields, type ConformanceCase } from './case.ts'
import { insertItems, userRow } from './rows.ts'

const named = (name: string) => [{ field: 'name', value: name }]
const ranked = (rank: number) => [{ field: 'rank', value: rank }]
const either = ['name 0', 'name 2'].map(value => ({ field: 'name', value, connector: 'OR' as const }))

async function ranks(adapter: Adapter): Promise<unknown[]> {
  const rows = await adapter.findMany({ model: 'item', where: [], sortBy: { field: 'id', direction: 'asc' } })
  return rows.map(({ rank }) => rank)
}

/** `create`, `update` and `updateMany`. */
export const writingCases: readonly ConformanceCase[] = [
  {
    title: 'creates a row and gives it',
    run: async open => {
      const adapter = await open()
      assert.deepEqual({ ...(await adapter.create({ model: 'user', data: userRow('u1') })) }, userRow('u1'))
      const found = await adapter.findOne({ model: 'user', where: [{ field: 'id', value: 'u1' }] })
      assert.deepEqual({ ...found }, userRow('u1'))
    },
  },
  {
    title: 'gives out copies: changing them changes nothing',
    run: async open => {
      const adapter = await open()
      const data = { id: 'i1', name: 'one', data: { list: [1, 2] } }
      const created = await adapter.create({ model: 'item', data })
      data.data.list.push(3)
      ;(created.data as { list: number[] }).list.push(4)
      const found = (await adapter.findOne({ model: 'item', where: named('one') })) ?? {}
      ;(found.data as { list: number[] }).list.push(5)
      assertFields(await adapter.findOne({ model: 'item', where: named('one') }), { data: { list: [1, 2] } })
    },
  },
  {
    title: 'updates one of several matching rows, and gives it',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ rank: 1 }, { rank: 1 }, { rank: 1 }])
      const updated = await adapter.update({ model: 'item', where: ranked(1), update: { rank: 7 } })
      assertFields(updated, { rank: 7 })
      assert.deepEqual((await ranks(adapter)).sort(), [1, 1, 7])
    },
  },
  {
    title: 'updates nothing, as null, when no row matches',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ rank: 1 }])
      assert.equal(await adapter.update({ model: 'item', where: named('none'), update: { rank: 8 } }), null)
      assert.deepEqual(await ranks(adapter), [1])
    },
  },
  {
    title: 'updates the row that a group of conditions finds',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ rank: 1 }, { rank: 2 }, { rank: 3 }])
      const where = [...ranked(3), ...either]
      assertFields(await adapter.update({ model: 'item', where, update: { rank: 7 } }), { id: 'item 2', rank: 7 })
      assert.deepEqual(await ranks(adapter), [1, 2, 7])
    },
  },
  {
    title: 'leaves fields alone that are not named or are undefined, and empties those that are null',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ rank: 1, note: 'a', code: 'c', active: true }])
      const update = { rank: 2, note: undefined, code: null }
      const row = { rank: 2, note: 'a', code: null, active: true }
      assertFields(await adapter.update({ model: 'item', where: named('name 0'), update }), row)
      assertFields(await adapter.findOne({ model: 'item', where: named('name 0') }), row)
    },
  },
  {
    title: 'empties and sets again columns of every type',
    run: async open => {
      const adapter = await open()
      const full = { rank: 1, active: true, at: new Date(5), data: { a: 1 }, tags: ['t'], scores: [1], note: 'n' }
      const empty = { rank: null, active: null, at: null, data: null, tags: null, scores: null, note: null }
      await insertItems(adapter, [full])
      const write = { model: 'item', where: named('name 0') }
      assertFields(await adapter.update({ ...write, update: empty }), empty)
      assertFields(await adapter.update({ ...write, update: full }), full)
    },
  },
  {
    title: 'updates all matching rows, and counts them',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ rank: 1 }, { rank: 2 }, { rank: 3 }])
      const where = [{ field: 'rank', value: 1, operator: 'gt' as const }]
      assert.equal(await adapter.updateMany({ model: 'item', where, update: { rank: 9 } }), 2)
      assert.deepEqual(await ranks(adapter), [1, 9, 9])
      assert.equal(await adapter.updateMany({ model: 'item', where: named('none'), update: { rank: 0 } }), 0)
      assert.equal(await adapter.updateMany({ model: 'item', where: either, update: { rank: 5 } }), 2)
      assert.deepEqual(await ranks(adapter), [5, 9, 5])
    },
  },
  {
    title: 'updates every row without a condition',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ rank: 1 }, { rank: null }])
      assert.equal(await adapter.updateMany({ model: 'item', where: [], update: { rank: 4, note: null } }), 2)
      assert.deepEqual(await ranks(adapter), [4, 4])
    },
  },
  {
    title: 'counts matching rows even when an update leaves them as they are',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ rank: 1, code: 'a' }, { rank: 1 }])
      assert.equal(await adapter.updateMany({ model: 'item', where: [], update: { rank: 1 } }), 2)
      assert.equal(await adapter.updateMany({ model: 'item', where: named('name 0'), update: { code: 'a' } }), 1)
      assertFields(await adapter.update({ model: 'item', where: named('name 0'), update: { code: 'a' } }), {
        code: 'a',
      })
    },
  },
  {
    title: 'gives the row as it is, or null, when an update sets nothing',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ rank: 1, note: 'a' }, { rank: 2 }])
      for (const update of [{}, { rank: undefined, note: undefined }]) {
        assertFields(await adapter.update({ model: 'item', where: named('name 0'), update }), { rank: 1, note: 'a' })
        assert.equal(await adapter.update({ model: 'item', where: named('none'), update }), null)
      }
      assert.deepEqual(await ranks(adapter), [1, 2])
    },
  },
  {
    title: 'counts the matching rows when an update of many sets nothing',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ rank: 1, code: 'c' }, { rank: 2 }, { rank: 3 }])
      for (const update of [{}, { rank: undefined, code: undefined }]) {
        assert.equal(await adapter.updateMany({ model: 'item', where: [], update }), 3)
        assert.equal(await adapter.updateMany({ model: 'item', where: either, update }), 2)
        assert.equal(await adapter.updateMany({ model: 'item', where: named('none'), update }), 0)
      }
      assert.deepEqual(await ranks(adapter), [1, 2, 3])
    },
  },
  {
    title: 'writes renamed columns of a renamed table',
    run: async open => {
      const adapter = await open()
      await adapter.create({ model: 'user', data: userRow('u1') })
      await adapter.create({ model: 'user', data: userRow('u2') })
      const where = [{ field: 'email', value: 'u1@example.com' }]
      const update = { email: 'new@example.com' }
      assertFields(await adapter.update({ model: 'user', where, update }), { id: 'u1', ...update })
      assert.equal(await adapter.updateMany({ model: 'user', where, update: { name: 'x' } }), 0)
      assert.equal(await adapter.deleteMany({ model: 'user', where: [{ field: 'email', value: update.email }] }), 1)
    },
  },
  {
    title: 'refuses to write fields that do not exist',
    run: async open => {
      const adapter = await open()
      await assert.rejects(adapter.create({ model: 'item', data: { id: 'i', name: 'n', other: 1 } }), /other/)
      await insertItems(adapter, [{}])
      const write = { model: 'item', where: [], update: { other: 1 } }
      await assert.rejects(adapter.update(write), /other/)
      await assert.rejects(adapter.updateMany(write), /other/)
      assert.equal(await adapter.count({ model: 'item' }), 1)
    },
  },
]
