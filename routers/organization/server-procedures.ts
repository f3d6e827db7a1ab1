import { z } from 'zod'
import type { Member } from '../../entities/organization.ts'
import { fieldErrors, parseFields } from '../../src/additional-fields.ts'
import { AuthError } from '../../src/errors.ts'
import type { ServerProcedureBuilder } from '../../src/plugin.ts'
import { storedSession } from '../../src/sessions.ts'
import { findUserById, normalizeEmail } from '../../src/users.ts'
import type { Active } from './active.ts'
import { addMember } from './add-member.ts'
import { extended, type Given, type OpenedOrganization, opened } from './answers.ts'
import { createOrganization } from './create-organization.ts'
import { memberErrors, organizationErrors, teamErrors } from './errors.ts'
import { listReceived, receivedList } from './invitation-reads.ts'
import { idInput, inputWith, roleInput } from './organization-inputs.ts'
import { newOrganization } from './organization-procedures.ts'
import { roleNames } from './role-names.ts'

/** `organization.createFor`, `organization.member.add` and `organization.invitation.listFor` */
export function organizationServerProcedures(builder: ServerProcedureBuilder, given: Given) {
  return {
    organization: {
      ...creating(builder, given),
      member: adding(builder, given),
      invitation: listing(builder, given),
    },
  }
}

export interface OrganizationServerRouter extends ReturnType<typeof organizationServerProcedures> {}

function creating({ procedure }: ServerProcedureBuilder, { parts, answers }: Given) {
  const { additionalFields } = parts.models.organization
  return {
    createFor: procedure
      .public({
        operationId: 'createOrganizationFor',
        summary: 'Creates an organization on behalf of a user, who becomes its owner',
        errors: [
          memberErrors.USER_NOT_FOUND,
          organizationErrors.YOU_HAVE_REACHED_THE_MAXIMUM_NUMBER_OF_ORGANIZATIONS,
          organizationErrors.ORGANIZATION_ALREADY_EXISTS,
          ...Object.values(fieldErrors),
        ],
        tags: ['Organization'],
      })
      .input(inputWith({ ...newOrganization, userId: idInput }, additionalFields))
      .output(
        extended<OpenedOrganization & { members: Member[] }>(answers.openedOrganization, {
          members: z.array(answers.member),
        }),
      )
      .mutation(async ({ ctx: { auth }, input: { userId, name, slug, logo, metadata, ...rest } }) => {
        const user = await findUserById(auth, userId)
        if (!user) throw new AuthError(memberErrors.USER_NOT_FOUND)
        const fields = { ...parseFields(additionalFields, rest, 'create'), name, slug, logo, metadata }
        const { organization, member } = await createOrganization({ auth, ...parts }, { user, fields })
        return { ...opened(organization), members: [member] }
      }),
  }
}

function adding({ procedure }: ServerProcedureBuilder, { parts, answers }: Given) {
  const { additionalFields } = parts.models.member
  return {
    add: procedure
      .public({
        operationId: 'addMember',
        summary: 'Makes a user a member without an invitation; of the active organization, unless one is named',
        errors: [
          organizationErrors.NO_ACTIVE_ORGANIZATION,
          organizationErrors.ORGANIZATION_NOT_FOUND,
          memberErrors.USER_NOT_FOUND,
          memberErrors.ROLE_NOT_FOUND,
          memberErrors.USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION,
          memberErrors.ORGANIZATION_MEMBERSHIP_LIMIT_REACHED,
          teamErrors.TEAMS_NOT_ENABLED,
          teamErrors.TEAM_NOT_FOUND,
          teamErrors.TEAM_MEMBER_LIMIT_REACHED,
          ...Object.values(fieldErrors),
        ],
        tags: ['Organization members'],
      })
      .input(
        inputWith(
          { userId: idInput, role: roleInput, organizationId: idInput.optional(), teamId: idInput.optional() },
          additionalFields,
        ),
      )
      .output(answers.member)
      .mutation(async ({ ctx: { auth }, input: { userId, role, organizationId: given, teamId, ...rest } }) => {
        const session = given ? null : await storedSession(auth)
        const organizationId = given || (session?.session as Active | undefined)?.activeOrganizationId
        if (!organizationId) throw new AuthError(organizationErrors.NO_ACTIVE_ORGANIZATION)
        const fields = parseFields(additionalFields, rest, 'create')
        const place = { organizationId, userId, roles: roleNames(role), teamId, fields }
        return addMember({ auth, ...parts }, place)
      }),
  }
}

function listing({ procedure }: ServerProcedureBuilder, { answers }: Given) {
  return {
    listFor: procedure
      .public({
        operationId: 'listInvitationsFor',
        summary: 'The pending invitations of an address, proven or not',
        tags: ['Organization invitations'],
      })
      .input(z.object({ email: z.string().max(255) }))
      .output(receivedList(answers))
      .query(({ ctx: { auth }, input: { email } }) => listReceived(auth, normalizeEmail(email))),
  }
}
