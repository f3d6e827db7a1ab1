import { atOnceCases } from './at-once.ts'
import type { ConformanceCase } from './case.ts'
import { counterCases } from './counters.ts'
import { deletingCases } from './deleting.ts'
import { groupCases } from './groups.ts'
import { joinCases } from './joins.ts'
import { operatorCases } from './operators.ts'
import { pagingCases } from './paging.ts'
import { readingCases } from './reading.ts'
import { rollbackCases } from './rollback.ts'
import { textCases } from './text.ts'
import { transactionCases } from './transactions.ts'
import { uniquenessCases } from './uniqueness.ts'
import { valueCases } from './values.ts'
import { writingCases } from './writing.ts'

/**
 * Every rule of the adapter contract as a case to run, in any test framework or in none. `open` connects the adapter
 * with `conformanceSchema` to tables that are empty; each case calls it once. An adapter that leaves methods out goes
 * through `completeAdapter` first, as `init` does it. Cases that `needs: 'transaction'` are to be skipped for an
 * adapter without a `transaction` of its own.
 *
 * @example
 * ```ts
 * import { test } from 'node:test'
 * import { adapterConformance, completeAdapter, conformanceSchema } from 'kernia/testing'
 * import { myDatabase } from './my-database.ts'
 *
 * const open = async () => {
 *   const adapter = completeAdapter(myDatabase({ url: await createEmptyDatabase() }).connect(conformanceSchema))
 *   await adapter.createSchema()
 *   return adapter
 * }
 * for (const { title, run } of adapterConformance) test(title, () => run(open))
 * ```
 */
export const adapterConformance: readonly ConformanceCase[] = [
  ...operatorCases,
  ...groupCases,
  ...textCases,
  ...pagingCases,
  ...readingCases,
  ...joinCases,
  ...atOnceCases,
  ...writingCases,
  ...deletingCases,
  ...uniquenessCases,
  ...counterCases,
  ...transactionCases,
  ...rollbackCases,
  ...valueCases,
]
