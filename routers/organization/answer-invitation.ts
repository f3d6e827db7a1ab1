import type { Invitation, Member, Organization } from '../../entities/organization.ts'
import { tellApplication } from '../../src/application-callbacks.ts'
import { AuthError, askApplication, type ErrorDefinition } from '../../src/errors.ts'
import { normalizeEmail } from '../../src/users.ts'
import { type Active, remember } from './active.ts'
import { invitationErrors as errors, memberErrors } from './errors.ts'
import { assertNoMember, assertRoom, insertMember, membershipLimitOf } from './members.ts'
import { requireMember, requireOrganization, requirePermission } from './membership.ts'
import { changeRow, findRow, insertRow, lockOrganization } from './rows.ts'
import { found, type Scope } from './scope.ts'
import { assertTeamHasRoom } from './team-room.ts'

const unproven = errors.EMAIL_VERIFICATION_REQUIRED_BEFORE_ACCEPTING_OR_REJECTING_INVITATION

/** The same with the words that Better Auth has for it in two of three places. */
const gone = { ...errors.INVITATION_NOT_FOUND, message: 'Invitation not found!' }

/** An invitation that can still be accepted, to be shown. */
export async function openInvitation(scope: Scope, id: string): Promise<Invitation> {
  return assertOpen(scope, await findRow(scope.auth, 'invitation', { id }), gone)
}

function assertOpen({ auth }: Scope, invitation: Invitation | null, refusal: ErrorDefinition): Invitation {
  const isOpen = invitation?.status === 'pending' && invitation.expiresAt >= auth.kernel.now()
  return found(isOpen ? invitation : null, refusal)
}

/** That the signed-in user is who was invited, and has proven it. */
export function assertRecipient({ auth, options }: Scope, invitation: Invitation, refusal: ErrorDefinition): void {
  const { email, emailVerified } = auth.signedIn.user
  if (normalizeEmail(invitation.email) !== normalizeEmail(email)) {
    throw new AuthError(errors.YOU_ARE_NOT_THE_RECIPIENT_OF_THE_INVITATION)
  }
  if (options.requireEmailVerificationOnInvitation && !emailVerified) throw new AuthError(refusal)
}

interface Accepted {
  invitation: Invitation
  member: Member
}

/** Makes the invited user a member, of the named teams too, with the organization active: all of it or nothing. */
export async function acceptInvitation(scope: Scope, id: string): Promise<Accepted> {
  const { auth, options } = scope
  const { kernel, signedIn } = auth
  const { user } = signedIn
  const { hooks } = options
  const row = await findRow(auth, 'invitation', { id })
  const invitation = assertOpen(scope, row, errors.INVITATION_NOT_FOUND)
  assertRecipient(scope, invitation, unproven)
  const { organizationId } = invitation
  const organization = await requireOrganization(scope, organizationId)
  const limit = await membershipLimitOf(scope, user, organization)
  await assertRoom(scope, organizationId, limit)
  await assertNoMember(scope, { organizationId, userId: user.id })
  await askApplication(() => hooks.beforeAcceptInvitation?.({ invitation, user, organization }))
  const accepted = await kernel.unitOfWork.run(async () => {
    await lockOrganization(auth, organizationId)
    const place = { organizationId, userId: user.id, role: invitation.role || 'member' }
    const member = await insertMember(scope, place, limit)
    const answered = await answer(scope, invitation, 'accepted')
    const teamIds = await joinTeams(scope, answered)
    const only = teamIds.length === 1 ? teamIds[0] : undefined
    const active: Active = { activeOrganizationId: organizationId, ...(only && { activeTeamId: only }) }
    await remember(scope, active, { isSent: only !== undefined })
    return { invitation: answered, member }
  })
  const told = { ...accepted, user, organization }
  await tellApplication(auth, 'afterAcceptInvitation', () => hooks.afterAcceptInvitation?.(told))
  return accepted
}

/** Of any number of answers to one invitation exactly one counts. */
async function answer({ auth }: Scope, { id }: Invitation, status: string): Promise<Invitation> {
  const match = { id, status: 'pending' }
  return found(await changeRow(auth, 'invitation', { match, update: { status } }), errors.INVITATION_NOT_FOUND)
}

/** Puts the user into the invitation's teams that are still there. */
async function joinTeams(scope: Scope, { organizationId, teamId }: Invitation): Promise<string[]> {
  const { auth, options } = scope
  const joined: string[] = []
  for (const id of options.teams.enabled && teamId ? teamId.split(',') : []) {
    if (!(await findRow(auth, 'team', { id, organizationId }))) continue
    await assertTeamHasRoom(scope, organizationId, id)
    const createdAt = auth.kernel.now()
    await insertRow(auth, 'teamMember', { teamId: id, userId: auth.signedIn.user.id, createdAt })
    joined.push(id)
  }
  return joined
}

export async function rejectInvitation(scope: Scope, id: string): Promise<Invitation> {
  const { auth, options } = scope
  const { user } = auth.signedIn
  const { beforeRejectInvitation, afterRejectInvitation } = options.hooks
  // One that has expired can be declined all the same.
  const invitation = found(await findRow(auth, 'invitation', { id, status: 'pending' }), gone)
  assertRecipient(scope, invitation, unproven)
  const organization = await requireOrganization(scope, invitation.organizationId)
  await askApplication(() => beforeRejectInvitation?.({ invitation, user, organization }))
  const rejected = await answer(scope, invitation, 'rejected')
  const told = { invitation: rejected, user, organization }
  await tellApplication(auth, 'afterRejectInvitation', () => afterRejectInvitation?.(told))
  return rejected
}

/** Takes an invitation back, for a member who may. */
export async function cancelInvitation(scope: Scope, id: string): Promise<Invitation> {
  const { auth, options } = scope
  const { user: cancelledBy } = auth.signedIn
  const { beforeCancelInvitation, afterCancelInvitation } = options.hooks
  const invitation = found(await findRow(auth, 'invitation', { id }), errors.INVITATION_NOT_FOUND)
  const member = await requireMember(scope, invitation.organizationId, memberErrors.MEMBER_NOT_FOUND)
  const refusal = errors.YOU_ARE_NOT_ALLOWED_TO_CANCEL_THIS_INVITATION
  await requirePermission(scope, { member, permissions: { invitation: ['cancel'] } }, refusal)
  const organization: Organization = await requireOrganization(scope, invitation.organizationId)
  await askApplication(() => beforeCancelInvitation?.({ invitation, cancelledBy, organization }))
  const canceled = await answer(scope, invitation, 'canceled')
  const told = { invitation: canceled, cancelledBy, organization }
  await tellApplication(auth, 'afterCancelInvitation', () => afterCancelInvitation?.(told))
  return canceled
}
