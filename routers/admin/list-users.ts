import { z } from 'zod'
import type { User } from '../../entities/index.ts'
import type { Where } from '../../src/adapters/contract.ts'
import type { AuthContext } from '../../src/context.ts'
import { filterOf, listShape, sortOf, TEXT_OPERATORS } from '../../src/list-query.ts'

export const userListInput = z
  .object({
    ...listShape,
    searchValue: z.string().max(1024).optional(),
    searchField: z.enum(['email', 'name']).optional(),
    searchOperator: z.enum(TEXT_OPERATORS).optional(),
  })
  .optional()

export type UserListInput = NonNullable<z.infer<typeof userListInput>>

/**
 * A page of the users, and how many there are in all.
 * @throws VALIDATION_ERROR for a field that users do not show, or a value that it cannot have
 */
export async function listUsers({ kernel }: AuthContext, input: UserListInput) {
  const fields = kernel.schema.user?.fields ?? {}
  const where = [...searchOf(input), ...filterOf(withDefaultField(input), fields)]
  const sortBy = sortOf(input, fields)
  const limit = input.limit || undefined
  const offset = input.offset || undefined
  const users = (await kernel.adapter.findMany({ model: 'user', where, limit, offset, sortBy })) as unknown as User[]
  const total = await kernel.adapter.count({ model: 'user', where })
  return { users, total, ...(limit && { limit }), ...(offset && { offset }) }
}

function searchOf({ searchField: field = 'email', searchOperator: operator = 'contains', searchValue }: UserListInput) {
  return searchValue ? [{ field, operator, value: searchValue } satisfies Where] : []
}

/** A value without a field is an address, a field without a value no condition. */
function withDefaultField(input: UserListInput): UserListInput {
  if (input.filterValue === undefined && input.filterOperator === undefined) return { ...input, filterField: undefined }
  return { ...input, filterField: input.filterField || 'email' }
}
