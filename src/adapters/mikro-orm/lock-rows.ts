import type { Where } from '../contract.ts'
import type { SqlDatabase } from './sql-database.ts'

/** Holds rows until the transaction ends. SQLite's begin with the lock of all writing, so there is nothing to hold. */
export async function lockRows(
  { kysely, tableOf, filter, dialect }: SqlDatabase,
  { model, where }: { model: string; where: readonly Where[] },
): Promise<void> {
  if (dialect.id === 'sqlite') return
  const { table } = tableOf(model)
  const rows = (await kysely()).selectFrom(table).select(`${table}.id`).where(filter(model, where))
  // PostgreSQL's foreign keys to a row need it to stay, not to be left alone.
  await (dialect.id === 'postgresql' ? rows.forNoKeyUpdate() : rows.forUpdate()).execute()
}
