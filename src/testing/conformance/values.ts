import assert from 'node:assert/strict'
import type { Row } from '../../adapters/contract.ts'
import { assertFields, type ConformanceCase } from './case.ts'

/** A case that writes these values, one row each, in `create` and in `update`, and reads them. */
function keeps(title: string, rows: readonly Row[]): ConformanceCase {
  return {
    title: `keeps ${title}`,
    run: async open => {
      const adapter = await open()
      await adapter.create({ model: 'item', data: { id: 'updated', name: 'updated' } })
      for (const [index, values] of rows.entries()) {
        const id = `item ${index}`
        assertFields(await adapter.create({ model: 'item', data: { id, name: id, ...values } }), values)
        assertFields(await adapter.findOne({ model: 'item', where: [{ field: 'id', value: id }] }), values)
        const updated = [{ field: 'id', value: 'updated' }]
        assertFields(await adapter.update({ model: 'item', where: updated, update: values }), values)
        assertFields(await adapter.findOne({ model: 'item', where: updated }), values)
      }
    },
  }
}

const dates = (...texts: string[]): Row[] => texts.map(text => ({ at: new Date(text) }))
const notes = (...texts: string[]): Row[] => texts.map(note => ({ note }))

const foundByDate: ConformanceCase = {
  title: 'finds dates by their millisecond',
  run: async open => {
    const adapter = await open()
    const texts = ['1901-06-15T12:00:00.500Z', '1969-12-31T23:59:59.999Z', '2026-01-02T03:04:05.678Z']
    for (const id of texts) await adapter.create({ model: 'item', data: { id, name: id, at: new Date(id) } })
    for (const id of texts) {
      const where = [{ field: 'at', value: new Date(id) }]
      assert.deepEqual(await adapter.findMany({ model: 'item', where, select: ['id'] }), [{ id }])
    }
    const later = [{ field: 'at', value: new Date('2026-01-02T03:04:05.677Z'), operator: 'gt' as const }]
    assert.equal(await adapter.count({ model: 'item', where: later }), 1)
  },
}

/** Values come back as they were written, whatever the engine stores. */
export const valueCases: readonly ConformanceCase[] = [
  keeps('dates to the millisecond', dates('2026-01-02T03:04:05.678Z', '2026-01-02T03:04:05.001Z')),
  keeps('dates before 1970', dates('1970-01-01T00:00:00.000Z', '1969-12-31T23:59:59.999Z', '1901-06-15T12:00:00.500Z')),
  keeps('dates far ahead', dates('2038-01-19T03:14:08.000Z', '2100-02-28T00:00:00.000Z', '9999-12-31T23:59:59.999Z')),
  keeps('dates in the hours that clocks skip or repeat', dates('2026-03-29T02:30:00.000Z', '2026-10-25T01:30:00.000Z')),
  foundByDate,
  keeps('booleans', [{ active: true }, { active: false }]),
  keeps('numbers of 32 bits', [{ rank: 0 }, { rank: -1 }, { rank: -2_147_483_648 }, { rank: 2_147_483_647 }]),
  keeps('numbers beyond 32 bits', [{ size: Number.MAX_SAFE_INTEGER }, { size: Number.MIN_SAFE_INTEGER }, { size: 0 }]),
  keeps('fractions', [{ size: 1.5 }, { size: -0.25 }]),
  keeps('JSON', [
    { data: {} },
    { data: { text: 'é 😀 "quoted"', list: [1, null, 'x'], nested: { deep: { yes: true } }, zero: 0 } },
    { data: { '': 'no key', 'a b': 1, null: null, number: '1' } },
  ]),
  keeps('JSON with keys that databases give a meaning', [
    { data: { $set: { a: 1 }, $gt: '', 'a.b': 1, _id: 'x', _bsontype: 'ObjectId' } },
  ]),
  keeps('lists of text', [
    { tags: [] },
    { tags: ['a', 'ü', '', 'with "quotes", and, commas', '{}'] },
    { tags: ['\\', "'", 'null', '1', ' '] },
  ]),
  keeps('lists of numbers', [{ scores: [] }, { scores: [1, -2, 3.5] }, { scores: [0, Number.MAX_SAFE_INTEGER] }]),
  keeps('null apart from empty', [
    { note: '', tags: [], scores: [], data: {}, rank: 0, size: 0, active: false, at: new Date(0) },
    { note: null, tags: null, scores: null, data: null, rank: null, size: null, active: null, at: null, ownerId: null },
  ]),
  keeps('text beyond the Latin alphabet', notes('漢字', 'Ω≈ç√', 'שלום', 'مرحبا', 'ไทย', '😀👩‍👩‍👧')),
  keeps('text composed or not', notes('\u00e9', 'e\u0301', '\ufb01')),
  keeps('spaces and line ends in text', notes(' padded ', '\t', 'line\r\nend', '\n', '\u00a0\u200b\ufeff')),
  keeps('text that looks like something else', notes('null', 'true', '0', '1e3', '{"a":1}', '[]', '2026-01-01')),
  keeps('text that would end a literal', notes("' or 1=1; --", '\\', '"', "\\'", '`', '$1', '?', ':name', '%s')),
  {
    title: 'keeps 64 KiB of text',
    run: async open => {
      const adapter = await open()
      for (const note of ['x'.repeat(65_536), '漢'.repeat(65_536)]) {
        const id = note.slice(0, 1)
        await adapter.create({ model: 'item', data: { id, name: id, note } })
        const found = await adapter.findOne({ model: 'item', where: [{ field: 'id', value: id }] })
        assert.ok(found?.note === note, `65,536 times ${id}`)
      }
    },
  },
]
