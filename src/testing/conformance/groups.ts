import type { Where } from '../../adapters/contract.ts'
import type { ConformanceCase } from './case.ts'
import { findsPeople } from './finding.ts'

type Connector = Where['connector']

const is = (name: string, connector?: Connector): Where => ({ field: 'name', value: name, connector })
const isActive = (connector?: Connector): Where => ({ field: 'active', value: true, connector })
const above = (rank: number, connector?: Connector): Where => ({
  field: 'rank',
  value: rank,
  operator: 'gt',
  connector,
})

/** All `AND` conditions must hold and, if there are any, at least one of the `OR` conditions. */
export const groupCases: readonly ConformanceCase[] = [
  findsPeople('finds all rows without a condition', [[[], 'ann ben cat dan']]),
  findsPeople('joins conditions by AND when no connector is given', [
    [[is('ann'), is('ben')], ''],
    [[is('ann'), isActive()], 'ann'],
    [[is('ben'), isActive()], ''],
  ]),
  findsPeople('demands every AND condition', [
    [[isActive('AND'), above(1, 'AND')], 'cat'],
    [[above(0, 'AND'), above(1, 'AND'), above(2, 'AND')], 'cat'],
    [[above(1), isActive('AND')], 'cat'],
  ]),
  findsPeople('takes a single OR condition as one that must hold', [
    [[is('ann', 'OR')], 'ann'],
    [[is('eve', 'OR')], ''],
  ]),
  findsPeople('demands one of several OR conditions', [
    [[is('ann', 'OR'), is('ben', 'OR')], 'ann ben'],
    [[is('ann', 'OR'), is('eve', 'OR'), is('dan', 'OR')], 'ann dan'],
    [[is('eve', 'OR'), is('zoe', 'OR')], ''],
  ]),
  findsPeople('demands an AND condition and one of the OR conditions, AND first', [
    [[isActive(), is('ann', 'OR'), is('ben', 'OR')], 'ann'],
    [[isActive(), is('ben', 'OR'), is('dan', 'OR')], ''],
  ]),
  findsPeople('demands an AND condition and one of the OR conditions, AND last', [
    [[is('ann', 'OR'), is('ben', 'OR'), isActive()], 'ann'],
    [[is('ann', 'OR'), is('cat', 'OR'), above(2)], 'cat'],
  ]),
  findsPeople('demands an AND condition and one of the OR conditions, AND between', [
    [[is('ann', 'OR'), isActive('AND'), is('cat', 'OR')], 'ann cat'],
    [[is('ben', 'OR'), isActive(), is('cat', 'OR')], 'cat'],
  ]),
  findsPeople('demands both AND conditions and one of the OR conditions, in any order', [
    [[isActive(), is('ann', 'OR'), above(0), is('ben', 'OR')], 'ann'],
    [[is('ann', 'OR'), is('cat', 'OR'), isActive(), above(1)], 'cat'],
    [[above(1), isActive(), is('cat', 'OR'), is('ben', 'OR')], 'cat'],
    [[is('cat', 'OR'), above(1), is('ben', 'OR'), above(2)], 'cat'],
  ]),
  findsPeople('groups a single OR condition with AND conditions', [
    [[isActive(), is('ben', 'OR')], ''],
    [[is('cat', 'OR'), isActive()], 'cat'],
  ]),
  findsPeople('groups conditions on null and on lists', [
    [[{ field: 'rank', value: null, connector: 'OR' }, is('ann', 'OR')], 'ann dan'],
    [[{ field: 'rank', value: null, operator: 'ne' }, is('dan', 'OR'), is('cat', 'OR')], 'cat'],
    [[{ field: 'name', value: [], operator: 'in', connector: 'OR' }, is('ben', 'OR')], 'ben'],
    [
      [
        { field: 'name', value: ['ann', 'dan'], operator: 'in' },
        { field: 'at', value: null },
      ],
      'dan',
    ],
    [[{ field: 'rank', value: [], operator: 'not_in' }, is('dan', 'OR'), is('ann', 'OR')], 'ann'],
  ]),
  findsPeople('groups several conditions on one column', [
    [[above(1), { field: 'rank', value: 3, operator: 'lt' }], 'ben'],
    [[{ field: 'rank', value: 2, operator: 'lt', connector: 'OR' }, above(2, 'OR')], 'ann cat'],
    [
      [
        { field: 'note', value: 'L', operator: 'starts_with' },
        { field: 'note', value: 'M', operator: 'ends_with' },
      ],
      'cat',
    ],
  ]),
]
