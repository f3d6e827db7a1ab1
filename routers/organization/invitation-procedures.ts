import { z } from 'zod'
import type { Invitation } from '../../entities/organization.ts'
import { fieldErrors, parseFields } from '../../src/additional-fields.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { normalizeEmail } from '../../src/users.ts'
import { acceptInvitation, cancelInvitation, rejectInvitation } from './answer-invitation.ts'
import type { Given } from './answers.ts'
import { invitationErrors as errors, memberErrors, organizationErrors, teamErrors } from './errors.ts'
import { invite } from './invite.ts'
import { targetOf } from './membership.ts'
import { idInput, inputWith, roleInput } from './organization-inputs.ts'
import { roleNames } from './role-names.ts'

const tags = ['Organization invitations']
const byId = z.object({ invitationId: idInput })
const answerErrors = [
  errors.INVITATION_NOT_FOUND,
  organizationErrors.ORGANIZATION_NOT_FOUND,
  errors.YOU_ARE_NOT_THE_RECIPIENT_OF_THE_INVITATION,
  errors.EMAIL_VERIFICATION_REQUIRED_BEFORE_ACCEPTING_OR_REJECTING_INVITATION,
]

const invitationShape = {
  // Measured twice, as normalising can lengthen it; whether it is an address is told with a code of its own.
  email: z.string().max(255).overwrite(normalizeEmail).max(255),
  role: roleInput,
  organizationId: idInput.optional(),
  resend: z.boolean().optional(),
  teamId: z.union([idInput, z.array(idInput).max(100)]).optional(),
}

/** `organization.invitation.create`, `.accept`, `.reject` and `.cancel` */
export function invitationProcedures(builder: ProcedureBuilder, given: Given) {
  return {
    create: createProcedure(builder, given),
    accept: acceptProcedure(builder, given),
    reject: rejectProcedure(builder, given),
    cancel: cancelProcedure(builder, given),
  }
}

function createProcedure({ procedure }: ProcedureBuilder, { parts, answers }: Given) {
  const { additionalFields } = parts.models.invitation
  return procedure
    .sensitive({
      rest: 'POST /organization/invite-member',
      operationId: 'createInvitation',
      summary: 'Invites an address, or with `resend` sends its invitation again',
      errors: [
        organizationErrors.ORGANIZATION_NOT_FOUND,
        memberErrors.MEMBER_NOT_FOUND,
        memberErrors.ROLE_NOT_FOUND,
        memberErrors.USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION,
        errors.INVALID_EMAIL,
        errors.YOU_ARE_NOT_ALLOWED_TO_INVITE_USERS_TO_THIS_ORGANIZATION,
        errors.YOU_ARE_NOT_ALLOWED_TO_INVITE_USER_WITH_THIS_ROLE,
        errors.USER_IS_ALREADY_INVITED_TO_THIS_ORGANIZATION,
        errors.INVITATION_LIMIT_REACHED,
        errors.INVITATION_NOT_FOUND,
        teamErrors.TEAM_NOT_FOUND,
        teamErrors.TEAM_MEMBER_LIMIT_REACHED,
        ...Object.values(fieldErrors),
      ],
      tags,
    })
    .input(inputWith(invitationShape, additionalFields))
    .output(answers.invitation)
    .mutation(({ ctx: { auth }, input }) => {
      const scope = { auth, ...parts }
      const { email, role, organizationId, resend = false, teamId, ...rest } = input
      const teamIds = typeof teamId === 'string' ? [teamId] : (teamId ?? [])
      return invite(scope, {
        organizationId: targetOf(scope, organizationId, organizationErrors.ORGANIZATION_NOT_FOUND),
        email,
        roles: roleNames(role),
        teamIds: parts.options.teams.enabled ? [...new Set(teamIds.filter(Boolean))] : [],
        resend,
        fields: parseFields(additionalFields, rest, 'create'),
      })
    })
}

function acceptProcedure({ procedure }: ProcedureBuilder, { parts, answers }: Given) {
  return procedure
    .sensitive({
      rest: 'POST /organization/accept-invitation',
      operationId: 'acceptInvitation',
      summary: 'Makes the invited user a member, with the organization active',
      errors: [
        ...answerErrors,
        memberErrors.ORGANIZATION_MEMBERSHIP_LIMIT_REACHED,
        memberErrors.USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION,
        teamErrors.TEAM_MEMBER_LIMIT_REACHED,
      ],
      sessionCookie: 'set',
      tags,
    })
    .input(byId)
    .output(z.object({ invitation: answers.invitation, member: answers.member }))
    .mutation(({ ctx: { auth }, input }) => acceptInvitation({ auth, ...parts }, input.invitationId))
}

function rejectProcedure({ procedure }: ProcedureBuilder, { parts, answers }: Given) {
  return procedure
    .sensitive({
      rest: 'POST /organization/reject-invitation',
      operationId: 'rejectInvitation',
      summary: 'Declines an invitation of the signed-in user',
      errors: answerErrors,
      tags,
    })
    .input(byId)
    .output(z.object({ invitation: answers.invitation, member: z.null() }))
    .mutation(async ({ ctx: { auth }, input }): Promise<{ invitation: Invitation; member: null }> => {
      return { invitation: await rejectInvitation({ auth, ...parts }, input.invitationId), member: null }
    })
}

function cancelProcedure({ procedure }: ProcedureBuilder, { parts, answers }: Given) {
  return procedure
    .sensitive({
      rest: 'POST /organization/cancel-invitation',
      operationId: 'cancelInvitation',
      summary: "Takes back an organization's invitation",
      errors: [
        errors.INVITATION_NOT_FOUND,
        memberErrors.MEMBER_NOT_FOUND,
        organizationErrors.ORGANIZATION_NOT_FOUND,
        errors.YOU_ARE_NOT_ALLOWED_TO_CANCEL_THIS_INVITATION,
      ],
      tags,
    })
    .input(byId)
    .output(answers.invitation)
    .mutation(({ ctx: { auth }, input }) => cancelInvitation({ auth, ...parts }, input.invitationId))
}
