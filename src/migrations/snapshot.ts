import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseTable, Type, t, UnknownType } from '@mikro-orm/sql'
import type { Schema } from '../../entities/index.ts'
import { columnOf } from '../../entities/index.ts'
import type { Orm } from './orm.ts'
import type { Tables } from './tables.ts'

/** Names in the database by logical names: what tells a renamed column from a new one. */
export type Names = Record<string, { table: string; columns: Record<string, string> }>

/** The tables as they are once every migration of the folder has run. */
export interface Snapshot {
  engine: string
  names: Names
  tables: Tables
}

type StoredColumn = Parameters<DatabaseTable['addColumn']>[0] & { mappedType: string }

interface StoredTable extends Pick<DatabaseTable, 'name' | 'schema' | 'comment'> {
  columns: Record<string, StoredColumn>
  indexes: Parameters<DatabaseTable['setIndexes']>[0]
  checks?: Parameters<DatabaseTable['setChecks']>[0]
  foreignKeys?: Parameters<DatabaseTable['setForeignKeys']>[0]
}

const fileOf = (folder: string) => join(folder, '.snapshot-kernia.json')

/** The names that `schema` has now. */
export function namesOf(schema: Schema): Names {
  const columns = (fields: Schema[string]['fields']) =>
    Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, columnOf(name, field)]))
  return Object.fromEntries(
    Object.entries(schema).map(([model, { modelName, fields }]) => [
      model,
      { table: modelName, columns: columns(fields) },
    ]),
  )
}

/**
 * The snapshot kept in a migrations folder; `undefined` when there is none.
 * @throws when it was written for another engine
 */
export function readSnapshot(orm: Orm, { folder, engine }: { folder: string; engine: string }): Snapshot | undefined {
  const file = fileOf(folder)
  if (!existsSync(file)) return undefined
  const stored = JSON.parse(readFileSync(file, 'utf8')) as Omit<Snapshot, 'tables'> & { tables: StoredTable[] }
  if (stored.engine !== engine) {
    throw new Error(`${file} was written for ${stored.engine}, the database is ${engine}; use another folder (--dir)`)
  }
  return { ...stored, tables: stored.tables.map(table => revive(orm, table)) }
}

/** Keeps a snapshot beside the migrations; it belongs into version control with them. */
export function writeSnapshot(folder: string, snapshot: Snapshot): void {
  writeFileSync(fileOf(folder), `${JSON.stringify(snapshot, null, 2)}\n`)
}

function revive(orm: Orm, stored: StoredTable): DatabaseTable {
  const table = new DatabaseTable(orm.driver.getPlatform(), stored.name, stored.schema)
  table.comment = stored.comment
  for (const column of Object.values(stored.columns)) {
    const known = t[column.mappedType as keyof typeof t] ?? UnknownType
    table.addColumn({ ...column, mappedType: Type.getType(known as typeof UnknownType) } as never)
  }
  table.setIndexes(stored.indexes)
  table.setChecks(stored.checks ?? [])
  table.setForeignKeys(stored.foreignKeys ?? {})
  return table
}
