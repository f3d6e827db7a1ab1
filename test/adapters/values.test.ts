import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Adapter, Row } from '../../src/index.ts'
import { describeEveryAdapter } from './conformance.ts'

describeEveryAdapter('values of every type', open => {
  const roundTrip = async (adapter: Adapter, id: string, values: Row) => {
    await adapter.create({ model: 'item', data: { id, name: id, ...values } })
    return adapter.findOne({ model: 'item', where: [{ field: 'id', value: id }] })
  }

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
