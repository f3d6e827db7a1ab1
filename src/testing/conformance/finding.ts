import assert from 'node:assert/strict'
import type { Adapter, Row, Where } from '../../adapters/contract.ts'
import type { ConformanceCase } from './case.ts'
import { insertItems } from './rows.ts'

/** Four items: one of each value, and one without any. */
export const PEOPLE: readonly Row[] = [
  { name: 'ann', code: 'a', rank: 1, size: 9, active: true, at: new Date(1000), note: 'Lorem' },
  { name: 'ben', code: 'b', rank: 2, size: 10, active: false, at: new Date(2000), note: 'ipsum' },
  {
    name: 'cat',
    code: 'c',
    rank: 3,
    size: 9_007_199_254_740_991,
    active: true,
    at: new Date(3000),
    note: 'LOREM IPSUM',
  },
  { name: 'dan', code: null, rank: null, size: null, active: null, at: null, note: null },
]

/** Conditions, and the names of the people who meet them. */
export type Expectation = readonly [where: readonly Where[], names: string]

/** A case that compares the people with each of these conditions, in `findMany` and in `count`. */
export function findsPeople(title: string, expectations: readonly Expectation[]): ConformanceCase {
  return {
    title,
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, PEOPLE)
      const actual: [where: string, names: string, count: number][] = []
      for (const [where] of expectations) actual.push([JSON.stringify(where), ...(await found(adapter, where))])
      const expected = expectations.map(([where, names]) => [
        JSON.stringify(where),
        names,
        names ? names.split(' ').length : 0,
      ])
      assert.deepEqual(actual, expected)
    },
  }
}

async function found(adapter: Adapter, where: readonly Where[]): Promise<[names: string, count: number]> {
  const rows = await adapter.findMany({ model: 'item', where, sortBy: { field: 'name', direction: 'asc' } })
  return [rows.map(({ name }) => name).join(' '), await adapter.count({ model: 'item', where })]
}
