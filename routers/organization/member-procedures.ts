import { z } from 'zod'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { extended, type Given } from './answers.ts'
import { memberErrors as errors, organizationErrors } from './errors.ts'
import { leaveOrganization, removeMember, updateMemberRole } from './member-changes.ts'
import { targetOf } from './membership.ts'
import { idInput, roleInput } from './organization-inputs.ts'
import { roleNames } from './role-names.ts'
import type { MemberWithUser } from './rows.ts'

const tags = ['Organization members']

/** `organization.leave`, `organization.member.remove` and `.updateRole` */
export function memberProcedures({ procedure }: ProcedureBuilder, { parts, answers }: Given) {
  return {
    leave: procedure
      .sensitive({
        rest: 'POST /organization/leave',
        operationId: 'leaveOrganization',
        summary: 'Ends the membership of the signed-in user',
        errors: [errors.MEMBER_NOT_FOUND, errors.YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER],
        tags,
      })
      .input(z.object({ organizationId: idInput }))
      .output(answers.memberWithUser)
      .mutation(({ ctx: { auth }, input }) => leaveOrganization({ auth, ...parts }, input.organizationId)),

    member: {
      remove: procedure
        .sensitive({
          rest: 'POST /organization/remove-member',
          operationId: 'removeMember',
          summary: 'Ends the membership of another user',
          errors: [
            organizationErrors.NO_ACTIVE_ORGANIZATION,
            organizationErrors.ORGANIZATION_NOT_FOUND,
            errors.MEMBER_NOT_FOUND,
            errors.USER_NOT_FOUND,
            errors.YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER,
            errors.YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_MEMBER,
          ],
          tags,
        })
        .input(z.object({ memberIdOrEmail: idInput, organizationId: idInput.optional() }))
        .output(z.object({ member: extended<MemberWithUser>(answers.memberWithUser, {}) }))
        .mutation(async ({ ctx: { auth }, input: { memberIdOrEmail, organizationId: given } }) => {
          const scope = { auth, ...parts }
          const organizationId = targetOf(scope, given, organizationErrors.NO_ACTIVE_ORGANIZATION)
          return { member: await removeMember(scope, { organizationId, memberIdOrEmail }) }
        }),

      updateRole: procedure
        .sensitive({
          rest: 'POST /organization/update-member-role',
          operationId: 'updateMemberRole',
          summary: 'Gives a member other roles',
          errors: [
            organizationErrors.NO_ACTIVE_ORGANIZATION,
            organizationErrors.ORGANIZATION_NOT_FOUND,
            errors.ROLE_NOT_FOUND,
            errors.MEMBER_NOT_FOUND,
            errors.USER_NOT_FOUND,
            errors.YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER,
            errors.YOU_CANNOT_LEAVE_THE_ORGANIZATION_WITHOUT_AN_OWNER,
          ],
          tags,
        })
        .input(z.object({ role: roleInput, memberId: idInput, organizationId: idInput.optional() }))
        .output(answers.member)
        .mutation(({ ctx: { auth }, input: { role, memberId, organizationId: given } }) => {
          const scope = { auth, ...parts }
          const organizationId = targetOf(scope, given, organizationErrors.NO_ACTIVE_ORGANIZATION)
          return updateMemberRole(scope, { organizationId, memberId, roles: roleNames(role) })
        }),
    },
  }
}
