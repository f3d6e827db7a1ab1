import assert from 'node:assert/strict'
import type { ConformanceCase } from './case.ts'
import { insertItems, userRow } from './rows.ts'

const first = [{ field: 'rank', value: 1 }]

/** Which fields come back, and what is refused. */
export const readingCases: readonly ConformanceCase[] = [
  {
    title: 'gives all fields of a row, null where there is no value',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ rank: 1 }])
      const nothing = {
        code: null,
        size: null,
        active: null,
        at: null,
        data: null,
        tags: null,
        scores: null,
        note: null,
      }
      const row = { id: 'item 0', name: 'name 0', rank: 1, ownerId: null, ...nothing }
      assert.deepEqual({ ...(await adapter.findOne({ model: 'item', where: first })) }, row)
    },
  },
  {
    title: 'gives only the selected fields, renamed ones by their logical names',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ note: 'hello', rank: 1 }])
      const query = { model: 'item', where: first, select: ['id', 'note'] }
      assert.deepEqual({ ...(await adapter.findOne(query)) }, { id: 'item 0', note: 'hello' })
      assert.deepEqual(await adapter.findMany(query), [{ id: 'item 0', note: 'hello' }])
    },
  },
  {
    title: 'selects fields without the id, and fields without a value',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ rank: 1 }])
      const query = { model: 'item', where: first, select: ['name', 'at', 'tags'] }
      assert.deepEqual(await adapter.findMany(query), [{ name: 'name 0', at: null, tags: null }])
    },
  },
  {
    title: 'compares with and sorts by fields that are not selected',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ rank: 3 }, { rank: 1 }, { rank: 2 }, { rank: null }])
      const where = [{ field: 'rank', value: 1, operator: 'gt' as const }]
      const sortBy = { field: 'rank', direction: 'asc' as const }
      const found = await adapter.findMany({ model: 'item', where, sortBy, select: ['id'], limit: 2 })
      assert.deepEqual(found, [{ id: 'item 2' }, { id: 'item 0' }])
    },
  },
  {
    title: 'finds one of several rows, and nothing as null',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ rank: 1 }, { rank: 1 }])
      const found = await adapter.findOne({ model: 'item', where: first })
      assert.equal(found?.rank, 1)
      assert.equal(await adapter.findOne({ model: 'item', where: [{ field: 'id', value: 'none' }] }), null)
      assert.deepEqual(await adapter.findMany({ model: 'item', where: [{ field: 'id', value: 'none' }] }), [])
    },
  },
  {
    title: 'counts with conditions, with none, and in an empty table',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ rank: 1 }, { rank: 1 }, { rank: 2 }])
      assert.equal(await adapter.count({ model: 'item', where: first }), 2)
      assert.equal(await adapter.count({ model: 'item', where: [] }), 3)
      assert.equal(await adapter.count({ model: 'item' }), 3)
      assert.equal(await adapter.count({ model: 'user' }), 0)
    },
  },
  {
    title: 'finds rows of a renamed table by a renamed column',
    run: async open => {
      const adapter = await open()
      await adapter.create({ model: 'user', data: userRow('u1') })
      await adapter.create({ model: 'user', data: userRow('u2') })
      const where = [{ field: 'email', value: 'u2@example.com' }]
      assert.deepEqual({ ...(await adapter.findOne({ model: 'user', where })) }, userRow('u2'))
      const sortBy = { field: 'email', direction: 'desc' as const }
      assert.deepEqual(await adapter.findMany({ model: 'user', where: [], sortBy }), [userRow('u2'), userRow('u1')])
    },
  },
  {
    title: 'refuses fields, models and joins that do not exist',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{}])
      await assert.rejects(adapter.findOne({ model: 'item', where: [{ field: 'other', value: 1 }] }), /other/)
      await assert.rejects(adapter.findOne({ model: 'item', where: [{ field: '__proto__', value: 1 }] }))
      await assert.rejects(adapter.findOne({ model: 'other', where: [] }), /other/)
      await assert.rejects(adapter.findOne({ model: 'item', where: [], join: 'session' }), /session/)
    },
  },
]
