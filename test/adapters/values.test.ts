import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Adapter, Row } from '../../src/index.ts'
import { describeEveryAdapter } from './conformance.ts'

describeEveryAdapter('values of every type', open => {
  const roundTrip = async (adapter: Adapter, id: string, values: Row) => {
    await adapter.create({ model: 'item', data: { id, name: id, ...values } })
    return adapter.findOne({ model: 'item', where: [{ field: 'id', value: id }] })
  }

  it('keeps dates to the millisecond, before 1970 and far ahead too', async () => {
    const adapter = await open()
    const dates = [
      '2026-01-02T03:04:05.678Z',
      '2026-01-02T03:04:05.001Z',
      '1970-01-01T00:00:00.000Z',
      '1969-12-31T23:59:59.999Z',
      '1901-06-15T12:00:00.500Z',
      '2038-01-19T03:14:08.000Z',
      '9999-12-31T23:59:59.999Z',
    ]
    for (const iso of dates) {
      const found = await roundTrip(adapter, iso, { at: new Date(iso) })
      expect.soft(found?.at).toEqual(new Date(iso))
      const where = [{ field: 'at', value: new Date(iso) }]
      expect.soft(await adapter.count({ model: 'item', where }), iso).toBe(1)
    }
  })

  it('keeps booleans, numbers, JSON and lists', async () => {
    const adapter = await open()
    const rows: Row[] = [
      { active: true },
      { active: false },
      { rank: 0 },
      { rank: -2_147_483_648 },
      { rank: 2_147_483_647 },
      { size: Number.MAX_SAFE_INTEGER },
      { size: 1.5 },
      { data: {} },
      { data: { text: 'é 😀 "quoted"', list: [1, null, 'x'], nested: { deep: { yes: true } }, zero: 0 } },
      { tags: [] },
      { tags: ['a', 'ü', '', 'with "quotes", and, commas', '{}'] },
      { scores: [1, -2, 3.5] },
    ]
    for (const [index, values] of rows.entries()) {
      expect.soft(await roundTrip(adapter, `row ${index}`, values)).toMatchObject(values)
    }
  })

  it('keeps null apart from empty', async () => {
    const adapter = await open()
    const empty = { note: '', tags: [], data: {}, rank: 0, active: false }
    expect(await roundTrip(adapter, 'empty', empty)).toMatchObject(empty)
    const nothing = { note: null, tags: null, data: null, rank: null, active: null, at: null, ownerId: null }
    expect(await roundTrip(adapter, 'nothing', nothing)).toMatchObject(nothing)
  })

  it('keeps text as it is: composed or not, with line ends, 64 KiB of it', async () => {
    const adapter = await open()
    const texts = [
      'é',
      'e\u0301',
      '😀👩‍👩‍👧',
      ' padded ',
      'line\r\nend\ttab',
      "' or 1=1; --",
      '\\',
      '"',
      '{"a":1}',
      'null',
    ]
    for (const note of [...texts, 'x'.repeat(65_536), '漢'.repeat(65_536)]) {
      const found = await roundTrip(adapter, crypto.randomUUID(), { note })
      expect.soft(found?.note === note, note.slice(0, 20)).toBe(true)
    }
  })

  it('keeps any text, date and JSON (property)', async () => {
    const adapter = await open()
    // PostgreSQL has no NUL in text; inputs with one are refused before they reach a database.
    const text = fc.string({ unit: 'binary', maxLength: 50 }).filter(value => !value.includes('\0'))
    const json = fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.oneof(text, fc.boolean(), fc.integer()))
    const date = fc.date({ min: new Date('1000-01-01'), max: new Date('9999-01-01'), noInvalidDate: true })
    const values = fc.record({ note: text, data: json, tags: fc.array(text, { maxLength: 4 }), at: date })
    const property = fc.asyncProperty(values, async given => {
      expect(await roundTrip(adapter, crypto.randomUUID(), given)).toMatchObject(given)
    })
    await fc.assert(property, { numRuns: 50 })
  })
})
