import type { DatabaseTable } from '@mikro-orm/sql'
import type { Orm } from './orm.ts'
import type { Rename } from './renames.ts'
import { copyTable, type Tables } from './tables.ts'

/** A column of one of our tables that no field asks for, and that would refuse rows without a value. */
export interface Relaxed {
  table: string
  column: string
}

/**
 * What the tables are to become: what is wanted, and whatever else is there. Columns, indexes and triggers that we do
 * not know are the application's, or those of a plugin that was taken out: they stay. Such a column stops being
 * required, since nobody fills it any more.
 */
export function targetTables(
  orm: Orm,
  { existing, wanted, renames, relaxes }: { existing: Tables; wanted: Tables; renames: Rename[]; relaxes: boolean },
): { tables: Tables; relaxed: Relaxed[] } {
  const relaxed: Relaxed[] = []
  const tables = wanted.map(table => {
    const there = existing.find(({ name }) => name === table.name)
    if (!there) return table
    const target = copyTable(orm, table)
    for (const column of there.getColumns()) {
      if (table.hasColumn(column.name)) continue
      const isNeeded =
        relaxes && !column.nullable && column.default == null && !column.generated && !column.autoincrement
      if (isNeeded) relaxed.push({ table: table.name, column: column.name })
      target.addColumn({ ...column, nullable: column.nullable || isNeeded })
    }
    keepIndexes(target, { there, table, renames })
    keepKeys(target, { there, table })
    target.setChecks([...target.getChecks(), ...there.getChecks().filter(({ name }) => !table.hasCheck(name))])
    target.setTriggers(there.getTriggers())
    return target
  })
  return { tables, relaxed }
}

type Kept = { there: DatabaseTable; table: DatabaseTable }

function keepIndexes(target: DatabaseTable, { there, table, renames }: Kept & { renames: Rename[] }): void {
  const formerTables = renames.flatMap(({ table: name, from }) => (name === table.name && from ? [from] : []))
  const former = new Map(
    renames.flatMap(({ table: name, column }) => (name === table.name && column ? [[column.to, column.from]] : [])),
  )
  // An index that bears the name which MikroORM gives to a field's own index comes and goes with the field.
  const isOurs = (index: Index) => {
    if (!index.columnNames.every(column => table.hasColumn(column))) return false
    const columns = [index.columnNames, index.columnNames.map(column => former.get(column) ?? column)]
    return [table.name, ...formerTables].some(name =>
      columns.some(list => new RegExp(`^${name}_${list.join('_')}_(index|unique|foreign)$`, 'i').test(index.keyName)),
    )
  }
  const kept = there.getIndexes().filter(index => !index.primary && !table.hasIndex(index.keyName) && !isOurs(index))
  target.setIndexes([...target.getIndexes(), ...kept])
}

type Index = ReturnType<DatabaseTable['getIndexes']>[number]

function keepKeys(target: DatabaseTable, { there, table }: Kept): void {
  const kept = Object.entries(there.getForeignKeys()).filter(
    ([, key]) => !key.columnNames.every(column => table.hasColumn(column)),
  )
  target.setForeignKeys({ ...target.getForeignKeys(), ...Object.fromEntries(kept) })
}
