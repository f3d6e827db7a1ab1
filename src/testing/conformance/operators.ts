import type { ConformanceCase } from './case.ts'
import type { Comparison } from './comparison.ts'
import { findsPeople } from './finding.ts'
import { nullCases } from './null-comparisons.ts'
import { LARGE_NUMBER, NUMBER } from './number-comparisons.ts'
import { BOOLEAN, DATE } from './other-comparisons.ts'
import { OPTIONAL_TEXT, REQUIRED_TEXT } from './text-comparisons.ts'

const COLUMNS: readonly (readonly [field: string, description: string, comparisons: readonly Comparison[]])[] = [
  ['name', 'required text', REQUIRED_TEXT],
  ['note', 'optional text in a renamed column', OPTIONAL_TEXT],
  ['rank', 'numbers', NUMBER],
  ['size', 'numbers beyond 32 bits', LARGE_NUMBER],
  ['at', 'dates', DATE],
  ['active', 'booleans', BOOLEAN],
]

/** Every operator on every type of column that it makes sense for. */
export const operatorCases: readonly ConformanceCase[] = [
  ...COLUMNS.flatMap(([field, description, comparisons]) =>
    comparisons.map(([operator, results]) =>
      findsPeople(
        `compares ${description} with ${operator}`,
        results.map(([value, names]) => [[{ field, value, operator }], names]),
      ),
    ),
  ),
  findsPeople('compares with eq when no operator is given', [
    [[{ field: 'name', value: 'ann' }], 'ann'],
    [[{ field: 'rank', value: 2 }], 'ben'],
    [[{ field: 'active', value: true }], 'ann cat'],
    [[{ field: 'at', value: new Date(2000) }], 'ben'],
    [[{ field: 'code', value: 'c' }], 'cat'],
  ]),
  findsPeople('finds rows without a value by eq null, in columns of every type', [
    [[{ field: 'name', value: null }], ''],
    [[{ field: 'code', value: null }], 'dan'],
    [[{ field: 'rank', value: null }], 'dan'],
    [[{ field: 'active', value: null }], 'dan'],
    [[{ field: 'at', value: null }], 'dan'],
    [[{ field: 'data', value: null }], 'ann ben cat dan'],
    [[{ field: 'ownerId', value: null }], 'ann ben cat dan'],
  ]),
  findsPeople('finds rows with a value by ne null, in columns of every type', [
    [[{ field: 'name', value: null, operator: 'ne' }], 'ann ben cat dan'],
    [[{ field: 'code', value: null, operator: 'ne' }], 'ann ben cat'],
    [[{ field: 'size', value: null, operator: 'ne' }], 'ann ben cat'],
    [[{ field: 'data', value: null, operator: 'ne' }], ''],
    [[{ field: 'ownerId', value: null, operator: 'ne' }], ''],
  ]),
  ...nullCases,
]
