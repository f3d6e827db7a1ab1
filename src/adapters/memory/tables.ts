import type { Schema } from '../../../entities/index.ts'
import { type FindMany, type FindOne, foreignKey, type Row, UniqueViolation, type Where } from '../contract.ts'
import { compare, matches } from './match.ts'

type Rows = Record<string, Row[]>

/** The rows of all models, with the rules their fields state: unique values, cascading deletes. */
export interface Tables {
  matching(model: string, where?: readonly Where[]): Row[]
  find(query: FindMany): Row[]
  insert(model: string, data: Row): Row
  change(model: string, row: Row, update: Row): void
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
  const matching = (model: string, where: readonly Where[] = []) => rowsOf(model).filter(row => matches(row, where))

  const remove = (model: string, doomed: readonly Row[]): void => {
    tables[model] = rowsOf(model).filter(row => !doomed.includes(row))
    for (const { child, field, parentField, rule } of referencesTo(schema, model)) {
      const orphans = rowsOf(child).filter(row => doomed.some(parent => parent[parentField] === row[field]))
      if (rule === 'set null') for (const orphan of orphans) orphan[field] = null
      else if (rule === 'cascade' && orphans.length > 0) remove(child, orphans)
    }
  }

  const assertUnique = (model: string, candidate: Row, except?: Row): void => {
    const unique = Object.entries(schema[model]?.fields ?? {}).filter(([, field]) => field.unique)
    for (const name of ['id', ...unique.map(([field]) => field)]) {
      const value = candidate[name]
      const isTaken = (row: Row) => row !== except && row[name] === value
      if (value !== null && value !== undefined && rowsOf(model).some(isTaken)) throw new UniqueViolation(model)
    }
  }

  const withJoin = (row: Row, { model, join }: FindOne): Row | null => {
    if (!join) return { ...row }
    const key = foreignKey(schema, model, join)
    const joined = rowsOf(join).find(candidate => candidate.id === row[key])
    return joined ? { ...row, [join]: { ...joined } } : null
  }

  return {
    matching,
    remove,
    find: query => {
      const found = matching(query.model, query.where)
        .map(row => withJoin(row, query))
        .filter(row => row !== null)
      return page(found, query)
    },
    insert: (model, data) => {
      const row = defined(data)
      assertUnique(model, row)
      rowsOf(model).push(row)
      return { ...row }
    },
    change: (model, row, update) => {
      const changes = defined(update)
      assertUnique(model, { ...row, ...changes }, row)
      Object.assign(row, changes)
    },
    snapshot: () => structuredClone(tables),
    restore: snapshot => {
      tables = snapshot
    },
  }
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
  return rows.slice(offset, offset + limit).map(row => Object.fromEntries(wanted(row)))
}

/** `undefined` means "leave it", as in SQL adapters. */
function defined(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined))
}
