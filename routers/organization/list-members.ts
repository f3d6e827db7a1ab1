import { z } from 'zod'
import type { Fields } from '../../entities/index.ts'
import type { Where } from '../../src/adapters/contract.ts'
import { AuthError, errors } from '../../src/errors.ts'
import { withPublicUser } from './membership.ts'
import { idInput } from './organization-inputs.ts'
import type { MemberWithUser } from './rows.ts'
import type { Scope } from './scope.ts'

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

export const memberListInput = z
  .object({
    limit: count,
    offset: count,
    sortBy: z.string().max(255).optional(),
    sortDirection: z.enum(['asc', 'desc']).optional(),
    filterField: z.string().max(255).optional(),
    filterValue: filterValue.optional(),
    filterOperator: z.enum(OPERATORS).optional(),
    organizationId: idInput.optional(),
    organizationSlug: idInput.optional(),
  })
  .optional()

export type MemberListInput = NonNullable<z.infer<typeof memberListInput>>

/**
 * A page of an organization's members, and how many there are.
 * @throws VALIDATION_ERROR for a field that members do not show, or a value that it cannot have
 */
export async function listMembers(scope: Scope, organizationId: string, input: MemberListInput) {
  const { auth, options, models } = scope
  const { kernel } = auth
  const where = [{ field: 'organizationId', value: organizationId }, ...filterOf(input, models.member.fields)]
  const { membershipLimit } = options
  const page = (await kernel.adapter.findMany({
    model: 'member',
    where,
    join: 'user',
    limit: input.limit || (typeof membershipLimit === 'number' ? membershipLimit : 100),
    offset: input.offset,
    sortBy: sortOf(input, models.member.fields),
  })) as unknown as MemberWithUser[]
  return { members: page.map(withPublicUser), total: await kernel.adapter.count({ model: 'member', where }) }
}

function sortOf({ sortBy, sortDirection: direction = 'asc' }: MemberListInput, fields: Fields) {
  if (!sortBy) return undefined
  assertShown('sortBy', sortBy, fields)
  return { field: sortBy, direction }
}

function filterOf(input: MemberListInput, fields: Fields): Where[] {
  const { filterField: field, filterOperator: operator = 'eq', filterValue } = input
  if (!field) return []
  assertShown('filterField', field, fields)
  const type = fields[field]?.type ?? 'string'
  const isMany = operator === 'in' || operator === 'not_in'
  const values = (Array.isArray(filterValue) ? filterValue : [filterValue]).map(value => typedValue(value, type))
  const value = isMany ? (values as string[]) : values[0]
  if (value === undefined || values.includes(undefined) || (!isMany && values.length > 1)) refuse('filterValue')
  if (typeof values[0] !== 'string' && ['contains', 'starts_with', 'ends_with'].includes(operator))
    refuse('filterOperator')
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
