import { expect, it } from 'vitest'
import { type Adapter, UniqueViolation } from '../../src/index.ts'
import { describeEveryAdapter, insertItems, sessionRow, userRow } from './conformance.ts'

describeEveryAdapter('writing rows', open => {
  const named = (name: string) => [{ field: 'name', value: name }]
  const ranks = async (adapter: Adapter) => {
    const rows = await adapter.findMany({ model: 'item', where: [], sortBy: { field: 'id', direction: 'asc' } })
    return rows.map(({ rank }) => rank)
  }

  it('creates a row and returns it', async () => {
    const adapter = await open()
    const created = await adapter.create({ model: 'user', data: userRow('u1') })
    expect(created).toEqual(userRow('u1'))
    expect(await adapter.findOne({ model: 'user', where: [{ field: 'id', value: 'u1' }] })).toEqual(userRow('u1'))
  })

  it('gives out copies: changing them changes nothing', async () => {
    const adapter = await open()
    const data = { id: 'i1', name: 'one', data: { list: [1, 2] } }
    const created = await adapter.create({ model: 'item', data })
    data.data.list.push(3)
    ;(created.data as { list: number[] }).list.push(4)
    const found = (await adapter.findOne({ model: 'item', where: named('one') })) ?? {}
    ;(found.data as { list: number[] }).list.push(5)
    expect(await adapter.findOne({ model: 'item', where: named('one') })).toMatchObject({ data: { list: [1, 2] } })
  })

  it('updates one matching row, and returns it', async () => {
    const adapter = await open()
    await insertItems(adapter, [{ rank: 1 }, { rank: 1 }, { rank: 1 }])
    const updated = await adapter.update({ model: 'item', where: [{ field: 'rank', value: 1 }], update: { rank: 7 } })
    expect(updated).toMatchObject({ rank: 7 })
    expect((await ranks(adapter)).sort()).toEqual([1, 1, 7])
    expect(await adapter.update({ model: 'item', where: named('none'), update: { rank: 8 } })).toBeNull()
  })

  it('leaves fields alone that are not named or are undefined, and empties those that are null', async () => {
    const adapter = await open()
    await insertItems(adapter, [{ rank: 1, note: 'a', code: 'c' }])
    const update = { rank: 2, note: undefined, code: null }
    expect(await adapter.update({ model: 'item', where: named('name 0'), update })).toMatchObject({
      rank: 2,
      note: 'a',
      code: null,
    })
  })

  it('updates all matching rows, and counts them', async () => {
    const adapter = await open()
    await insertItems(adapter, [{ rank: 1 }, { rank: 2 }, { rank: 3 }])
    const where = [{ field: 'rank', value: 1, operator: 'gt' as const }]
    expect(await adapter.updateMany({ model: 'item', where, update: { rank: 9 } })).toBe(2)
    expect(await ranks(adapter)).toEqual([1, 9, 9])
    expect(await adapter.updateMany({ model: 'item', where: named('none'), update: { rank: 0 } })).toBe(0)
  })

  it('counts matching rows even when an update leaves them as they are', async () => {
    const adapter = await open()
    await insertItems(adapter, [{ rank: 1, code: 'a' }, { rank: 1 }])
    expect(await adapter.updateMany({ model: 'item', where: [], update: { rank: 1 } })).toBe(2)
    expect(await adapter.updateMany({ model: 'item', where: named('name 0'), update: { code: 'a' } })).toBe(1)
  })

  it('deletes one matching row, or all', async () => {
    const adapter = await open()
    await insertItems(adapter, [{ rank: 1 }, { rank: 1 }, { rank: 1 }, { rank: 2 }])
    const where = [{ field: 'rank', value: 1 }]
    await adapter.delete({ model: 'item', where })
    expect(await adapter.count({ model: 'item', where })).toBe(2)
    await adapter.delete({ model: 'item', where: named('none') })
    expect(await adapter.deleteMany({ model: 'item', where })).toBe(2)
    expect(await adapter.deleteMany({ model: 'item', where })).toBe(0)
    expect(await ranks(adapter)).toEqual([2])
  })

  it('consumes one matching row: it is returned and gone', async () => {
    const adapter = await open()
    await insertItems(adapter, [{ rank: 1, note: 'x' }, { rank: 1 }])
    const where = [{ field: 'rank', value: 1 }]
    expect(await adapter.consumeOne({ model: 'item', where })).toMatchObject({ rank: 1 })
    expect(await adapter.count({ model: 'item' })).toBe(1)
    expect(await adapter.consumeOne({ model: 'item', where })).toMatchObject({ rank: 1 })
    expect(await adapter.consumeOne({ model: 'item', where })).toBeNull()
  })

  it('lets exactly one of 50 concurrent calls consume a row', async () => {
    const adapter = await open()
    await insertItems(adapter, [{ note: 'single use' }])
    const where = [{ field: 'note', value: 'single use' }]
    const consume = () => adapter.consumeOne({ model: 'item', where })
    const winners = (await Promise.all(Array.from({ length: 50 }, consume))).filter(row => row !== null)
    expect(winners).toHaveLength(1)
    expect(winners[0]).toMatchObject({ note: 'single use' })
  })

  it('tells that a unique value is taken, and changes nothing', async () => {
    const adapter = await open()
    await adapter.create({ model: 'user', data: userRow('u1') })
    await adapter.create({ model: 'user', data: userRow('u2') })
    const refused = { name: 'UniqueViolation', model: 'user' }
    const sameEmail = { ...userRow('u3'), email: 'u1@example.com' }
    await expect(adapter.create({ model: 'user', data: sameEmail })).rejects.toBeInstanceOf(UniqueViolation)
    await expect(adapter.create({ model: 'user', data: sameEmail })).rejects.toMatchObject(refused)
    await expect(adapter.create({ model: 'user', data: userRow('u1') })).rejects.toMatchObject(refused)
    const where = [{ field: 'id', value: 'u2' }]
    const update = { email: 'u1@example.com', name: 'changed' }
    await expect(adapter.update({ model: 'user', where, update })).rejects.toMatchObject(refused)
    await expect(adapter.updateMany({ model: 'user', where, update })).rejects.toMatchObject(refused)
    expect(await adapter.findMany({ model: 'user', where: [] })).toEqual([userRow('u1'), userRow('u2')])
  })

  it('changes no row when an update of many breaks a unique column halfway', async () => {
    const adapter = await open()
    await insertItems(adapter, [{ code: 'a' }, { code: 'b' }])
    const update = { code: 'c' }
    await expect(adapter.updateMany({ model: 'item', where: [], update })).rejects.toBeInstanceOf(UniqueViolation)
    const codes = (await adapter.findMany({ model: 'item', where: [] })).map(({ code }) => code)
    expect(codes.sort()).toEqual(['a', 'b'])
  })

  it('lets a row keep its unique value, and any number of rows have none', async () => {
    const adapter = await open()
    await insertItems(adapter, [{ code: null }, { code: null }, { code: 'a' }])
    const update = { code: 'a', rank: 5 }
    expect(await adapter.update({ model: 'item', where: named('name 2'), update })).toMatchObject(update)
  })

  it('deletes what refers to a deleted row, or empties the reference, as its field says', async () => {
    const adapter = await open()
    await adapter.create({ model: 'user', data: userRow('u1') })
    await adapter.create({ model: 'user', data: userRow('u2') })
    await adapter.create({ model: 'session', data: sessionRow('s1', 'u1') })
    await adapter.create({ model: 'session', data: sessionRow('s2', 'u2') })
    await insertItems(adapter, [{ ownerId: 'u1' }, { ownerId: 'u2' }])
    await adapter.delete({ model: 'user', where: [{ field: 'id', value: 'u1' }] })
    const sessions = await adapter.findMany({ model: 'session', where: [] })
    expect(sessions.map(({ id }) => id)).toEqual(['s2'])
    const items = await adapter.findMany({ model: 'item', where: [], sortBy: { field: 'id', direction: 'asc' } })
    expect(items.map(({ ownerId }) => ownerId)).toEqual([null, 'u2'])
  })

  it('refuses to write fields that do not exist', async () => {
    const adapter = await open()
    await expect(adapter.create({ model: 'item', data: { id: 'i', name: 'n', other: 1 } })).rejects.toThrow('"other"')
    await insertItems(adapter, [{}])
    const write = { model: 'item', where: [], update: { other: 1 } }
    await expect(adapter.update(write)).rejects.toThrow('"other"')
    await expect(adapter.updateMany(write)).rejects.toThrow('"other"')
    expect(await adapter.count({ model: 'item' })).toBe(1)
  })
})
