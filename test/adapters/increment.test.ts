import { expect, it } from 'vitest'
import { describeEveryAdapter, insertItems } from './conformance.ts'

describeEveryAdapter('counters', open => {
  const first = { model: 'item', where: [{ field: 'id', value: 'item 0' }], field: 'rank' }

  it('adds to a number and returns the row as it is then', async () => {
    const adapter = await open()
    await insertItems(adapter, [{ rank: 1, note: 'a' }, { rank: 1 }])
    expect(await adapter.incrementOne(first)).toMatchObject({ id: 'item 0', rank: 2, note: 'a' })
    expect(await adapter.incrementOne({ ...first, by: 5 })).toMatchObject({ rank: 7 })
    expect(await adapter.incrementOne({ ...first, by: -10 })).toMatchObject({ rank: -3 })
    const others = await adapter.findMany({ model: 'item', where: [{ field: 'id', value: 'item 1' }] })
    expect(others).toMatchObject([{ rank: 1 }])
  })

  it('sets, empties and leaves other fields with it', async () => {
    const adapter = await open()
    await insertItems(adapter, [{ rank: 1, note: 'a', code: 'c', active: true }])
    const at = new Date('2026-01-02T03:04:05.678Z')
    const update = { at, note: null, active: false, code: undefined }
    const row = { rank: 2, at, note: null, active: false, code: 'c' }
    expect(await adapter.incrementOne({ ...first, update })).toMatchObject(row)
    expect(await adapter.findOne(first)).toMatchObject(row)
  })

  it('goes up to the bound and not beyond it; what is refused changes nothing', async () => {
    const adapter = await open()
    await insertItems(adapter, [{ rank: 3, note: 'before' }])
    const bounded = { ...first, max: 5, update: { note: 'after' } }
    expect(await adapter.incrementOne({ ...bounded, by: 3 })).toBeNull()
    expect(await adapter.findOne(first)).toMatchObject({ rank: 3, note: 'before' })
    expect(await adapter.incrementOne({ ...bounded, by: 2 })).toMatchObject({ rank: 5, note: 'after' })
    expect(await adapter.incrementOne(bounded)).toBeNull()
    expect(await adapter.incrementOne({ ...bounded, by: -1 })).toMatchObject({ rank: 4 })
  })

  it('does nothing when no row matches', async () => {
    const adapter = await open()
    await insertItems(adapter, [{ rank: 1 }])
    const where = [...first.where, { field: 'rank', value: 2 }]
    expect(await adapter.incrementOne({ ...first, where })).toBeNull()
    expect(await adapter.findOne(first)).toMatchObject({ rank: 1 })
  })

  it('loses none of 50 concurrent steps', async () => {
    const adapter = await open()
    await insertItems(adapter, [{ rank: 0 }])
    const rows = await Promise.all(Array.from({ length: 50 }, () => adapter.incrementOne(first)))
    expect(rows.filter(row => row !== null)).toHaveLength(50)
    expect(await adapter.findOne(first)).toMatchObject({ rank: 50 })
  })

  it('lets exactly 7 of 50 concurrent calls pass a bound of 7', async () => {
    const adapter = await open()
    await insertItems(adapter, [{ rank: 0 }])
    const rows = await Promise.all(Array.from({ length: 50 }, () => adapter.incrementOne({ ...first, max: 7 })))
    expect(rows.filter(row => row !== null)).toHaveLength(7)
    expect(await adapter.findOne(first)).toMatchObject({ rank: 7 })
  })

  it('is undone with its transaction', async () => {
    const adapter = await open()
    await insertItems(adapter, [{ rank: 1 }])
    const failure = new Error('the work failed')
    const work = adapter.transaction(async () => {
      expect(await adapter.incrementOne(first)).toMatchObject({ rank: 2 })
      throw failure
    })
    await expect(work).rejects.toBe(failure)
    expect(await adapter.findOne(first)).toMatchObject({ rank: 1 })
  })

  it('counts once for each of 10 concurrent transactions', async () => {
    const adapter = await open()
    await insertItems(adapter, [{ rank: 0 }])
    const count = async () => adapter.transaction(() => adapter.incrementOne(first))
    await Promise.all(Array.from({ length: 10 }, count))
    expect(await adapter.findOne(first)).toMatchObject({ rank: 10 })
  })
})
