import { columnOf, type Field, type Model } from '../../../../entities/index.ts'
import type { Row } from '../../contract.ts'
import type { Document } from './driver-types.ts'
import { decodeJson, encodeJson } from './json.ts'

type Scalar = string | number | boolean | Date

/** Translates between logical rows and documents. */
export interface MongoCodec {
  /** The name of a field in documents; that of `id` is `_id`. */
  column(field: string): string
  columns: readonly (readonly [field: string, column: string])[]
  /** A whole new document. What is null is left out, so that sparse unique indexes take any number of them. */
  encode(row: Row): Document
  /** The update that sets these fields; what is null is taken out. `undefined` when there is nothing to change. */
  encodeChanges(changes: Row): Document | undefined
  /** A value to compare a field with. */
  encodeScalar(field: string, value: unknown): unknown
  decode(document: Document): Row
}

export function createMongoCodec(model: Model): MongoCodec {
  const fields: Record<string, Field> = { id: { type: 'string', fieldName: '_id' }, ...model.fields }
  const columns = Object.entries(fields).map(([name, field]) => [name, columnOf(name, field)] as const)
  const fieldOf = (name: string): Field => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (!field) throw new Error(`"${model.modelName}" has no field "${name}"`)
    return field
  }
  const column = (name: string) => columnOf(name, fieldOf(name))
  const defined = (row: Row) => Object.entries(row).filter(([name, value]) => fieldOf(name) && value !== undefined)
  const encodeAll = (entries: [string, unknown][]) =>
    Object.fromEntries(entries.map(([name, value]) => [column(name), encode(fieldOf(name), value)]))
  return {
    column,
    columns,
    encode: row => encodeAll(defined(row).filter(([, value]) => value !== null)),
    encodeChanges: changes => {
      const entries = defined(changes)
      const set = encodeAll(entries.filter(([, value]) => value !== null))
      const unset = entries.filter(([, value]) => value === null).map(([name]) => [column(name), ''])
      const update = {
        ...(Object.keys(set).length > 0 && { $set: set }),
        ...(unset.length > 0 && { $unset: Object.fromEntries(unset) }),
      }
      return Object.keys(update).length > 0 ? update : undefined
    },
    encodeScalar: (name, value) => encodeScalar(fieldOf(name), value),
    decode: document => {
      const row: Row = {}
      for (const [name, stored] of columns) row[name] = decode(fieldOf(name), document[stored])
      return row
    },
  }
}

function encode({ type }: Field, value: unknown): unknown {
  switch (type) {
    case 'date':
      return new Date(value as Date)
    case 'json':
    case 'string[]':
    case 'number[]':
      return encodeJson(value)
    default:
      return value
  }
}

// MongoDB compares values of one type only: what SQL converts has to be converted here.
function encodeScalar({ type }: Field, value: unknown): unknown {
  if (!isScalar(value)) throw new TypeError('a condition compares with a text, a number, a boolean, a date or null')
  switch (type) {
    case 'date':
      return new Date(value as Date)
    case 'number':
      return Number(value)
    case 'boolean':
      return typeof value === 'boolean' ? value : Boolean(Number(value))
    case 'json':
    case 'string[]':
    case 'number[]':
      return value
    default:
      return String(value)
  }
}

function isScalar(value: unknown): value is Scalar {
  return ['string', 'number', 'boolean'].includes(typeof value) || value instanceof Date
}

function decode({ type }: Field, stored: unknown): unknown {
  if (stored === null || stored === undefined) return null
  switch (type) {
    case 'boolean':
      return Boolean(stored)
    case 'number':
      return Number(stored)
    case 'date':
      return stored instanceof Date ? stored : new Date(stored as string | number)
    case 'json':
    case 'string[]':
    case 'number[]':
      return decodeJson(stored)
    default:
      return String(stored)
  }
}
