import assert from 'node:assert/strict'
import type { Adapter } from '../../adapters/contract.ts'
import type { ConformanceCase } from './case.ts'
import { insertItems, sessionRow, userRow } from './rows.ts'

const findUser = (adapter: Adapter, id: string) =>
  adapter.findOne({ model: 'user', where: [{ field: 'id', value: id }] })

const findSession = (adapter: Adapter, id: string) =>
  adapter.findOne({ model: 'session', join: 'user', where: [{ field: 'token', value: `token ${id}` }] })

/** After several at a time, an adapter that answers look-ups by one query does so with the next ones. */
const severalAtOnce = (find: (value: string) => Promise<unknown>) => Promise.all(['p', 'q', 'r', 's', 't'].map(find))

/** Look-ups of one row each that are asked for in the same moment, which an adapter may answer by one query. */
export const atOnceCases: readonly ConformanceCase[] = [
  {
    title: 'gives each of many look-ups at once its own row, and null to those that have none',
    run: async open => {
      const adapter = await open()
      const ids = Array.from({ length: 70 }, (_, index) => `u${index}`)
      for (const id of ids) await adapter.create({ model: 'user', data: userRow(id) })
      await severalAtOnce(id => findUser(adapter, id))
      const found = await Promise.all([...ids, 'nobody', 'U1', 'u1 '].map(id => findUser(adapter, id)))
      assert.deepEqual(
        found.map(row => row && { ...row }),
        [...ids.map(userRow), null, null, null],
      )
    },
  },
  {
    title: 'gives each of many look-ups at once its own joined row',
    run: async open => {
      const adapter = await open()
      for (const id of ['1', '2', '3']) {
        await adapter.create({ model: 'user', data: userRow(id) })
        await adapter.create({ model: 'session', data: sessionRow(id, id) })
      }
      const findAlone = (id: string) =>
        adapter.findOne({ model: 'session', where: [{ field: 'token', value: `token ${id}` }] })
      for (const find of [findAlone, (id: string) => findSession(adapter, id)]) await severalAtOnce(find)
      const [alone, ...found] = await Promise.all([
        findAlone('3'),
        ...['3', 'none', '1', '2'].map(id => findSession(adapter, id)),
      ])
      assert.deepEqual({ ...alone }, sessionRow('3', '3'))
      const rowOf = (id: string) => ({ ...sessionRow(id, id), user: userRow(id) })
      assert.deepEqual(
        found.map(row => row && { ...row }),
        [rowOf('3'), null, rowOf('1'), rowOf('2')],
      )
    },
  },
  {
    title: 'gives look-ups at once of the same row a copy each',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ code: 'a', tags: ['x'], data: { y: 1 }, at: new Date(0) }, { code: 'b' }])
      const find = (code: string) => adapter.findOne({ model: 'item', where: [{ field: 'code', value: code }] })
      await severalAtOnce(find)
      const [one, other] = await Promise.all([find('a'), find('a'), find('b')])
      for (const field of ['tags', 'data', 'at']) assert.notEqual(one?.[field], other?.[field])
      assert.deepEqual(one, other)
    },
  },
  {
    title: 'gives look-ups at once of the same row a copy each of the joined one',
    run: async open => {
      const adapter = await open()
      for (const id of ['1', '2']) {
        await adapter.create({ model: 'user', data: userRow(id) })
        await adapter.create({ model: 'session', data: sessionRow(id, id) })
      }
      await severalAtOnce(id => findSession(adapter, id))
      const [one, other] = await Promise.all([
        findSession(adapter, '1'),
        findSession(adapter, '1'),
        findSession(adapter, '2'),
      ])
      Object.assign(one?.user ?? {}, { name: 'changed' })
      assert.deepEqual({ ...other }, { ...sessionRow('1', '1'), user: userRow('1') })
    },
  },
  {
    title: 'gives look-ups at once the fields that each selects',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ code: 'a' }, { code: 'b' }])
      const find = (code: string, select: string[]) =>
        adapter.findOne({ model: 'item', where: [{ field: 'code', value: code }], select })
      for (const select of [['id'], ['code'], ['id', 'code']]) await severalAtOnce(code => find(code, select))
      const asked = [['id'], ['code'], ['id', 'code']].flatMap(select => [find('a', select), find('b', select)])
      const found = await Promise.all(asked)
      assert.deepEqual(
        found.map(row => ({ ...row })),
        [
          { id: 'item 0' },
          { id: 'item 1' },
          { code: 'a' },
          { code: 'b' },
          { id: 'item 0', code: 'a' },
          { id: 'item 1', code: 'b' },
        ],
      )
    },
  },
  {
    title: 'lets a look-up that the database refuses fail no other one',
    run: async open => {
      const adapter = await open()
      await adapter.create({ model: 'user', data: userRow('1') })
      await severalAtOnce(id => findUser(adapter, id))
      // Some engines have no text with this character.
      const [found, refused] = await Promise.allSettled([findUser(adapter, '1'), findUser(adapter, 'a\0b')])
      assert.ok(found.status === 'fulfilled')
      assert.deepEqual({ ...found.value }, userRow('1'))
      assert.ok(refused.status === 'rejected' || refused.value === null)
    },
  },
  {
    title: 'gives look-ups at once within a transaction what it has written',
    run: async open => {
      const adapter = await open()
      await severalAtOnce(id => findUser(adapter, id))
      await adapter.transaction(async () => {
        for (const id of ['1', '2', '3']) await adapter.create({ model: 'user', data: userRow(id) })
        const found = await Promise.all(['1', '2', '3'].map(id => findUser(adapter, id)))
        assert.deepEqual(
          found.map(row => ({ ...row })),
          ['1', '2', '3'].map(userRow),
        )
      })
    },
  },
]
