import { z } from 'zod'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { activeOf } from './active.ts'
import type { Given } from './answers.ts'
import { organizationErrors as errors, memberErrors } from './errors.ts'
import { listMembers, memberListInput } from './list-members.ts'
import { findMember, requireMember, targetOf } from './membership.ts'
import { idInput } from './organization-inputs.ts'
import { findRow } from './rows.ts'
import { found, type Scope } from './scope.ts'

const tags = ['Organization members']
const readErrors = [
  errors.ORGANIZATION_NOT_FOUND,
  errors.NO_ACTIVE_ORGANIZATION,
  errors.YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION,
]

/** `organization.member.list`, `.active` and `.activeRole` */
export function memberReads({ procedure }: ProcedureBuilder, { parts, answers }: Given) {
  return {
    list: procedure
      .session({
        rest: 'GET /organization/list-members',
        operationId: 'listMembers',
        summary: 'The members of an organization: a page of them, sorted and filtered',
        errors: readErrors,
        tags,
      })
      .input(memberListInput)
      .output(z.object({ members: z.array(answers.memberWithUser), total: z.number() }))
      .query(async ({ ctx: { auth }, input = {} }) => {
        const scope = { auth, ...parts }
        const organizationId = await namedBy(scope, input)
        await requireMember(scope, organizationId, errors.YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION)
        return listMembers(scope, organizationId, input)
      }),

    active: procedure
      .session({
        rest: 'GET /organization/get-active-member',
        operationId: 'getActiveMember',
        summary: "The signed-in user's membership in the active organization",
        errors: [errors.NO_ACTIVE_ORGANIZATION, memberErrors.MEMBER_NOT_FOUND],
        tags,
      })
      .output(answers.memberWithUser)
      .query(({ ctx: { auth } }) => {
        const organizationId = found(activeOf(auth).activeOrganizationId, errors.NO_ACTIVE_ORGANIZATION)
        return requireMember({ auth, ...parts }, organizationId, memberErrors.MEMBER_NOT_FOUND)
      }),

    activeRole: procedure
      .session({
        rest: 'GET /organization/get-active-member-role',
        operationId: 'getActiveMemberRole',
        summary: 'The roles of the signed-in user, or of another member',
        errors: readErrors,
        tags,
      })
      .input(
        z
          .object({
            userId: idInput.optional(),
            organizationId: idInput.optional(),
            organizationSlug: idInput.optional(),
          })
          .optional(),
      )
      .output(z.object({ role: z.string() }))
      .query(async ({ ctx: { auth }, input = {} }) => {
        const scope = { auth, ...parts }
        const organizationId = await namedBy(scope, input)
        const refusal = errors.YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION
        const own = await requireMember(scope, organizationId, refusal)
        if (!input.userId) return { role: own.role }
        const { role } = found(await findMember(scope, { organizationId, userId: input.userId }), refusal)
        return { role }
      }),
  }
}

/** The organization that an input names by its slug or id, else the active one. */
async function namedBy(
  scope: Scope,
  { organizationId, organizationSlug: slug }: { organizationId?: string; organizationSlug?: string },
): Promise<string> {
  if (!slug) return targetOf(scope, organizationId, errors.NO_ACTIVE_ORGANIZATION)
  return found(await findRow(scope.auth, 'organization', { slug }), errors.ORGANIZATION_NOT_FOUND).id
}
