import assert from 'node:assert/strict'
import type { Adapter, Row } from '../../adapters/contract.ts'

/** Opens the adapter under test: connected with `conformanceSchema`, its tables created and empty. */
export type OpenAdapter = () => Promise<Adapter>

/** One rule of the adapter contract, checked. It needs no test framework: `run` rejects where the rule is broken. */
export interface ConformanceCase {
  /** Unique among all cases. */
  title: string
  /** Skip this case for an adapter without a `transaction` of its own, which cannot undo what it wrote. */
  needs?: 'transaction'
  /** Opens the adapter once. Closing it is the caller's part. */
  run(open: OpenAdapter): Promise<void>
}

/** Asserts that a row has these values; it may have others besides. */
export function assertFields(row: Row | null | undefined, expected: Row): void {
  assert.ok(row, 'there is a row')
  assert.deepEqual(Object.fromEntries(Object.keys(expected).map(key => [key, row[key]])), expected)
}
