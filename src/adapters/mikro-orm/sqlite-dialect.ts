import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { SqliteDialect } from 'kysely'

const CACHED_STATEMENTS = 256
const BUSY_TIMEOUT_MS = 5000
/** Of the file's pages, at most. SQLite's own 2 MiB do not hold the indexes of some ten thousand sessions. */
const CACHE_KIB = 16 * 1024
const SQLITE_BUSY = 5

/**
 * Kysely's SQLite dialect over the SQLite that is built into Node. Against MikroORM's own it adds what a server
 * needs: prepared statements are kept, a locked file is waited for, and readers do not block the writer (WAL).
 * @param path file path, or `:memory:`
 */
export function nodeSqliteDialect(path: string): SqliteDialect {
  return new SqliteDialect({ database: () => openDatabase(path) })
}

async function openDatabase(path: string) {
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS })
  await writeAhead(database)
  database.exec(`pragma synchronous = normal; pragma foreign_keys = on; pragma cache_size = -${CACHE_KIB}`)
  const statements = new Map<string, Prepared>()

  const prepare = (given: string): Prepared => {
    // A plain `begin` takes the write lock at the first write only, and after a read SQLite does not wait for it:
    // another process that wrote in between would make this one fail.
    const sql = given === 'begin' ? 'begin immediate' : given
    const known = statements.get(sql)
    if (known) return known
    const prepared = asKyselyWants(database.prepare(sql), returnsRows(sql))
    // The oldest goes. To keep the order of their use instead would cost more at each use than preparing one anew does.
    if (statements.size >= CACHED_STATEMENTS) statements.delete(statements.keys().next().value as string)
    statements.set(sql, prepared)
    return prepared
  }
  return { prepare, close: () => database.close() }
}

type Prepared = ReturnType<typeof asKyselyWants>

/** @param reader whether it returns rows */
function asKyselyWants(statement: StatementSync, reader: boolean) {
  return {
    reader,
    all: (parameters: readonly unknown[]) => statement.all(...bindable(parameters)),
    run: (parameters: readonly unknown[]) => statement.run(...bindable(parameters)),
    iterate: (parameters: readonly unknown[]) =>
      statement.iterate(...bindable(parameters)) as IterableIterator<unknown>,
  }
}

/** The timeout holds for reading and writing; where several processes open a new file, SQLite waits for none of them. */
async function writeAhead(database: DatabaseSync): Promise<void> {
  for (const end = Date.now() + BUSY_TIMEOUT_MS; ; await delay(Math.random() * 20)) {
    try {
      return database.exec('pragma journal_mode = wal')
    } catch (error) {
      const { errcode = 0 } = error as { errcode?: number }
      // The low byte: extended codes tell why it is busy.
      if ((errcode & 0xff) !== SQLITE_BUSY || Date.now() > end) throw error
    }
  }
}

function returnsRows(sql: string): boolean {
  return /^\s*(select|pragma|explain|with)\b/i.test(sql) || /\breturning\b/i.test(sql)
}

type Bindable = null | number | bigint | string | Uint8Array

// node:sqlite refuses booleans; MikroORM's own statements bind them.
function bindable(parameters: readonly unknown[]): Bindable[] {
  return parameters.map(value => (typeof value === 'boolean' ? Number(value) : (value as Bindable)))
}
