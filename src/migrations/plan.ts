import { type DatabaseSchema, SchemaComparator, type SchemaDifference } from '@mikro-orm/sql'
import type { Schema } from '../../entities/index.ts'
import { type Change, describeChanges } from './changes.ts'
import { type Fill, fillsOf } from './fills.ts'
import { assertSameIdKinds } from './id-kinds.ts'
import type { Orm } from './orm.ts'
import { findRenames, renameStatements, renameTables } from './renames.ts'
import { type Names, namesOf } from './snapshot.ts'
import { sqliteStatements } from './sqlite-statements.ts'
import { copyTable, schemaOf, type Tables, wantedTables } from './tables.ts'
import { targetTables } from './target.ts'

/** How to get from the tables that are there to those that are needed, and back. */
export interface SchemaPlan {
  up: string[]
  down: string[]
  changes: Change[]
  /** Required columns for which rows that exist have no value and no default gives one. */
  unfilled: { table: string; column: string; isNew: boolean }[]
  /** Tables that SQLite writes anew. */
  rebuilt: { up: Rebuilt[]; down: Rebuilt[] }
  /** The tables as they are afterwards. */
  tables: Tables
}

/** A table that is written anew, by its name before the migration, and the columns that it may have then. */
export interface Rebuilt {
  table: string
  columns: string[]
}

export interface PlanInput {
  schema: Schema
  engine: string
  existing: Tables
  /** The names at the last snapshot. */
  before?: Names
  /** Tables to look at instead of the schema's; nothing is renamed then, and no column stops being required. */
  onlyAdd?: string[]
}

/**
 * Compares and plans. Nothing is ever dropped on the way up; on the way down, what the way up created.
 * @throws IdKindChanged when ids would have to become numbers, or text
 */
export function planSchema(orm: Orm, { schema, engine, existing, before, onlyAdd }: PlanInput): SchemaPlan {
  const names = onlyAdd ?? Object.values(schema).map(({ modelName }) => modelName)
  const wanted = wantedTables(orm, names)
  const renames = onlyAdd ? [] : findRenames(existing, { now: namesOf(schema), before })
  const renamed = renameTables(orm, existing, renames).filter(({ name }) => names.includes(name))
  assertSameIdKinds(schema, renamed)
  const { tables, relaxed } = targetTables(orm, { existing: renamed, wanted, renames, relaxes: !onlyAdd })
  const [from, to] = [schemaOf(orm, renamed), schemaOf(orm, tables)]
  const fill = fillsOf(orm, { schema, engine })
  const comparator = new SchemaComparator(orm.driver.getPlatform())
  const forth = comparator.compare(from, to)
  const back = comparator.compare(to, from, forth)
  const statements =
    engine === 'sqlite' ? viaRebuild(orm, { forth, back, fill }) : viaAlter(orm, { from, tables, fill, forth, back })
  const former = (table: string) => renames.find(one => one.from && one.table === table)?.from ?? table
  const columnsOf = (all: Tables, table: string) =>
    all
      .find(({ name }) => name === table)
      ?.getColumns()
      .map(({ name }) => name) ?? []
  return {
    up: [...renameStatements(orm, renames), ...statements.up],
    down: [...statements.down, ...renameStatements(orm, renames, true)],
    changes: describeChanges(forth, { renames, relaxed }),
    unfilled: requiredColumns(forth).filter(({ table, column }) => fill(table, column) === undefined),
    rebuilt: {
      up: statements.rebuilt.up.map(former).map(table => ({ table, columns: columnsOf(existing, table) })),
      down: statements.rebuilt.down.map(table => ({ table, columns: columnsOf(tables, table) })),
    },
    tables,
  }
}

interface Statements {
  up: string[]
  down: string[]
  rebuilt: { up: string[]; down: string[] }
}

type Directions = { forth: SchemaDifference; back: SchemaDifference; fill: Fill }

function viaRebuild(orm: Orm, { forth, back, fill }: Directions): Statements {
  const up = sqliteStatements(orm, forth, { fill, dropTables: false })
  const down = sqliteStatements(orm, back, { fill, dropTables: true })
  return {
    up: lines(up.statements.join('\n')),
    down: lines(down.statements.join('\n')),
    rebuilt: { up: up.rebuilt, down: down.rebuilt },
  }
}

/**
 * A column that becomes required is added or left optional first, then filled, then made required. So also one that
 * nothing fills: MySQL would add it as an empty text to rows that exist; made required, it is refused where there are any.
 */
function viaAlter(
  orm: Orm,
  { from, tables, fill, forth, back }: Directions & { from: DatabaseSchema; tables: Tables },
): Statements {
  const toSql = (diff: SchemaDifference, dropTables: boolean) =>
    lines(orm.schema.diffToSQL(diff, { wrap: false, safe: false, dropTables }))
  const down = toSql(back, true)
  const required = requiredColumns(forth)
  const rebuilt = { up: [], down: [] }
  if (required.length === 0) return { up: toSql(forth, false), down, rebuilt }
  const comparator = new SchemaComparator(orm.driver.getPlatform())
  const optional = tables.map(table => {
    const copy = copyTable(orm, table)
    for (const { column } of required.filter(one => one.table === table.name)) {
      const found = copy.getColumn(column)
      if (found) found.nullable = true
    }
    return copy
  })
  const quote = (name: string) => orm.driver.getPlatform().quoteIdentifier(name)
  const fills = required.flatMap(({ table, column }) => {
    const value = fill(table, column)
    return value ? `update ${quote(table)} set ${quote(column)} = ${value} where ${quote(column)} is null;` : []
  })
  const half = schemaOf(orm, optional)
  const rest = comparator.compare(half, schemaOf(orm, tables))
  return { up: [...toSql(comparator.compare(from, half), false), ...fills, ...toSql(rest, false)], down, rebuilt }
}

/** Columns of existing tables that are required from now on, and for which the database has no default for old rows. */
function requiredColumns({ changedTables }: SchemaDifference): SchemaPlan['unfilled'] {
  return Object.values(changedTables).flatMap(({ addedColumns, changedColumns, toTable: { name: table } }) => [
    ...Object.values(addedColumns)
      .filter(({ nullable, default: fallback }) => !nullable && fallback == null)
      .map(({ name: column }) => ({ table, column, isNew: true })),
    ...Object.values(changedColumns)
      .filter(({ fromColumn, column }) => fromColumn.nullable && !column.nullable)
      .map(({ column: { name: column } }) => ({ table, column, isNew: false })),
  ])
}

/** Single statements; a separator within a quoted text does not separate. */
function lines(sql: string): string[] {
  const statements: string[] = []
  let open = ''
  for (const part of sql.split(/;[ \t]*\n/)) {
    open += open ? `;\n${part}` : part
    if (open.split("'").length % 2 === 0) continue
    const text = open.trim().replace(/;$/, '')
    if (text) statements.push(`${text};`)
    open = ''
  }
  return statements
}
