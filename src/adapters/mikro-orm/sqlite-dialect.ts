import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { SqliteDialect } from 'kysely'

const CACHED_STATEMENTS = 256
const BUSY_TIMEOUT_MS = 5000

/**
 * Kysely's SQLite dialect over the SQLite that is built into Node. Against MikroORM's own it adds what a server
 * needs: prepared statements are kept, a locked file is waited for, and readers do not block the writer (WAL).
 * @param path file path, or `:memory:`
 */
export function nodeSqliteDialect(path: string): SqliteDialect {
  return new SqliteDialect({ database: async () => openDatabase(path) })
}

function openDatabase(path: string) {
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS })
  database.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on')
  const statements = new Map<string, StatementSync>()

  const prepare = (given: string) => {
    // A plain `begin` takes the write lock at the first write only, and after a read SQLite does not wait for it:
    // another process that wrote in between would make this one fail.
    const sql = given === 'begin' ? 'begin immediate' : given
    const statement = statements.get(sql) ?? database.prepare(sql)
    // Re-inserting moves it to the end: the first key is always the least recently used one.
    statements.delete(sql)
    statements.set(sql, statement)
    if (statements.size > CACHED_STATEMENTS) statements.delete(statements.keys().next().value as string)
    return {
      reader: returnsRows(sql),
      all: (parameters: readonly unknown[]) => statement.all(...bindable(parameters)),
      run: (parameters: readonly unknown[]) => statement.run(...bindable(parameters)),
      iterate: (parameters: readonly unknown[]) =>
        statement.iterate(...bindable(parameters)) as IterableIterator<unknown>,
    }
  }
  return { prepare, close: () => database.close() }
}

function returnsRows(sql: string): boolean {
  return /^\s*(select|pragma|explain|with)\b/i.test(sql) || /\breturning\b/i.test(sql)
}

type Bindable = null | number | bigint | string | Uint8Array

// node:sqlite refuses booleans; MikroORM's own statements bind them.
function bindable(parameters: readonly unknown[]): Bindable[] {
  return parameters.map(value => (typeof value === 'boolean' ? Number(value) : (value as Bindable)))
}
