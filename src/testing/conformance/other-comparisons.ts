import type { Comparison } from './comparison.ts'

const at = (milliseconds: number) => new Date(milliseconds)

/** Operators on `at`. */
export const DATE: readonly Comparison[] = [
  [
    'eq',
    [
      [at(2000), 'ben'],
      [at(2001), ''],
      [at(0), ''],
      [null, 'dan'],
    ],
  ],
  [
    'ne',
    [
      [at(2000), 'ann cat'],
      [at(0), 'ann ben cat'],
      [null, 'ann ben cat'],
    ],
  ],
  [
    'lt',
    [
      [at(2000), 'ann'],
      [at(2001), 'ann ben'],
      [at(-1), ''],
    ],
  ],
  [
    'lte',
    [
      [at(2000), 'ann ben'],
      [at(1999), 'ann'],
      [at(0), ''],
    ],
  ],
  [
    'gt',
    [
      [at(1999), 'ben cat'],
      [at(2000), 'cat'],
      [at(3000), ''],
    ],
  ],
  [
    'gte',
    [
      [at(2000), 'ben cat'],
      [at(2001), 'cat'],
      [at(-1), 'ann ben cat'],
    ],
  ],
]

/** Operators on `active`. */
export const BOOLEAN: readonly Comparison[] = [
  [
    'eq',
    [
      [true, 'ann cat'],
      [false, 'ben'],
      [null, 'dan'],
    ],
  ],
  [
    'ne',
    [
      [true, 'ben'],
      [false, 'ann cat'],
      [null, 'ann ben cat'],
    ],
  ],
  [
    'lt',
    [
      [true, 'ben'],
      [false, ''],
    ],
  ],
  [
    'lte',
    [
      [true, 'ann ben cat'],
      [false, 'ben'],
    ],
  ],
  [
    'gt',
    [
      [true, ''],
      [false, 'ann cat'],
    ],
  ],
  [
    'gte',
    [
      [true, 'ann cat'],
      [false, 'ann ben cat'],
    ],
  ],
]
