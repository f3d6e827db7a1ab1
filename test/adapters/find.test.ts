import { expect, it } from 'vitest'
import type { Adapter, Row, Where } from '../../src/index.ts'
import { describeEveryAdapter, insertItems, sessionRow, userRow } from './conformance.ts'

describeEveryAdapter('finding rows', open => {
  const names = async (adapter: Adapter, where: readonly Where[]) => {
    const rows = await adapter.findMany({ model: 'item', where, sortBy: { field: 'name', direction: 'asc' } })
    return rows.map(row => row.name).join(' ')
  }

  const people: Row[] = [
    { name: 'ann', rank: 1, active: true, at: new Date(1000), note: 'Lorem' },
    { name: 'ben', rank: 2, active: false, at: new Date(2000), note: 'ipsum' },
    { name: 'cat', rank: 3, active: true, at: new Date(3000), note: 'LOREM IPSUM' },
    { name: 'dan', rank: null, active: null, at: null, note: null },
  ]

  const cases: [where: Where[], found: string][] = [
    [[{ field: 'name', value: 'ann' }], 'ann'],
    [[{ field: 'name', value: 'ann', operator: 'eq' }], 'ann'],
    [[{ field: 'name', value: 'ANN' }], ''],
    [[{ field: 'rank', value: 2 }], 'ben'],
    [[{ field: 'active', value: true }], 'ann cat'],
    [[{ field: 'active', value: false }], 'ben'],
    [[{ field: 'at', value: new Date(2000) }], 'ben'],
    [[{ field: 'name', value: 'ann', operator: 'ne' }], 'ben cat dan'],
    [[{ field: 'rank', value: 2, operator: 'ne' }], 'ann cat'],
    [[{ field: 'rank', value: 2, operator: 'lt' }], 'ann'],
    [[{ field: 'rank', value: 2, operator: 'lte' }], 'ann ben'],
    [[{ field: 'rank', value: 2, operator: 'gt' }], 'cat'],
    [[{ field: 'rank', value: 2, operator: 'gte' }], 'ben cat'],
    [[{ field: 'at', value: new Date(2000), operator: 'lt' }], 'ann'],
    [[{ field: 'at', value: new Date(1999), operator: 'gt' }], 'ben cat'],
    [[{ field: 'name', value: 'ben', operator: 'gte' }], 'ben cat dan'],
    [[{ field: 'name', value: ['ann', 'cat', 'eve'], operator: 'in' }], 'ann cat'],
    [[{ field: 'rank', value: [2, 3], operator: 'in' }], 'ben cat'],
    [[{ field: 'name', value: [], operator: 'in' }], ''],
    [[{ field: 'name', value: ['ann', 'cat'], operator: 'not_in' }], 'ben dan'],
    [[{ field: 'rank', value: [2], operator: 'not_in' }], 'ann cat'],
    [[{ field: 'rank', value: [], operator: 'not_in' }], 'ann ben cat'],
    [[{ field: 'note', value: 'ore', operator: 'contains' }], 'ann'],
    [[{ field: 'note', value: '', operator: 'contains' }], 'ann ben cat'],
    [[{ field: 'note', value: 'Lo', operator: 'starts_with' }], 'ann'],
    [[{ field: 'note', value: 'sum', operator: 'ends_with' }], 'ben'],
    [[{ field: 'note', value: 'a longer ipsum', operator: 'ends_with' }], ''],
    [[{ field: 'note', value: 'lorem ipsum', operator: 'ilike_eq' }], 'cat'],
    [[{ field: 'note', value: 'lorem', operator: 'ilike_eq' }], 'ann'],
    [[{ field: 'rank', value: null }], 'dan'],
    [[{ field: 'rank', value: null, operator: 'ne' }], 'ann ben cat'],
    [[{ field: 'active', value: null }], 'dan'],
    [[{ field: 'at', value: null, operator: 'ne' }], 'ann ben cat'],
    [[], 'ann ben cat dan'],
  ]
  it('compares with every operator, null apart from every value', async () => {
    const adapter = await open()
    await insertItems(adapter, people)
    for (const [where, found] of cases) {
      expect.soft(await names(adapter, where), JSON.stringify(where)).toBe(found)
      const count = await adapter.count({ model: 'item', where })
      expect.soft(count, JSON.stringify(where)).toBe(found ? found.split(' ').length : 0)
    }
  })

  it('demands every AND condition, and at least one OR condition if there is one', async () => {
    const is = (name: string, connector?: 'AND' | 'OR'): Where => ({ field: 'name', value: name, connector })
    const isActive = (connector?: 'AND' | 'OR'): Where => ({ field: 'active', value: true, connector })
    const adapter = await open()
    await insertItems(adapter, people)
    const groups: [where: Where[], found: string][] = [
      [[is('ann'), is('ben')], ''],
      [[is('ann', 'OR'), is('ben', 'OR')], 'ann ben'],
      [[is('ann', 'OR')], 'ann'],
      [[isActive(), is('ann', 'OR'), is('ben', 'OR')], 'ann'],
      [[is('ann', 'OR'), isActive('AND'), is('cat', 'OR')], 'ann cat'],
      [[is('ann', 'OR'), is('cat', 'OR'), { field: 'rank', value: 2, operator: 'gt' }], 'cat'],
    ]
    for (const [where, found] of groups) {
      expect.soft(await names(adapter, where), JSON.stringify(where)).toBe(found)
    }
  })

  it('takes %, _, backslashes and quotes for themselves in text operators', async () => {
    const adapter = await open()
    const texts = ['100%', '100 per cent', 'a_b', 'axb', "it's", 'say "hi"', 'back\\slash', 'back/slash']
    await insertItems(
      adapter,
      texts.map(note => ({ note })),
    )
    const having = async (operator: Where['operator'], value: string) => {
      const rows = await adapter.findMany({ model: 'item', where: [{ field: 'note', value, operator }] })
      return rows.map(({ note }) => note)
    }
    expect(await having('contains', '%')).toEqual(['100%'])
    expect(await having('ends_with', '0%')).toEqual(['100%'])
    expect(await having('starts_with', 'a_')).toEqual(['a_b'])
    expect(await having('contains', "'")).toEqual(["it's"])
    expect(await having('contains', '"hi"')).toEqual(['say "hi"'])
    expect(await having('starts_with', 'back\\')).toEqual(['back\\slash'])
    expect(await having('ilike_eq', 'A_B')).toEqual(['a_b'])
    expect(await having('eq', "' or 1=1 --")).toEqual([])
  })

  it('compares text beyond the BMP by characters', async () => {
    const adapter = await open()
    await insertItems(adapter, [{ note: '😀 é 漢字' }, { note: 'x😀' }])
    const having = (operator: Where['operator'], value: string) =>
      adapter.count({ model: 'item', where: [{ field: 'note', value, operator }] })
    expect(await having('starts_with', '😀 é')).toBe(1)
    expect(await having('ends_with', '漢字')).toBe(1)
    expect(await having('ends_with', '😀')).toBe(1)
    expect(await having('contains', '😀')).toBe(2)
  })

  it('sorts, limits and skips', async () => {
    const adapter = await open()
    await insertItems(
      adapter,
      [3, 1, 2, 5, 4].map(rank => ({ rank })),
    )
    const ranks = async (query: object) =>
      (await adapter.findMany({ model: 'item', where: [], ...query })).map(({ rank }) => rank)
    expect(await ranks({ sortBy: { field: 'rank', direction: 'asc' } })).toEqual([1, 2, 3, 4, 5])
    expect(await ranks({ sortBy: { field: 'rank', direction: 'desc' } })).toEqual([5, 4, 3, 2, 1])
    expect(await ranks({ sortBy: { field: 'rank', direction: 'asc' }, limit: 2 })).toEqual([1, 2])
    expect(await ranks({ sortBy: { field: 'rank', direction: 'asc' }, limit: 2, offset: 3 })).toEqual([4, 5])
    expect(await ranks({ sortBy: { field: 'rank', direction: 'asc' }, offset: 9 })).toEqual([])
  })

  it('puts rows without a value first, and last in descending order', async () => {
    const adapter = await open()
    await insertItems(adapter, [{ rank: 2 }, { rank: null }, { rank: 1 }])
    const ranks = async (direction: 'asc' | 'desc') =>
      (await adapter.findMany({ model: 'item', where: [], sortBy: { field: 'rank', direction } })).map(
        ({ rank }) => rank,
      )
    expect(await ranks('asc')).toEqual([null, 1, 2])
    expect(await ranks('desc')).toEqual([2, 1, null])
  })

  it('returns at most 100 rows unless told otherwise', async () => {
    const adapter = await open()
    await insertItems(
      adapter,
      Array.from({ length: 101 }, (_, rank) => ({ rank })),
    )
    expect(await adapter.findMany({ model: 'item', where: [] })).toHaveLength(100)
    expect(await adapter.findMany({ model: 'item', where: [], limit: 200 })).toHaveLength(101)
    expect(await adapter.count({ model: 'item' })).toBe(101)
  })

  it('returns only the selected fields', async () => {
    const adapter = await open()
    await insertItems(adapter, [{ note: 'hello', rank: 1 }])
    const query = { model: 'item', where: [{ field: 'rank', value: 1 }], select: ['id', 'note'] }
    expect(await adapter.findOne(query)).toEqual({ id: 'item 0', note: 'hello' })
    expect(await adapter.findMany(query)).toEqual([{ id: 'item 0', note: 'hello' }])
  })

  it('finds nothing as null', async () => {
    const adapter = await open()
    expect(await adapter.findOne({ model: 'item', where: [{ field: 'id', value: 'none' }] })).toBeNull()
  })

  it('joins a session with its user, columns of the same name kept apart', async () => {
    const adapter = await open()
    await adapter.create({ model: 'user', data: userRow('u1') })
    await adapter.create({ model: 'user', data: userRow('u2') })
    await adapter.create({ model: 'session', data: sessionRow('s1', 'u1') })
    await adapter.create({ model: 'session', data: sessionRow('s2', 'u2') })
    const where = [{ field: 'token', value: 'token s2' }]
    const found = await adapter.findOne({ model: 'session', where, join: 'user' })
    expect(found).toEqual({ ...sessionRow('s2', 'u2'), user: userRow('u2') })
    const selected = await adapter.findOne({ model: 'session', where, join: 'user', select: ['id'] })
    expect(selected).toEqual({ id: 's2', user: userRow('u2') })
    expect(await adapter.findMany({ model: 'session', where: [], join: 'user' })).toHaveLength(2)
  })

  it('refuses fields, models and joins that do not exist', async () => {
    const adapter = await open()
    await insertItems(adapter, [{}])
    await expect(adapter.findOne({ model: 'item', where: [{ field: 'other', value: 1 }] })).rejects.toThrow('"other"')
    await expect(adapter.findOne({ model: 'item', where: [{ field: '__proto__', value: 1 }] })).rejects.toThrow()
    await expect(adapter.findOne({ model: 'other', where: [] })).rejects.toThrow('"other"')
    await expect(adapter.findOne({ model: 'item', where: [], join: 'session' })).rejects.toThrow('reference')
  })
})
