import type { Operator, Where } from '../../adapters/contract.ts'

/** An operator on a column, with values to compare with and the names that they find. */
export type Comparison = readonly [
  operator: Operator,
  results: readonly (readonly [value: Where['value'], names: string])[],
]
