import assert from 'node:assert/strict'
import type { FindMany, Row } from '../../adapters/contract.ts'
import type { ConformanceCase } from './case.ts'
import { insertItems } from './rows.ts'

type Paging = Partial<FindMany>

const RANKED: readonly Row[] = [
  { name: 'cid', rank: 3, active: true, at: new Date(3000), note: 'c' },
  { name: 'abe', rank: null, active: null, at: null, note: null },
  { name: 'eva', rank: 5, active: null, at: new Date(-5000), note: 'e' },
  { name: 'bob', rank: -2, active: false, at: new Date(2000), note: null },
]

/** A case on the ranked items: the names that a query gives, in their order. */
function gives(title: string, queries: readonly (readonly [query: Paging, names: string])[]): ConformanceCase {
  return {
    title,
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, RANKED)
      const actual: [query: Paging, names: string][] = []
      for (const [query] of queries) {
        const rows = await adapter.findMany({ model: 'item', where: [], ...query })
        actual.push([query, rows.map(({ name }) => name).join(' ')])
      }
      assert.deepEqual(actual, queries)
    },
  }
}

const by = (field: string, direction: 'asc' | 'desc' = 'asc') => ({ field, direction })
const hasRank = [{ field: 'rank', value: null, operator: 'ne' as const }]

/** Which fields of which rows come back, in which order. */
export const pagingCases: readonly ConformanceCase[] = [
  gives('sorts by text', [
    [{ sortBy: by('name') }, 'abe bob cid eva'],
    [{ sortBy: by('name', 'desc') }, 'eva cid bob abe'],
  ]),
  gives('sorts by numbers, rows without a value first in ascending order', [
    [{ sortBy: by('rank') }, 'abe bob cid eva'],
    [{ sortBy: by('rank', 'desc') }, 'eva cid bob abe'],
  ]),
  gives('sorts by dates, before 1970 too, rows without a value first in ascending order', [
    [{ sortBy: by('at') }, 'abe eva bob cid'],
    [{ sortBy: by('at', 'desc') }, 'cid bob eva abe'],
  ]),
  gives('sorts by booleans, false before true', [
    [{ sortBy: by('active'), where: [{ field: 'active', value: null, operator: 'ne' }] }, 'bob cid'],
    [{ sortBy: by('active', 'desc'), where: [{ field: 'active', value: null, operator: 'ne' }] }, 'cid bob'],
  ]),
  gives('sorts by a renamed column', [
    [{ sortBy: by('note'), where: [{ field: 'note', value: null, operator: 'ne' }] }, 'cid eva'],
    [{ sortBy: by('note', 'desc'), limit: 2 }, 'eva cid'],
  ]),
  gives('limits sorted rows', [
    [{ sortBy: by('rank'), limit: 1 }, 'abe'],
    [{ sortBy: by('rank'), limit: 2 }, 'abe bob'],
    [{ sortBy: by('rank'), limit: 9 }, 'abe bob cid eva'],
    [{ sortBy: by('rank', 'desc'), limit: 3 }, 'eva cid bob'],
  ]),
  gives('gives nothing for a limit of 0', [[{ limit: 0 }, '']]),
  gives('skips sorted rows', [
    [{ sortBy: by('rank'), offset: 0 }, 'abe bob cid eva'],
    [{ sortBy: by('rank'), offset: 1 }, 'bob cid eva'],
    [{ sortBy: by('rank', 'desc'), offset: 3 }, 'abe'],
    [{ sortBy: by('rank'), offset: 4 }, ''],
    [{ sortBy: by('rank'), offset: 9 }, ''],
  ]),
  gives('limits and skips at once', [
    [{ sortBy: by('rank'), limit: 2, offset: 1 }, 'bob cid'],
    [{ sortBy: by('rank'), limit: 2, offset: 3 }, 'eva'],
    [{ sortBy: by('rank', 'desc'), limit: 1, offset: 2 }, 'bob'],
    [{ sortBy: by('rank', 'desc'), limit: 2, offset: 4 }, ''],
  ]),
  gives('compares before it sorts, limits and skips', [
    [{ where: hasRank, sortBy: by('rank'), limit: 2 }, 'bob cid'],
    [{ where: hasRank, sortBy: by('rank', 'desc'), offset: 1 }, 'cid bob'],
    [{ where: hasRank, sortBy: by('name'), limit: 1, offset: 1 }, 'cid'],
  ]),
  {
    title: 'sorts numbers as numbers, not as text',
    run: async open => {
      const adapter = await open()
      const numbers = [10, 9, -10, 100, -9, 0]
      const rows = numbers.map(rank => ({ rank }))
      await insertItems(adapter, rows)
      const found = await adapter.findMany({ model: 'item', where: [], sortBy: by('rank') })
      const ranks = found.map(({ rank }) => rank)
      assert.deepEqual(ranks, [-10, -9, 0, 9, 10, 100])
    },
  },
  {
    title: 'gives at most 100 rows unless told otherwise, and counts all',
    run: async open => {
      const adapter = await open()
      await insertItems(
        adapter,
        Array.from({ length: 101 }, (_, rank) => ({ rank })),
      )
      assert.equal((await adapter.findMany({ model: 'item', where: [] })).length, 100)
      assert.equal((await adapter.findMany({ model: 'item', where: [], limit: 200 })).length, 101)
      assert.equal((await adapter.findMany({ model: 'item', where: [], offset: 100 })).length, 1)
      assert.equal(await adapter.count({ model: 'item' }), 101)
    },
  },
  {
    title: 'compares with a list of 1000 values',
    run: async open => {
      const adapter = await open()
      await insertItems(adapter, [{ rank: 0 }, { rank: 999 }, { rank: 1000 }])
      const value = Array.from({ length: 1000 }, (_, index) => index)
      assert.equal(await adapter.count({ model: 'item', where: [{ field: 'rank', value, operator: 'in' }] }), 2)
      assert.equal(await adapter.count({ model: 'item', where: [{ field: 'rank', value, operator: 'not_in' }] }), 1)
    },
  },
]
