import { z } from 'zod'
import type { Fields } from '../entities/index.ts'
import type { FindMany, Where } from './adapters/contract.ts'
import { AuthError, errors } from './errors.ts'

const OPERATORS = [
  'eq',
  'ne',
  'lt',
  'lte',
  'gt',
  'gte',
  'in',
  'not_in',
  'contains',
  'starts_with',
  'ends_with',
] as const

/** Operators that look into texts. */
export const TEXT_OPERATORS = ['contains', 'starts_with', 'ends_with'] as const

/** Beyond what anyone has, and within what every database counts. */
const LARGEST = 1_000_000
const LARGEST_NUMBER = 2 ** 31 - 1
const EARLIEST = new Date('1000-01-01')
const LATEST = new Date('9999-12-31')

const count = z.coerce.number().int().min(0).max(LARGEST).optional()
const filterValue = z.union([
  z.string().max(1024),
  z.number(),
  z.boolean(),
  z.array(z.string().max(1024)).max(1000),
  z.array(z.number()).max(1000),
])

/** What the query of a list takes: a page of it, an order, and one condition. */
export const listShape = {
  limit: count,
  offset: count,
  sortBy: z.string().max(255).optional(),
  sortDirection: z.enum(['asc', 'desc']).optional(),
  filterField: z.string().max(255).optional(),
  filterValue: filterValue.optional(),
  filterOperator: z.enum(OPERATORS).optional(),
}

/** What a client may say about a list. */
export type ListQuery = z.infer<z.ZodObject<typeof listShape>>

/** The order that the query asks for. @throws VALIDATION_ERROR for a field that rows do not show */
export function sortOf({ sortBy, sortDirection: direction = 'asc' }: ListQuery, fields: Fields): FindMany['sortBy'] {
  if (!sortBy) return undefined
  assertShown('sortBy', sortBy, fields)
  return { field: sortBy, direction }
}

/**
 * The condition that the query asks for.
 * @throws VALIDATION_ERROR for a field that rows do not show, a value that it cannot have, an operator that it does not take
 */
export function filterOf(query: ListQuery, fields: Fields): Where[] {
  const { filterField: field, filterOperator: operator = 'eq', filterValue } = query
  if (!field) return []
  assertShown('filterField', field, fields)
  const type = fields[field]?.type ?? 'string'
  const isMany = operator === 'in' || operator === 'not_in'
  const values = (Array.isArray(filterValue) ? filterValue : [filterValue]).map(value => typedValue(value, type))
  const value = isMany ? (values as string[]) : values[0]
  if (value === undefined || values.includes(undefined) || (!isMany && values.length > 1)) refuse('filterValue')
  const isText = TEXT_OPERATORS.some(name => name === operator)
  if (typeof values[0] !== 'string' && isText) refuse('filterOperator')
  return [{ field, operator, value: value as Where['value'] }]
}

/** What the client sent, a query string perhaps, as a value of the field; `undefined` when it is none. */
function typedValue(value: unknown, type: unknown): string | number | boolean | Date | undefined {
  if (type === 'number') return value !== '' && Math.abs(Number(value)) <= LARGEST_NUMBER ? Number(value) : undefined
  if (type === 'boolean') return ['true', 'false'].includes(String(value)) ? String(value) === 'true' : undefined
  if (type === 'date') {
    const date = new Date(typeof value === 'number' ? value : String(value))
    return date >= EARLIEST && date <= LATEST ? date : undefined
  }
  return value === undefined ? undefined : String(value)
}

function assertShown(key: string, field: string, fields: Fields): void {
  const isShown = field === 'id' || (Object.hasOwn(fields, field) && fields[field]?.returned !== false)
  if (!isShown) refuse(key)
}

function refuse(key: string): never {
  throw new AuthError(errors.VALIDATION_ERROR, { message: `[query.${key}] Invalid input` })
}
