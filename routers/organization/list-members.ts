import { z } from 'zod'
import { filterOf, listShape, sortOf } from '../../src/list-query.ts'
import { withPublicUser } from './membership.ts'
import { idInput } from './organization-inputs.ts'
import type { MemberWithUser } from './rows.ts'
import type { Scope } from './scope.ts'

export const memberListInput = z
  .object({
    ...listShape,
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
