import { expect, it } from 'vitest'
import type { Adapter, FindMany } from '../../src/index.ts'
import { describeEveryAdapter, insertItems, sessionRow, userRow } from './conformance.ts'

describeEveryAdapter('joining rows', open => {
  /** u1 has two sessions, u2 one, u3 none; of the items one is owned by u1, and one by nobody. */
  async function filled(): Promise<Adapter> {
    const adapter = await open()
    for (const id of ['u1', 'u2', 'u3']) await adapter.create({ model: 'user', data: userRow(id) })
    for (const [id, userId] of Object.entries({ s1: 'u1', s2: 'u2', s3: 'u1' })) {
      await adapter.create({ model: 'session', data: sessionRow(id, userId) })
    }
    await insertItems(adapter, [{ ownerId: 'u1' }, { ownerId: null }])
    return adapter
  }
  const byId = { field: 'id', direction: 'asc' as const }
  const find = async (adapter: Adapter, query: Partial<FindMany> & { model: string; join: string }) =>
    (await adapter.findMany({ where: [], sortBy: byId, ...query })).map(row => {
      const joined = row[query.join] as { id: string } | { id: string }[]
      return [row.id, Array.isArray(joined) ? joined.map(({ id }) => id).sort() : joined.id]
    })

  it('adds to each row the one that its foreign key names', async () => {
    expect(await find(await filled(), { model: 'session', join: 'user' })).toEqual([
      ['s1', 'u1'],
      ['s2', 'u2'],
      ['s3', 'u1'],
    ])
  })

  it('leaves out rows without it, before it counts them', async () => {
    const adapter = await filled()
    expect(await find(adapter, { model: 'item', join: 'user' })).toEqual([['item 0', 'u1']])
    const sortBy = { field: 'id', direction: 'desc' as const }
    expect(await find(adapter, { model: 'item', join: 'user', sortBy, limit: 1 })).toEqual([['item 0', 'u1']])
    const none = [{ field: 'id', value: 'item 1' }]
    expect(await adapter.findOne({ model: 'item', where: none, join: 'user' })).toBeNull()
  })

  it('adds to each row the list of those whose foreign key names it', async () => {
    const adapter = await filled()
    expect(await find(adapter, { model: 'user', join: 'session' })).toEqual([
      ['u1', ['s1', 's3']],
      ['u2', ['s2']],
      ['u3', []],
    ])
    const where = [{ field: 'id', value: 'u2' }]
    const found = await adapter.findOne({ model: 'user', where, join: 'session' })
    expect(found).toEqual({ ...userRow('u2'), session: [sessionRow('s2', 'u2')] })
  })

  it('sorts, limits and skips by the rows that are asked for', async () => {
    const adapter = await filled()
    const sortBy = { field: 'id', direction: 'desc' as const }
    expect(await find(adapter, { model: 'session', join: 'user', sortBy, limit: 1, offset: 1 })).toEqual([['s2', 'u2']])
    expect(await find(adapter, { model: 'user', join: 'session', sortBy, limit: 1, offset: 2 })).toEqual([
      ['u1', ['s1', 's3']],
    ])
  })

  it('keeps the joined rows whole when fields are selected', async () => {
    const adapter = await filled()
    const where = [{ field: 'id', value: 'u2' }]
    const query = { model: 'user', where, join: 'session', select: ['id', 'email'] }
    expect(await adapter.findOne(query)).toEqual({
      id: 'u2',
      email: 'u2@example.com',
      session: [sessionRow('s2', 'u2')],
    })
    const one = { model: 'session', where: [{ field: 'id', value: 's2' }], join: 'user', select: ['id'] }
    expect(await adapter.findOne(one)).toEqual({ id: 's2', user: userRow('u2') })
  })

  it('compares with fields of the rows that are asked for', async () => {
    const adapter = await filled()
    const where = [
      { field: 'token', value: 'token', operator: 'starts_with' as const },
      { field: 'userId', value: 'u1' },
    ]
    expect(await find(adapter, { model: 'session', join: 'user', where })).toEqual([
      ['s1', 'u1'],
      ['s3', 'u1'],
    ])
  })
})
