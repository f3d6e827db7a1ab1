import { afterAll, describe, expect, it } from 'vitest'
import { type AdapterMethods, memoryAdapter } from '../../src/index.ts'
import {
  adapterConformance,
  type ConformanceCase,
  completeAdapter,
  conformanceSchema,
  type OpenAdapter,
} from '../../src/testing/index.ts'
import { describeEveryAdapter } from './conformance.ts'

const passed = new Map<string, number>()

afterAll(() => {
  const counts = [...passed].map(([name, count]) => `${name} ${count}`)
  console.log(`conformance cases passed, of ${adapterConformance.length}: ${counts.join(', ')}`)
})

function runEach(cases: readonly ConformanceCase[], open: OpenAdapter, name: string): void {
  for (const { title, run } of cases) {
    it(title, async () => {
      await run(open)
      passed.set(name, (passed.get(name) ?? 0) + 1)
    })
  }
}

describe('the adapter conformance suite', () => {
  it('has at least 100 cases, each with a title of its own', () => {
    const titles = new Set(adapterConformance.map(({ title }) => title))
    expect(titles.size).toBe(adapterConformance.length)
    expect(adapterConformance.filter(({ needs }) => !needs).length).toBeGreaterThanOrEqual(100)
  })
})

describeEveryAdapter('adapter conformance', (open, name) => runEach(adapterConformance, open, name))

describe('adapter conformance (no optional methods)', () => {
  const withoutRollback = adapterConformance.filter(({ needs }) => needs !== 'transaction')
  runEach(withoutRollback, async () => completeAdapter(mandatoryMethods()), 'no optional methods')
})

/** The memory adapter with every method left out that may be. */
function mandatoryMethods(): AdapterMethods {
  const {
    id,
    create,
    findOne,
    findMany,
    update,
    updateMany,
    delete: remove,
    deleteMany,
    count,
  } = memoryAdapter().connect(conformanceSchema)
  return { id, create, findOne, findMany, update, updateMany, delete: remove, deleteMany, count }
}
