import type { SchemaDifference, TableDifference } from '@mikro-orm/sql'
import type { Fill } from './fills.ts'
import type { Orm } from './orm.ts'

/**
 * The statements of a difference on SQLite, whose `alter table` can do little: most changes write the table anew.
 * MikroORM's own rebuild puts NULL into columns that the old table lacks and copies by position, so this is another.
 */
export function sqliteStatements(
  orm: Orm,
  diff: SchemaDifference,
  { fill, dropTables }: { fill: Fill; dropTables: boolean },
): { statements: string[]; rebuilt: string[] } {
  const helper = schemaHelper(orm)
  const rebuilt: string[] = []
  const changed = Object.values(diff.changedTables).flatMap(table => {
    if (!needsRebuild(table)) return helper.alterTable(table)
    rebuilt.push(table.toTable.name)
    return rebuild(orm, table, fill)
  })
  const created = Object.values(diff.newTables).flatMap(table => helper.createTable(table))
  // Tables that refer to others go first.
  const dropped = dropTables
    ? Object.values(diff.removedTables)
        .reverse()
        .map(({ name }) => `drop table if exists ${quoted(orm, name)};`)
    : []
  return { statements: [...created, ...changed, ...dropped].filter(statement => statement.trim() !== ''), rebuilt }
}

function schemaHelper(orm: Orm) {
  const helper = orm.driver.getPlatform().getSchemaHelper()
  if (!helper) throw new Error('this engine has no schema')
  return helper
}

function needsRebuild(diff: TableDifference): boolean {
  const parts = [
    diff.changedColumns,
    diff.removedColumns,
    diff.addedChecks,
    diff.changedChecks,
    diff.removedChecks,
    diff.addedForeignKeys,
    diff.changedForeignKeys,
    diff.removedForeignKeys,
  ]
  if (parts.some(part => Object.keys(part).length > 0)) return true
  // `add column ... not null` is refused without a constant default, even on an empty table.
  return Object.values(diff.addedColumns).some(column => !column.nullable && column.default == null)
}

function rebuild(orm: Orm, { fromTable, toTable }: TableDifference, fill: Fill): string[] {
  const quote = (name: string) => quoted(orm, name)
  const [table, temporary] = [quote(toTable.name), quote(`${toTable.name}__new`)]
  const [create = '', ...rest] = schemaHelper(orm).createTable(toTable)
  const columns = toTable.getColumns().filter(({ generated }) => !generated)
  const copied = columns.map(({ name, nullable, default: fallback }) => {
    const value = fill(toTable.name, name) ?? fallback
    const former = fromTable.getColumn(name)
    if (!former) return nullable ? 'null' : String(value ?? 'null')
    return !nullable && former.nullable && value != null ? `coalesce(${quote(name)}, ${value})` : quote(name)
  })
  const names = columns.map(({ name }) => quote(name)).join(', ')
  return [
    // Without effect within a transaction: whoever opens one must have done this before.
    'pragma foreign_keys = off;',
    create.replace(`create table ${table}`, `create table ${temporary}`),
    `insert into ${temporary} (${names}) select ${copied.join(', ')} from ${table};`,
    `drop table ${table};`,
    // Views and triggers that name the table mean the new one.
    'pragma legacy_alter_table = on;',
    `alter table ${temporary} rename to ${table};`,
    'pragma legacy_alter_table = off;',
    ...rest,
    'pragma foreign_keys = on;',
  ]
}

function quoted(orm: Orm, name: string): string {
  return orm.driver.getPlatform().quoteIdentifier(name)
}
