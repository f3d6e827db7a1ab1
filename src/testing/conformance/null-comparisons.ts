import type { Operator, Where } from '../../adapters/contract.ts'
import type { ConformanceCase } from './case.ts'
import { findsPeople } from './finding.ts'

const ORDER: readonly Operator[] = ['lt', 'lte', 'gt', 'gte']
const TEXT: readonly Operator[] = ['contains', 'starts_with', 'ends_with', 'ilike_eq']

const withNull = (field: string, operator: Operator): Where => ({ field, operator, value: null })
const isIn = (field: string, ...value: (string | number | null)[]): Where => ({ field, operator: 'in', value })
const isNotIn = (field: string, ...value: (string | number | null)[]): Where => ({ field, operator: 'not_in', value })

/** Null is apart from every value: what it is not asked for by `eq`, `ne` or a list, it does not meet. */
export const nullCases: readonly ConformanceCase[] = [
  findsPeople(
    'finds nothing by an order that null is part of, in columns of every type',
    ['name', 'note', 'rank', 'size', 'active', 'at'].flatMap(field =>
      ORDER.map(operator => [[withNull(field, operator)], ''] as const),
    ),
  ),
  findsPeople(
    'finds nothing by a part of a text that null is',
    ['name', 'note'].flatMap(field => TEXT.map(operator => [[withNull(field, operator)], ''] as const)),
  ),
  findsPeople('takes in with null for "is null, or one of the others"', [
    [[isIn('note', 'Lorem', null)], 'ann dan'],
    [[isIn('note', null, 'Lorem', null, 'ipsum')], 'ann ben dan'],
    [[isIn('note', null)], 'dan'],
    [[isIn('rank', 2, null)], 'ben dan'],
    [[isIn('size', null, 10)], 'ben dan'],
    [[isIn('name', 'ann', null)], 'ann'],
    [[isIn('name', null)], ''],
    [[isIn('ownerId', null)], 'ann ben cat dan'],
  ]),
  findsPeople('finds no row without a value by not_in, with or without null in the list', [
    [[isNotIn('note', 'Lorem', null)], 'ben cat'],
    [[isNotIn('note', null)], 'ann ben cat'],
    [[isNotIn('note', 'Lorem')], 'ben cat'],
    [[isNotIn('rank', 1, null, 2)], 'cat'],
    [[isNotIn('size', null, 10)], 'ann cat'],
    [[isNotIn('name', 'ann', null)], 'ben cat dan'],
    [[isNotIn('name', null)], 'ann ben cat dan'],
    [[isNotIn('ownerId', null)], ''],
  ]),
  findsPeople('takes in for eq to one of the list, and not_in for ne to each of it', [
    [[{ ...isIn('rank', 3, null), connector: 'AND' }], 'cat dan'],
    [
      [
        { field: 'rank', value: 3, connector: 'OR' },
        { field: 'rank', value: null, connector: 'OR' },
      ],
      'cat dan',
    ],
    [[isNotIn('rank', 3)], 'ann ben'],
    [[{ field: 'rank', value: 3, operator: 'ne' }], 'ann ben'],
    [[isNotIn('rank', 3, null)], 'ann ben'],
    [
      [
        { field: 'rank', value: 3, operator: 'ne' },
        { field: 'rank', value: null, operator: 'ne' },
      ],
      'ann ben',
    ],
  ]),
  findsPeople('groups comparisons with null like any other', [
    [
      [
        { ...withNull('rank', 'lt'), connector: 'OR' },
        { field: 'name', value: 'ann', connector: 'OR' },
      ],
      'ann',
    ],
    [[isIn('rank', 1, null), { field: 'name', value: 'dan', connector: 'OR' }], 'dan'],
    [[isIn('rank', 1, null), withNull('note', 'contains')], ''],
    [[isIn('rank', 1, 2, null), isNotIn('note', 'Lorem', null)], 'ben'],
  ]),
]
