import type { Field, Schema } from '../../entities/index.ts'
import { columnOf } from '../../entities/index.ts'
import type { Orm } from './orm.ts'

/** What rows that exist get in a column that is required from now on: a SQL expression. */
export type Fill = (table: string, column: string) => string | undefined

/**
 * Values come from the fields' `defaultValue`; a date whose default is a function gets the time of the migration.
 * Any other function, and no default, is no value: a person has to give one.
 */
export function fillsOf(orm: Orm, { schema, engine }: { schema: Schema; engine: string }): Fill {
  const fields = new Map<string, Field>()
  for (const { modelName, fields: declared } of Object.values(schema)) {
    for (const [name, field] of Object.entries(declared)) fields.set(`${modelName}.${columnOf(name, field)}`, field)
  }
  return (table, column) => {
    const field = fields.get(`${table}.${column}`)
    return field && expression(orm, field, engine)
  }
}

/** The time, in the form in which dates are stored: UTC, to the millisecond. */
const NOW: Record<string, string | undefined> = {
  sqlite: "cast(unixepoch('subsec') * 1000 as integer)",
  postgresql: 'current_timestamp(3)',
  mysql: 'utc_timestamp(3)',
  mariadb: 'utc_timestamp(3)',
}

function expression(orm: Orm, { type, defaultValue: value }: Field, engine: string): string | undefined {
  const isSqlite = engine === 'sqlite'
  const quote = (text: unknown) => orm.driver.getPlatform().quoteValue(text)
  if (typeof value === 'function') {
    if (type !== 'date') return undefined
    return NOW[engine]
  }
  if (value === undefined || value === null) return undefined
  if (type === 'json' || type === 'string[]' || type === 'number[]') return quote(JSON.stringify(value))
  if (typeof value === 'boolean') return isSqlite ? String(Number(value)) : String(value)
  if (value instanceof Date) return isSqlite ? String(value.getTime()) : quote(value.toISOString().replace('Z', ''))
  return typeof value === 'number' ? String(value) : quote(String(value))
}
