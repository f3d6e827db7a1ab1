import assert from 'node:assert/strict'
import { type Adapter, UniqueViolation } from '../../adapters/contract.ts'
import { assertFields, type ConformanceCase } from './case.ts'
import { insertItems, userRow } from './rows.ts'

async function assertRefused(writing: Promise<unknown>, model: string): Promise<void> {
  await assert.rejects(writing, error => {
    assert.ok(error instanceof UniqueViolation, `a UniqueViolation, not ${String(error)}`)
    assert.equal(error.model, model)
    return true
  })
}

async function codes(adapter: Adapter): Promise<unknown[]> {
  const rows = await adapter.findMany({ model: 'item', where: [], sortBy: { field: 'id', direction: 'asc' } })
  return rows.map(({ code }) => code)
}

const named = (name: string) => [{ field: 'name', value: name }]

/** A taken value of a unique column is refused as a `UniqueViolation`. */
export const uniquenessCases: readonly ConformanceCase[] = [
  {
    title: 'refuses to create a row whose unique value or id is taken',
    run: async open => {
      const adapter = await open()
      await adapter.create({ model: 'user', data: userRow('u1') })
      await assertRefused(
        adapter.create({ model: 'user', data: { ...userRow('u2'), email: 'u1@example.com' } }),
        'user',
      )
      await assertRefused(
        adapter.create({ model: 'user', data: { ...userRow('u1'), email: 'u2@example.com' } }),
        'user',
      )
      assert.deepEqual(await adapter.findMany({ model: 'user', where: [] }), [userRow('u1')])
    },
  },
  {
    title: 'refuses to update a row to a unique value that is taken, and changes nothing',
    run: async open => {
      const adapter = await open()
      await adapter.create({ model: 'user', data: userRow('u1') })
      await adapter.create({ model: 'user', data: userRow('u2') })
      const where = [{ field: 'id', value: 'u2' }]
      const update = { email: 'u1@example.com', name: 'changed' }
      await assertRefused(adapter.update({ model: 'user', where, update }), 'user')
      await assertRefused(adapter.updateMany({ model: 'user', where, update }), 'user')
      const sortBy = { field: 'id', direction: 'asc' as const }
      assert.deepEqual(await adapter.findMany({ model: 'user', where: [], sortBy }), [userRow('u1'), userRow('u2')])
    },
  },
  {
    title: 'changes no row when an update of many breaks a unique column halfway',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ code: 'a' }, { code: 'b' }])
      await assertRefused(adapter.updateMany({ model: 'item', where: [], update: { code: 'c' } }), 'item')
      assert.deepEqual(await codes(adapter), ['a', 'b'])
    },
  },
  {
    title: 'lets a row keep its unique value',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ code: 'a' }, { code: 'b' }])
      const update = { code: 'b', rank: 5 }
      assertFields(await adapter.update({ model: 'item', where: named('name 1'), update }), update)
    },
  },
  {
    title: 'lets any number of rows have no unique value',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ code: null }, {}, { code: 'a' }, { code: 'b' }])
      assert.equal(await adapter.updateMany({ model: 'item', where: [], update: { code: null } }), 4)
      assert.deepEqual(await codes(adapter), [null, null, null, null])
    },
  },
  {
    title: 'tells unique values apart by case and accents',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ code: 'e' }, { code: 'E' }, { code: '\u00e9' }, { code: '' }])
      assert.deepEqual(await codes(adapter), ['e', 'E', '\u00e9', ''])
    },
  },
  {
    title: 'gives a unique value free again',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ code: 'a' }, { code: 'b' }, {}])
      await adapter.delete({ model: 'item', where: named('name 0') })
      await adapter.update({ model: 'item', where: named('name 1'), update: { code: null } })
      await adapter.create({ model: 'item', data: { id: 'new', name: 'new', code: 'a' } })
      const updated = await adapter.update({ model: 'item', where: named('name 2'), update: { code: 'b' } })
      assertFields(updated, { code: 'b' })
    },
  },
  {
    title: 'lets exactly one of 50 concurrent calls take a unique value',
    run: async open => {
      const adapter = await open()
      const create = (index: number) =>
        adapter.create({ model: 'item', data: { id: `i${index}`, name: 'n', code: 'taken' } })
      const outcomes = await Promise.allSettled(Array.from({ length: 50 }, (_, index) => create(index)))
      const refused = outcomes.filter(outcome => outcome.status === 'rejected')
      assert.equal(refused.length, 49)
      for (const { reason } of refused) assert.ok(reason instanceof UniqueViolation, String(reason))
      assert.deepEqual(await codes(adapter), ['taken'])
    },
  },
]
