import type { Adapter, Database } from '../../src/index.ts'

const WRITES = ['create', 'update', 'updateMany', 'delete', 'deleteMany', 'consumeOne', 'incrementOne'] as const

/** A real database, and which models may have other rows than when that was asked last. */
export interface WatchedDatabase extends Database {
  /** `all` after a deletion, which takes along what refers to the row. */
  touched(): Set<string> | 'all'
}

/** Everything that is written goes by the adapter: what it has not been asked to write is as it was. */
export function watchedDatabase(database: Database): WatchedDatabase {
  let models = new Set<string>()
  let isAll = true
  const note = (method: string, model: string) => {
    models.add(model)
    isAll ||= method.startsWith('delete') || method === 'consumeOne'
  }
  return {
    connect: schema => {
      const adapter = database.connect(schema)
      const watched = WRITES.flatMap(method => {
        const run = adapter[method]?.bind(adapter) as ((query: { model: string }) => unknown) | undefined
        // Whoever asks before it is written reads what was there before, and has to read again.
        const observed = async (query: { model: string }) => {
          note(method, query.model)
          try {
            return await run?.(query)
          } finally {
            note(method, query.model)
          }
        }
        // What an adapter cannot do itself the kernel does with the other methods, which are watched, too.
        return run ? [[method, { value: observed, enumerable: true, writable: true, configurable: true }]] : []
      })
      // Descriptors, not values: an adapter may learn its `id` only later.
      const descriptors = { ...Object.getOwnPropertyDescriptors(adapter), ...Object.fromEntries(watched) }
      return Object.defineProperties({}, descriptors) as Adapter
    },
    touched: () => {
      const answer = isAll ? 'all' : models
      models = new Set()
      isAll = false
      return answer
    },
  }
}
