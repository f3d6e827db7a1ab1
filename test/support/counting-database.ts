import type { Adapter, Database } from '../../src/index.ts'

/** A call of the adapter: `findOne session`. */
export type AdapterCall = `${string} ${string}`

export interface CountingDatabase extends Database {
  /** Calls so far; empty it to start anew. */
  calls: AdapterCall[]
  /** Makes a call fail with what it returns; `undefined` lets it through to the real adapter. */
  failure?: (call: AdapterCall) => Error | undefined
}

const COUNTED = [
  'create',
  'findOne',
  'findMany',
  'update',
  'updateMany',
  'delete',
  'deleteMany',
  'count',
  'consumeOne',
  'incrementOne',
] as const

/** A real database that also tells which calls reached it, and can be made to fail. */
export function countingDatabase(database: Database): CountingDatabase {
  const counting: CountingDatabase = {
    calls: [],
    connect: schema => {
      const adapter = database.connect(schema)
      const counted = COUNTED.flatMap(method => {
        // What an adapter cannot do itself the kernel does with the other methods, which are counted, too.
        const run = adapter[method]?.bind(adapter) as ((query: { model: string }) => Promise<unknown>) | undefined
        if (!run) return []
        const observed = async (query: { model: string }) => {
          const call: AdapterCall = `${method} ${query.model}`
          counting.calls.push(call)
          const error = counting.failure?.(call)
          if (error) throw error
          return run(query)
        }
        return [[method, observed]]
      })
      return { ...adapter, ...Object.fromEntries(counted) } as Adapter
    },
  }
  return counting
}
