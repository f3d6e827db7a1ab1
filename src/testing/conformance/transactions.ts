import assert from 'node:assert/strict'
import type { Adapter } from '../../adapters/contract.ts'
import { assertFields, type ConformanceCase } from './case.ts'
import { sessionRow, userRow } from './rows.ts'

const is = (id: string) => [{ field: 'id', value: id }]
const createUser = (adapter: Adapter, id: string) => adapter.create({ model: 'user', data: userRow(id) })

/** What transactions are for adapters that cannot undo anything, too. */
export const transactionCases: readonly ConformanceCase[] = [
  {
    title: 'commits what the work wrote, and gives its result',
    run: async open => {
      const adapter = await open()
      const result = await adapter.transaction(async () => {
        await createUser(adapter, 'u1')
        await adapter.create({ model: 'session', data: sessionRow('s1', 'u1') })
        return 'done'
      })
      assert.equal(result, 'done')
      assert.equal(await adapter.count({ model: 'session' }), 1)
    },
  },
  {
    title: 'sees its own writes before the commit',
    run: async open => {
      const adapter = await open()
      await adapter.transaction(async () => {
        await createUser(adapter, 'u1')
        assert.deepEqual({ ...(await adapter.findOne({ model: 'user', where: is('u1') })) }, userRow('u1'))
        await adapter.update({ model: 'user', where: is('u1'), update: { name: 'changed' } })
        assertFields(await adapter.findOne({ model: 'user', where: is('u1') }), { name: 'changed' })
        assert.equal(await adapter.deleteMany({ model: 'user', where: is('u1') }), 1)
        assert.equal(await adapter.count({ model: 'user' }), 0)
      })
    },
  },
  {
    title: 'rejects with what the work threw',
    run: async open => {
      const adapter = await open()
      const failure = new Error('the work failed')
      const work = adapter.transaction(() => Promise.reject(failure))
      await assert.rejects(work, error => error === failure)
    },
  },
  {
    title: 'works again after one that failed',
    run: async open => {
      const adapter = await open()
      await assert.rejects(adapter.transaction(() => Promise.reject(new Error('the work failed'))))
      await adapter.transaction(() => createUser(adapter, 'u1'))
      await createUser(adapter, 'u2')
      assert.equal(await adapter.count({ model: 'user' }), 2)
    },
  },
  {
    title: 'commits what a transaction inside another one wrote, and gives its result',
    run: async open => {
      const adapter = await open()
      const result = await adapter.transaction(async () => {
        await createUser(adapter, 'outer')
        const inner = await adapter.transaction(() => createUser(adapter, 'inner'))
        assert.equal(await adapter.count({ model: 'user' }), 2)
        return adapter.transaction(async () => inner.id)
      })
      assert.equal(result, 'inner')
      assert.equal(await adapter.count({ model: 'user' }), 2)
    },
  },
  {
    title: 'runs queries of one transaction at once',
    run: async open => {
      const adapter = await open()
      await adapter.transaction(async () => {
        const ids = Array.from({ length: 10 }, (_, index) => `u${index}`)
        await Promise.all(ids.map(id => createUser(adapter, id)))
        await Promise.all(ids.map(() => adapter.findMany({ model: 'user', where: [] })))
      })
      assert.equal(await adapter.count({ model: 'user' }), 10)
    },
  },
]
