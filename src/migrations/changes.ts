import type { SchemaDifference } from '@mikro-orm/sql'
import type { Rename } from './renames.ts'
import type { Relaxed } from './target.ts'

/** One thing that a plan does, for people to read. */
export interface Change {
  kind: 'create table' | 'add column' | 'change column' | 'rename' | 'no longer required' | 'index' | 'foreign key'
  table: string
  column?: string
  text: string
}

/** Lists what a difference consists of. Order: renames, tables, columns, indexes, keys. */
export function describeChanges(
  diff: SchemaDifference,
  { renames, relaxed }: { renames: Rename[]; relaxed: Relaxed[] },
): Change[] {
  const isRelaxed = (table: string, column: string) => relaxed.some(one => one.table === table && one.column === column)
  const changed = Object.values(diff.changedTables).flatMap(one => {
    const table = one.toTable.name
    const columns = Object.keys(one.addedColumns).map(
      (column): Change => ({ kind: 'add column', table, column, text: `adds ${table}.${column}` }),
    )
    const different = Object.values(one.changedColumns).map(
      ({ column: { name: column }, changedProperties }): Change => {
        if (isRelaxed(table, column)) {
          const text = `${table}.${column} belongs to no field: it is kept, and no longer required`
          return { kind: 'no longer required', table, column, text }
        }
        return {
          kind: 'change column',
          table,
          column,
          text: `changes ${table}.${column} (${[...changedProperties].join(', ')})`,
        }
      },
    )
    const indexes = [one.addedIndexes, one.changedIndexes, one.removedIndexes, one.renamedIndexes]
    const keys = [one.addedForeignKeys, one.changedForeignKeys, one.removedForeignKeys]
    const count = (parts: object[]) => parts.reduce((sum, part) => sum + Object.keys(part).length, 0)
    return [
      ...columns,
      ...different,
      ...(count(indexes) > 0 ? [{ kind: 'index', table, text: `changes indexes of ${table}` } as const] : []),
      ...(count(keys) > 0 ? [{ kind: 'foreign key', table, text: `changes foreign keys of ${table}` } as const] : []),
    ]
  })
  const created = Object.values(diff.newTables).map(
    ({ name: table }): Change => ({ kind: 'create table', table, text: `creates ${table}` }),
  )
  return [...renames.map(describeRename), ...created, ...changed]
}

function describeRename({ table, column, from }: Rename): Change {
  if (!column) return { kind: 'rename', table, text: `renames the table ${from} to ${table}` }
  return { kind: 'rename', table, column: column.to, text: `renames ${table}.${column.from} to ${column.to}` }
}
