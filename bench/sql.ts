import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import pg from 'pg'

/** Runs one statement, with values for `$1` and so on, and returns its rows. */
export type Query = (statement: string, values?: readonly unknown[]) => Promise<Record<string, unknown>[]>

/** A connection of the bench's own to the database of a server under test, for as long as `work` takes. */
export async function withDatabase<T>(url: string, work: (query: Query) => Promise<T>): Promise<T> {
  if (isSqlite(url)) {
    const file = new DatabaseSync(url.slice('sqlite:'.length))
    try {
      // As SQLite counts what is bound.
      return await work(async (statement, values = []) =>
        file.prepare(statement.replaceAll('$', '?')).all(...(values as SQLInputValue[])),
      )
    } finally {
      file.close()
    }
  }
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(async (statement, values = []) => (await client.query(statement, [...values])).rows)
  } finally {
    await client.end()
  }
}

export function isSqlite(url: string): boolean {
  return url.startsWith('sqlite:')
}
