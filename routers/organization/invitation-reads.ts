import { z } from 'zod'
import type { Invitation, Organization } from '../../entities/organization.ts'
import type { RequestContext } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { assertRecipient, openInvitation } from './answer-invitation.ts'
import { type Answers, extended, type Given } from './answers.ts'
import { invitationErrors as errors, organizationErrors } from './errors.ts'
import { findMember, requireMember, requireOrganization, targetOf } from './membership.ts'
import { idInput } from './organization-inputs.ts'
import { listRows } from './rows.ts'
import { found } from './scope.ts'

const tags = ['Organization invitations']

type Described = Invitation & { organizationName: string; organizationSlug: string; inviterEmail: string }
export type Received = Invitation & { organizationName: string }

/** `organization.invitation.get`, `.list` and `.listMine` */
export function invitationReads(builder: ProcedureBuilder, given: Given) {
  return {
    get: getProcedure(builder, given),
    list: listProcedure(builder, given),
    listMine: listMineProcedure(builder, given),
  }
}

// Whether the address is proven is asked of the store: a cached session may know it from before it was changed.
function getProcedure({ procedure }: ProcedureBuilder, { parts, answers }: Given) {
  const { invitation } = answers
  const described = extended<Described>(invitation, {
    organizationName: z.string(),
    organizationSlug: z.string(),
    inviterEmail: z.string(),
  })
  return procedure
    .sensitive({
      rest: 'GET /organization/get-invitation',
      operationId: 'getInvitation',
      summary: 'An invitation of the signed-in user, to be shown before it is answered',
      errors: [
        errors.INVITATION_NOT_FOUND,
        errors.YOU_ARE_NOT_THE_RECIPIENT_OF_THE_INVITATION,
        errors.EMAIL_VERIFICATION_REQUIRED_FOR_INVITATION,
        errors.INVITER_IS_NO_LONGER_A_MEMBER_OF_THE_ORGANIZATION,
        organizationErrors.ORGANIZATION_NOT_FOUND,
      ],
      tags,
    })
    .input(z.object({ id: idInput }))
    .output(described)
    .query(async ({ ctx: { auth }, input: { id } }) => {
      const scope = { auth, ...parts }
      const own = await openInvitation(scope, id)
      assertRecipient(scope, own, errors.EMAIL_VERIFICATION_REQUIRED_FOR_INVITATION)
      const { organizationId, inviterId } = own
      const organization = await requireOrganization(scope, organizationId)
      const inviter = found(
        await findMember(scope, { organizationId, userId: inviterId }),
        errors.INVITER_IS_NO_LONGER_A_MEMBER_OF_THE_ORGANIZATION,
      )
      return {
        ...own,
        organizationName: organization.name,
        organizationSlug: organization.slug,
        inviterEmail: inviter.user.email,
      }
    })
}

function listProcedure({ procedure }: ProcedureBuilder, { parts, answers }: Given) {
  const { invitation } = answers
  return procedure
    .session({
      rest: 'GET /organization/list-invitations',
      operationId: 'listInvitations',
      summary: 'The invitations of an organization, answered ones too',
      errors: [organizationErrors.NO_ACTIVE_ORGANIZATION, organizationErrors.YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION],
      tags,
    })
    .input(z.object({ organizationId: idInput.optional() }).optional())
    .output(z.array(invitation))
    .query(async ({ ctx: { auth }, input = {} }) => {
      const scope = { auth, ...parts }
      const organizationId = targetOf(scope, input.organizationId, {
        ...organizationErrors.NO_ACTIVE_ORGANIZATION,
        message: 'Organization ID is required',
      })
      await requireMember(scope, organizationId, organizationErrors.YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION)
      return listRows(auth, 'invitation', { match: { organizationId } })
    })
}

function listMineProcedure({ procedure }: ProcedureBuilder, { parts, answers }: Given) {
  return procedure
    .sensitive({
      rest: 'GET /organization/list-user-invitations',
      operationId: 'listUserInvitations',
      summary: 'The pending invitations of the signed-in user',
      errors: [errors.EMAIL_VERIFICATION_REQUIRED_FOR_INVITATION, errors.INVALID_EMAIL],
      tags,
    })
    .input(z.object({ email: z.string().max(255).optional() }).optional())
    .output(receivedList(answers))
    .query(async ({ ctx: { auth }, input = {} }) => {
      const { email, emailVerified } = auth.signedIn.user
      // The application's own code has a procedure for that.
      if (input.email) {
        const message = 'User email cannot be passed for client side API calls.'
        throw new AuthError(errors.INVALID_EMAIL, { message })
      }
      if (parts.options.requireEmailVerificationOnInvitation && !emailVerified) {
        throw new AuthError(errors.EMAIL_VERIFICATION_REQUIRED_FOR_INVITATION)
      }
      return listReceived(auth, email)
    })
}

export function receivedList({ invitation }: Answers) {
  return z.array(extended<Received>(invitation, { organizationName: z.string() }))
}

/** Pending invitations to an address, with the names of their organizations. */
export async function listReceived(auth: RequestContext, email: string): Promise<Received[]> {
  const rows = await listRows(auth, 'invitation', { match: { email, status: 'pending' }, join: 'organization' })
  return rows.map(row => {
    const { organization, ...invitation } = row as Invitation & { organization: Organization }
    return { ...invitation, organizationName: organization.name }
  })
}
