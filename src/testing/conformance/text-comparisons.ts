import type { Comparison } from './comparison.ts'

/** Operators on `name`. */
export const REQUIRED_TEXT: readonly Comparison[] = [
  [
    'eq',
    [
      ['ann', 'ann'],
      ['ANN', ''],
      ['an', ''],
      ['', ''],
    ],
  ],
  [
    'ne',
    [
      ['ann', 'ben cat dan'],
      ['ANN', 'ann ben cat dan'],
      ['', 'ann ben cat dan'],
    ],
  ],
  [
    'lt',
    [
      ['ben', 'ann'],
      ['ann', ''],
      ['zoe', 'ann ben cat dan'],
      ['', ''],
    ],
  ],
  [
    'lte',
    [
      ['ben', 'ann ben'],
      ['amy', ''],
      ['dan', 'ann ben cat dan'],
    ],
  ],
  [
    'gt',
    [
      ['ben', 'cat dan'],
      ['dan', ''],
      ['amy', 'ann ben cat dan'],
    ],
  ],
  [
    'gte',
    [
      ['ben', 'ben cat dan'],
      ['zoe', ''],
      ['', 'ann ben cat dan'],
    ],
  ],
  [
    'in',
    [
      [['ann', 'cat', 'eve'], 'ann cat'],
      [['ann', 'ann'], 'ann'],
      [['ANN'], ''],
      [[], ''],
    ],
  ],
  [
    'not_in',
    [
      [['ann', 'cat'], 'ben dan'],
      [['eve'], 'ann ben cat dan'],
      [[], 'ann ben cat dan'],
    ],
  ],
  [
    'contains',
    [
      ['an', 'ann dan'],
      ['AN', ''],
      ['ann', 'ann'],
      ['annn', ''],
      ['', 'ann ben cat dan'],
    ],
  ],
  [
    'starts_with',
    [
      ['a', 'ann'],
      ['A', ''],
      ['n', ''],
      ['ann', 'ann'],
      ['', 'ann ben cat dan'],
    ],
  ],
  [
    'ends_with',
    [
      ['n', 'ann ben dan'],
      ['N', ''],
      ['an', 'dan'],
      ['xdan', ''],
      ['', 'ann ben cat dan'],
    ],
  ],
  [
    'ilike_eq',
    [
      ['ANN', 'ann'],
      ['ann', 'ann'],
      ['an', ''],
      ['', ''],
    ],
  ],
]

/** Operators on `note`. */
export const OPTIONAL_TEXT: readonly Comparison[] = [
  [
    'eq',
    [
      ['Lorem', 'ann'],
      ['lorem', ''],
      ['null', ''],
      ['', ''],
      [null, 'dan'],
    ],
  ],
  [
    'ne',
    [
      ['Lorem', 'ben cat'],
      ['', 'ann ben cat'],
      [null, 'ann ben cat'],
    ],
  ],
  [
    'lt',
    [
      ['zzz', 'ann ben cat'],
      ['', ''],
    ],
  ],
  [
    'lte',
    [
      ['zzz', 'ann ben cat'],
      ['', ''],
    ],
  ],
  [
    'gt',
    [
      ['', 'ann ben cat'],
      ['zzz', ''],
    ],
  ],
  [
    'gte',
    [
      ['', 'ann ben cat'],
      ['zzz', ''],
    ],
  ],
  [
    'in',
    [
      [['Lorem', 'ipsum'], 'ann ben'],
      [['null', ''], ''],
      [[], ''],
    ],
  ],
  [
    'not_in',
    [
      [['Lorem'], 'ben cat'],
      [['Lorem', 'ipsum', 'LOREM IPSUM'], ''],
      [[], 'ann ben cat'],
    ],
  ],
  [
    'contains',
    [
      ['ore', 'ann'],
      ['ORE', 'cat'],
      ['M I', 'cat'],
      ['', 'ann ben cat'],
    ],
  ],
  [
    'starts_with',
    [
      ['Lo', 'ann'],
      ['LO', 'cat'],
      ['', 'ann ben cat'],
    ],
  ],
  [
    'ends_with',
    [
      ['sum', 'ben'],
      ['a longer ipsum', ''],
      ['', 'ann ben cat'],
    ],
  ],
  [
    'ilike_eq',
    [
      ['lorem ipsum', 'cat'],
      ['lorem', 'ann'],
      ['IPSUM', 'ben'],
      ['null', ''],
    ],
  ],
]
