import { type Schema, uniqueGroups } from '../../../entities/index.ts'
import { type FindMany, type FindOne, joinKey, type Row, UniqueViolation, type Where } from '../contract.ts'
import { compare, matches } from './match.ts'

type Rows = Record<string, Row[]>

/** The rows of all models, with the rules their fields state: unique values, cascading deletes. */
export interface Tables {
  matching(model: string, where?: readonly Where[]): Row[]
  find(query: FindMany): Row[]
  insert(model: string, data: Row): Row
  /** Changes all these rows, or none when that would break a unique column. */
  change(model: string, rows: readonly Row[], update: Row): void
  remove(model: string, doomed: readonly Row[]): void
  /** A copy of everything, and back to it. */
  snapshot(): Rows
  restore(snapshot: Rows): void
}

export function createTables(schema: Schema): Tables {
  let tables: Rows = Object.fromEntries(Object.keys(schema).map(model => [model, []]))

  const rowsOf = (model: string): Row[] => {
    const rows = tables[model]
    if (!rows) throw new Error(`unknown model "${model}"`)
    return rows
  }
  const assertFields = (model: string, names: readonly string[]) => assertKnownFields(schema, model, names)
  const matching = (model: string, where: readonly Where[] = []) => {
    const rows = rowsOf(model)
    for (const { field } of where) assertFields(model, [field])
    return rows.filter(row => matches(row, where))
  }

  const remove = (model: string, doomed: readonly Row[]): void => {
    tables[model] = rowsOf(model).filter(row => !doomed.includes(row))
    for (const { child, field, parentField, rule } of referencesTo(schema, model)) {
      const orphans = rowsOf(child).filter(row => doomed.some(parent => parent[parentField] === row[field]))
      if (rule === 'set null') for (const orphan of orphans) orphan[field] = null
      else if (rule === 'cascade' && orphans.length > 0) remove(child, orphans)
    }
  }

  const assertUnique = (model: string, candidate: Row, except?: Row): void => {
    for (const group of uniqueFields(schema, model)) {
      if (!isComplete(candidate, group)) continue
      const isTaken = (row: Row) => row !== except && group.every(name => row[name] === candidate[name])
      if (rowsOf(model).some(isTaken)) throw new UniqueViolation(model)
    }
  }

  const withJoin = (row: Row, { model, join }: FindOne): Row | null => {
    if (!join) return { ...row }
    const { isToOne, field } = joinKey(schema, model, join)
    const joined = rowsOf(join).filter(other => (isToOne ? other.id === row[field] : other[field] === row.id))
    const copies = joined.map(other => ({ ...other }))
    if (!isToOne) return { ...row, [join]: copies }
    return copies[0] ? { ...row, [join]: copies[0] } : null
  }

  return {
    matching,
    remove,
    find: query => {
      if (query.sortBy) assertFields(query.model, [query.sortBy.field])
      const found = matching(query.model, query.where)
        .map(row => withJoin(row, query))
        .filter(row => row !== null)
      return page(found, query)
    },
    insert: (model, data) => {
      const id = data.id ?? nextId(schema, model, rowsOf(model))
      const row = { ...emptyRow(schema, model), ...defined({ ...data, id }) }
      assertFields(model, Object.keys(row))
      assertUnique(model, row)
      rowsOf(model).push(row)
      return structuredClone(row)
    },
    change: (model, rows, update) => {
      const changes = defined(update)
      assertFields(model, Object.keys(changes))
      const setsUnique = uniqueFields(schema, model).some(group => isComplete(changes, group))
      if (rows.length > 1 && setsUnique) throw new UniqueViolation(model)
      for (const row of rows) assertUnique(model, { ...row, ...changes }, row)
      for (const row of rows) Object.assign(row, structuredClone(changes))
    },
    snapshot: () => structuredClone(tables),
    restore: snapshot => {
      tables = snapshot
    },
  }
}

/** All fields without a value, as a table has its columns. */
function emptyRow(schema: Schema, model: string): Row {
  return Object.fromEntries(Object.keys(schema[model]?.fields ?? {}).map(name => [name, null]))
}

/** The next number, where the database is to count; otherwise ids are given. */
function nextId(schema: Schema, model: string, rows: readonly Row[]): string | undefined {
  if (schema[model]?.ids !== 'serial') return undefined
  return String(Math.max(0, ...rows.map(({ id }) => Number(id))) + 1)
}

/** A misspelt field fails here as it does in SQL, so that tests in memory find it. */
function assertKnownFields(schema: Schema, model: string, names: readonly string[]): void {
  const unknown = names.find(name => name !== 'id' && !Object.hasOwn(schema[model]?.fields ?? {}, name))
  if (unknown !== undefined) throw new Error(`"${model}" has no field "${unknown}"`)
}

/** Whether all of these have a value. */
function isComplete(row: Row, names: readonly string[]): boolean {
  return names.every(name => (row[name] ?? null) !== null)
}

function uniqueFields(schema: Schema, model: string): string[][] {
  return [['id'], ...uniqueGroups(schema[model]?.fields ?? {})]
}

function referencesTo(schema: Schema, model: string) {
  return Object.entries(schema).flatMap(([child, { fields }]) =>
    Object.entries(fields).flatMap(([field, { references }]) =>
      references?.model === model
        ? [{ child, field, parentField: references.field, rule: references.onDelete ?? 'cascade' }]
        : [],
    ),
  )
}

function page(rows: Row[], { sortBy, offset = 0, limit = 100, select, join }: FindMany): Row[] {
  if (sortBy) rows.sort((a, b) => compare(a[sortBy.field], b[sortBy.field]) * (sortBy.direction === 'asc' ? 1 : -1))
  const wanted = (row: Row) => Object.entries(row).filter(([key]) => !select || select.includes(key) || key === join)
  return rows.slice(offset, offset + limit).map(row => structuredClone(Object.fromEntries(wanted(row))))
}

/** A copy, as a database makes one; `undefined` means "leave it", as in SQL adapters. */
function defined(row: Row): Row {
  return structuredClone(Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)))
}
