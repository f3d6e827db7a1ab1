import { existsSync } from 'node:fs'
import type { Schema } from '../../entities/index.ts'
import { migrationFiles, migrationsFolder } from './folder.ts'
import type { Orm } from './orm.ts'
import { planSchema, type SchemaPlan } from './plan.ts'
import { executedMigrations } from './run.ts'
import { type Names, namesOf, readSnapshot, type Snapshot } from './snapshot.ts'
import { existingTables, type Tables } from './tables.ts'

export interface Comparison {
  plan: SchemaPlan
  folder: string
  comparedWith: 'the database' | 'the snapshot' | 'an empty database'
  /** Why the database could not be asked. */
  unreachable?: string
  /** Migrations of the folder that the database does not have yet. */
  pending: string[]
}

/** An instance's schema and the database it belongs to. */
export interface Compared {
  schema: Schema
  engine: string
  folder?: string
}

/**
 * Compares the schema with what the migrations so far lead to: the database, if it can be reached and has all of
 * them; else the snapshot beside them.
 * @throws when migrations are pending and there is no snapshot that knows what they do
 */
export async function compareForMigration(orm: Orm, { schema, engine, folder: given }: Compared): Promise<Comparison> {
  const folder = migrationsFolder(orm, given)
  const files = migrationFiles(folder)
  const snapshot = readSnapshot(orm, { folder, engine })
  const state = await databaseState(orm, { schema, engine, before: snapshot?.names })
  const pending = files.map(({ name }) => name).filter(name => !state.executed.includes(name))
  const isCurrent = state.unreachable === undefined && pending.length === 0
  if (!isCurrent && !snapshot && files.length > 0) {
    const reason = state.unreachable
      ? `the database cannot be reached (${state.unreachable})`
      : 'migrations are pending'
    throw new Error(`${reason}, and ${folder} has no snapshot; run \`kernia migrate\` on a database first`)
  }
  const source = isCurrent || !snapshot ? state : snapshot
  const comparedWith = source === snapshot ? 'the snapshot' : state.unreachable ? 'an empty database' : 'the database'
  const plan = planSchema(orm, { schema, engine, existing: source.tables, before: snapshot?.names })
  return { plan, folder, comparedWith, unreachable: state.unreachable, pending }
}

/**
 * What the database itself lacks, whatever migrations there are.
 * @throws when the database cannot be reached
 */
export async function compareDatabase(orm: Orm, compared: Compared): Promise<SchemaPlan> {
  const snapshot = readSnapshot(orm, { ...compared, folder: migrationsFolder(orm, compared.folder) })
  const state = await databaseState(orm, { ...compared, before: snapshot?.names })
  if (state.unreachable) throw new Error(state.unreachable)
  return planSchema(orm, { ...compared, existing: state.tables, before: snapshot?.names })
}

/** The snapshot to keep once the migration of `plan` is written. */
export function snapshotOf({ schema, engine }: Compared, plan: SchemaPlan): Snapshot {
  return { engine, names: namesOf(schema), tables: plan.tables }
}

interface DatabaseState {
  tables: Tables
  executed: string[]
  unreachable?: string
}

async function databaseState(
  orm: Orm,
  { schema, engine, before = {} }: Compared & { before: Names | undefined },
): Promise<DatabaseState> {
  const nothing = { tables: [], executed: [] }
  // Opening a SQLite file that is not there would create it.
  if (engine === 'sqlite' && isMissingFile(orm)) return nothing
  try {
    const executed = await executedMigrations(orm)
    // Under their names of now, of the snapshot and by default: a table may have been renamed.
    const names = [...Object.values(namesOf(schema)), ...Object.values(before)].map(({ table }) => table)
    return { executed, tables: await existingTables(orm, [...new Set([...names, ...Object.keys(schema)])]) }
  } catch (error) {
    return { ...nothing, unreachable: error instanceof Error ? error.message || error.name : String(error) }
  }
}

function isMissingFile(orm: Orm): boolean {
  const file = orm.config.get('dbName')
  return typeof file === 'string' && file !== ':memory:' && !existsSync(file)
}

/** Required columns without a value to give, on tables that have rows without one: with their number. */
export async function rowsWithoutValue(
  orm: Orm,
  { unfilled }: SchemaPlan,
): Promise<{ table: string; column: string; rows: number }[]> {
  const quote = (name: string) => orm.driver.getPlatform().quoteIdentifier(name)
  const counted = []
  for (const { table, column, isNew } of unfilled) {
    const condition = isNew ? '' : ` where ${quote(column)} is null`
    const query = `select count(*) as ${quote('rows')} from ${quote(table)}${condition}`
    const [found]: { rows: number | string }[] = await orm.driver.getConnection().execute(query)
    counted.push({ table, column, rows: Number(found?.rows ?? 0) })
  }
  return counted.filter(({ rows }) => rows > 0)
}
