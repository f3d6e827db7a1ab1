import type { Field, Model } from '../../../entities/index.ts'
import { columnOf } from '../../../entities/index.ts'
import type { Row } from '../contract.ts'

/** Translates between logical rows and what the engine stores. */
export interface Codec {
  column(field: string): string
  columns: readonly (readonly [field: string, column: string])[]
  encode(row: Row): Row
  encodeValue(field: string, value: unknown): unknown
  decode(stored: Row): Row
  /** The same for rows of queries, which name their columns `a.<column>`, and those of a joined row `b.<column>`. */
  decodeUnder: Record<'a' | 'b', (stored: Row) => Row>
}

/**
 * The codec of one table. SQLite has no booleans and dates, so they are integers there
 * (0 or 1, milliseconds since 1970), just as MikroORM stores them.
 */
export function createCodec(model: Model, isUntyped: boolean): Codec {
  const fields: Record<string, Field> = { id: { type: 'string' }, ...model.fields }
  const columns = Object.entries(fields).map(([name, field]) => [name, columnOf(name, field)] as const)
  const isSerial = (name: string) =>
    model.ids === 'serial' && (name === 'id' || fields[name]?.references?.field === 'id')
  const fieldOf = (name: string): Field => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (!field) throw new Error(`"${model.modelName}" has no field "${name}"`)
    return field
  }
  const encodeValue = (name: string, value: unknown) =>
    isSerial(name) ? serialNumber(value) : encode(fieldOf(name), value, isUntyped)
  const decoder = (prefix: string) => {
    const readers = columns.map(([name, column]) => ({
      name,
      column: prefix + column,
      read: isSerial(name) ? String : readerOf(fieldOf(name)),
    }))
    return (stored: Row) => {
      const row: Row = {}
      for (const { name, column, read } of readers) {
        const value = stored[column]
        if (value !== undefined) row[name] = value === null || read === undefined ? value : read(value)
      }
      return row
    }
  }
  return {
    columns,
    column: name => columnOf(name, fieldOf(name)),
    encodeValue,
    encode: row => {
      const stored: Row = {}
      for (const [name, value] of Object.entries(row)) {
        if (value !== undefined) stored[columnOf(name, fieldOf(name))] = encodeValue(name, value)
      }
      return stored
    },
    decode: decoder(''),
    decodeUnder: { a: decoder('a.'), b: decoder('b.') },
  }
}

function encode({ type }: Field, value: unknown, isUntyped: boolean): unknown {
  if (value === null) return null
  if (Array.isArray(value) && (type === 'string' || type === 'number' || type === 'date')) return value
  switch (type) {
    case 'boolean':
      return isUntyped ? Number(value) : value
    case 'date': {
      const date = new Date(value as Date)
      return isUntyped ? date.getTime() : date
    }
    case 'json':
    case 'string[]':
    case 'number[]':
      return JSON.stringify(value)
    default:
      return value
  }
}

/** How values of a field that are not null are read; `undefined` where they are as they should be. */
function readerOf({ type }: Field): ((value: unknown) => unknown) | undefined {
  switch (type) {
    case 'boolean':
      return Boolean
    case 'number':
      return Number
    case 'date':
      return value => (value instanceof Date ? value : new Date(value as string | number))
    case 'json':
    case 'string[]':
    case 'number[]':
      return value => (typeof value === 'string' ? JSON.parse(value) : value)
    default:
      return undefined
  }
}

/** An id that is no number, which no row can have, is one that no row has. */
function serialNumber(value: unknown): unknown {
  if (value === null) return null
  if (Array.isArray(value)) return value.map(serialNumber)
  const number = Number(value)
  return /^\d+$/.test(String(value)) && number <= 2 ** 31 - 1 ? number : -1
}
