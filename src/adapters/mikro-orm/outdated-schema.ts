import { type AdapterMethods, SchemaOutOfDate } from '../contract.ts'
import type { DatabaseError } from './dialect.ts'

/** How engines say that a table or column does not exist. */
const MISSING: Record<string, (error: DatabaseError & Error) => boolean> = {
  sqlite: ({ errcode, message }) => errcode === 1 && /no such (table|column)|has no column named/.test(message),
  // undefined_table, undefined_column
  postgresql: ({ code }) => code === '42P01' || code === '42703',
  // ER_NO_SUCH_TABLE, ER_BAD_FIELD_ERROR
  mysql: ({ errno }) => errno === 1146 || errno === 1054,
  mariadb: ({ errno }) => errno === 1146 || errno === 1054,
}

/**
 * The adapter, telling what to do when the database lacks a table or a column of the schema: its methods throw
 * `SchemaOutOfDate` then, instead of the engine's own error.
 */
export function explainOutdatedSchema<A extends AdapterMethods>(adapter: A): A {
  const isMissing = MISSING[adapter.id]
  if (!isMissing) return adapter
  const explained = Object.entries(adapter).map(([name, method]) => {
    if (typeof method !== 'function') return [name, method]
    // The methods differ in what they take; each is called with what it was called with.
    const run = method as (...given: unknown[]) => Promise<unknown>
    return [name, async (...given: unknown[]) => run(...given).catch(error => explain(error, isMissing))]
  })
  return Object.fromEntries(explained)
}

function explain(error: unknown, isMissing: (error: DatabaseError & Error) => boolean): never {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof SchemaOutOfDate) throw cause
    if (isMissing(cause)) throw new SchemaOutOfDate(cause.message, { cause: error })
  }
  throw error
}
