import type { DatabaseTable } from '@mikro-orm/sql'
import type { Orm } from './orm.ts'
import type { Names } from './snapshot.ts'
import { copyTable, type Tables } from './tables.ts'

/** A table, or a column of a table, that goes on under another name. */
export interface Rename {
  /** Name of the table once it is renamed. */
  table: string
  /** Absent when it is the table that is renamed. */
  column?: { from: string; to: string }
  from?: string
}

/**
 * Finds what was renamed by `modelName` and `fields`. A table or column is taken for the former one when it has the
 * name that the same model or field had in the snapshot, and nothing else claims that name; likeness proves nothing.
 * Without a snapshot the former name may be the default one. A table of the default name may still be somebody else's,
 * since that is a reason to choose another: it is taken for ours only when it has every column of the model.
 */
export function findRenames(tables: Tables, { now, before }: { now: Names; before: Names | undefined }): Rename[] {
  const claimed = new Set(Object.values(now).map(({ table }) => table))
  const find = (name: string | undefined) =>
    name === undefined || claimed.has(name) ? undefined : tables.find(table => table.name === name)
  return Object.entries(now).flatMap(([model, { table, columns }]) => {
    const there = tables.find(({ name }) => name === table)
    const former = before?.[model]
    const byDefault = former ? undefined : find(model)
    const from = there
      ? undefined
      : (find(former?.table) ?? (byDefault && isModel(byDefault, columns) ? byDefault : undefined))
    const existing = there ?? from
    if (!existing) return []
    const renamed = renamedColumns(existing, { columns, before: former?.columns })
    return [...(from ? [{ table, from: from.name }] : []), ...renamed.map(column => ({ table, column }))]
  })
}

function isModel(table: DatabaseTable, columns: Columns): boolean {
  return Object.entries(columns).every(([field, column]) => table.hasColumn(column) || table.hasColumn(field))
}

type Columns = Record<string, string>

function renamedColumns(table: DatabaseTable, { columns, before }: { columns: Columns; before: Columns | undefined }) {
  const claimed = new Set(['id', ...Object.values(columns)])
  return Object.entries(columns).flatMap(([field, to]) => {
    if (table.hasColumn(to)) return []
    const candidates = [before?.[field], field].filter(name => name !== undefined && !claimed.has(name))
    const from = candidates.find(name => table.hasColumn(name as string))
    return from === undefined ? [] : [{ from, to }]
  })
}

/** The tables as they are once `renames` are done. Indexes and keys keep their names. */
export function renameTables(orm: Orm, tables: Tables, renames: Rename[]): Tables {
  const tableNames = new Map(renames.flatMap(({ table, from }) => (from ? [[from, table]] : [])))
  const rename = (name: string) => {
    const [last = name, ...namespace] = name.split('.').reverse()
    return [tableNames.get(last) ?? last, ...namespace].reverse().join('.')
  }
  return tables.map(table => {
    const copy = copyTable(orm, table, rename(table.name))
    const columnNames = new Map(
      renames.flatMap(({ table, column }) => (table === copy.name && column ? [[column.from, column.to]] : [])),
    )
    const named = (column: string) => columnNames.get(column) ?? column
    for (const column of table.getColumns()) {
      if (named(column.name) === column.name) continue
      copy.removeColumn(column.name)
      copy.addColumn({ ...column, name: named(column.name) })
    }
    const indexes = table.getIndexes()
    copy.setIndexes(indexes.map(index => ({ ...plain(index), columnNames: index.columnNames.map(named) })))
    const keys = Object.values(table.getForeignKeys()).map(key => {
      const moved = { ...key, columnNames: key.columnNames.map(named), localTableName: rename(key.localTableName) }
      return nameKey(orm, copy, { ...moved, referencedTableName: rename(key.referencedTableName) })
    })
    copy.setForeignKeys(Object.fromEntries(keys.map(key => [key.constraintName, key])))
    return copy
  })
}

type Index = ReturnType<DatabaseTable['getIndexes']>[number]

// PostgreSQL gives an index on a quoted column as the text that created it, which holds the former names.
function plain(index: Index): Index {
  const list = index.columnNames.map(column => `"${column}"`).join(', ')
  const isPlain = typeof index.expression === 'string' && index.expression.endsWith(` USING btree (${list})`)
  return isPlain ? { ...index, expression: undefined } : index
}

type ForeignKey = ReturnType<DatabaseTable['getForeignKeys']>[string]

// SQLite's keys have no names that could be read: MikroORM derives one from the table and column at every look.
function nameKey(orm: Orm, table: DatabaseTable, key: ForeignKey): ForeignKey {
  const platform = orm.driver.getPlatform()
  const isNamed = platform.getSchemaHelper()?.supportsSchemaConstraints() !== false
  return isNamed ? key : { ...key, constraintName: platform.getIndexName(table.name, key.columnNames, 'foreign') }
}

/** The statements that rename, the same on every engine; `backwards` gives those that undo them. */
export function renameStatements(orm: Orm, renames: Rename[], backwards = false): string[] {
  const quote = (name: string) => orm.driver.getPlatform().quoteIdentifier(name)
  const statements = renames.map(({ table, column, from }) => {
    if (!column) {
      const [old, name] = backwards ? [table, from as string] : [from as string, table]
      return `alter table ${quote(old)} rename to ${quote(name)};`
    }
    const [old, name] = backwards ? [column.to, column.from] : [column.from, column.to]
    return `alter table ${quote(table)} rename column ${quote(old)} to ${quote(name)};`
  })
  return backwards ? statements.reverse() : statements
}
