import type { Comparison } from './comparison.ts'

const LARGE = 9_007_199_254_740_991

/** Operators on `rank`. */
export const NUMBER: readonly Comparison[] = [
  [
    'eq',
    [
      [2, 'ben'],
      [0, ''],
      [-2, ''],
      [null, 'dan'],
    ],
  ],
  [
    'ne',
    [
      [2, 'ann cat'],
      [0, 'ann ben cat'],
      [null, 'ann ben cat'],
    ],
  ],
  [
    'lt',
    [
      [2, 'ann'],
      [1, ''],
      [4, 'ann ben cat'],
      [-1, ''],
    ],
  ],
  [
    'lte',
    [
      [2, 'ann ben'],
      [0, ''],
      [3, 'ann ben cat'],
    ],
  ],
  [
    'gt',
    [
      [2, 'cat'],
      [3, ''],
      [0, 'ann ben cat'],
      [-5, 'ann ben cat'],
    ],
  ],
  [
    'gte',
    [
      [2, 'ben cat'],
      [4, ''],
      [1, 'ann ben cat'],
    ],
  ],
  [
    'in',
    [
      [[2, 3], 'ben cat'],
      [[2], 'ben'],
      [[0], ''],
      [[], ''],
    ],
  ],
  [
    'not_in',
    [
      [[2], 'ann cat'],
      [[1, 2, 3], ''],
      [[0], 'ann ben cat'],
      [[], 'ann ben cat'],
    ],
  ],
]

/** Operators on `size`. */
export const LARGE_NUMBER: readonly Comparison[] = [
  [
    'eq',
    [
      [LARGE, 'cat'],
      [LARGE - 1, ''],
      [9, 'ann'],
      [null, 'dan'],
    ],
  ],
  [
    'ne',
    [
      [LARGE, 'ann ben'],
      [LARGE - 1, 'ann ben cat'],
    ],
  ],
  [
    'lt',
    [
      [10, 'ann'],
      [LARGE, 'ann ben'],
    ],
  ],
  [
    'lte',
    [
      [10, 'ann ben'],
      [LARGE, 'ann ben cat'],
    ],
  ],
  [
    'gt',
    [
      [9, 'ben cat'],
      [LARGE - 1, 'cat'],
      [LARGE, ''],
    ],
  ],
  [
    'gte',
    [
      [10, 'ben cat'],
      [LARGE, 'cat'],
    ],
  ],
  [
    'in',
    [
      [[9, LARGE], 'ann cat'],
      [[LARGE - 1], ''],
    ],
  ],
  [
    'not_in',
    [
      [[9, LARGE], 'ben'],
      [[], 'ann ben cat'],
    ],
  ],
]
