import { z } from 'zod'
import type { Invitation, Organization } from '../../entities/organization.ts'
import { tellApplication } from '../../src/application-callbacks.ts'
import type { Draft } from '../../src/context.ts'
import { AuthError, askApplication } from '../../src/errors.ts'
import { findUserByEmail } from '../../src/users.ts'
import { invitationErrors as errors, memberErrors } from './errors.ts'
import { assertNoMember } from './members.ts'
import { requireMember, requireOrganization, requirePermission } from './membership.ts'
import { isOwner } from './permissions.ts'
import { assertRolesExist } from './roles.ts'
import { changeRow, insertRow, listRows, lockOrganization, type MemberWithUser } from './rows.ts'
import { amendedBy, type Scope } from './scope.ts'
import { assertTeamsHaveRoom } from './team-room.ts'

export interface Wish {
  organizationId: string
  /** Normalised. */
  email: string
  roles: readonly string[]
  teamIds: readonly string[]
  /** Whether a pending invitation is prolonged and sent again. */
  resend: boolean
  /** The application's fields, parsed. */
  fields: Draft
}

/** Invites an address, or sends its pending invitation again. */
export async function invite(scope: Scope, wish: Wish): Promise<Invitation> {
  const { auth } = scope
  if (!z.email().safeParse(wish.email).success) throw new AuthError(errors.INVALID_EMAIL)
  const member = await requireMember(scope, wish.organizationId, memberErrors.MEMBER_NOT_FOUND)
  const refusal = errors.YOU_ARE_NOT_ALLOWED_TO_INVITE_USERS_TO_THIS_ORGANIZATION
  await requirePermission(scope, { member, permissions: { invitation: ['create'] } }, refusal)
  await assertRolesExist(scope, wish.organizationId, wish.roles)
  if (wish.roles.includes(scope.options.creatorRole) && !isOwner(scope, member)) {
    throw new AuthError(errors.YOU_ARE_NOT_ALLOWED_TO_INVITE_USER_WITH_THIS_ROLE)
  }
  const user = await findUserByEmail(auth, wish.email)
  if (user) await assertNoMember(scope, { organizationId: wish.organizationId, userId: user.id })
  const organization = await requireOrganization(scope, wish.organizationId)
  const [pending] = await pendingOf(scope, wish)
  const invitation =
    pending && wish.resend ? await prolong(scope, pending) : await create(scope, { wish, member, organization })
  send(scope, { invitation, organization, member })
  if (invitation.id !== pending?.id) await tellCreated(scope, invitation, organization)
  return invitation
}

/** Invitations that can still be accepted: to one address, or all. */
async function pendingOf(
  { auth }: Scope,
  { organizationId, email }: { organizationId: string; email?: string },
): Promise<Invitation[]> {
  const where = [{ field: 'expiresAt', value: auth.kernel.now(), operator: 'gt' }] as const
  return listRows(auth, 'invitation', { match: { organizationId, status: 'pending', ...(email && { email }) }, where })
}

async function prolong({ auth, options }: Scope, { id }: Invitation): Promise<Invitation> {
  const update = { expiresAt: expiryOf(auth.kernel.now(), options.invitationExpiresIn) }
  const prolonged = await changeRow(auth, 'invitation', { match: { id, status: 'pending' }, update })
  // Answered in this moment.
  if (!prolonged) throw new AuthError(errors.INVITATION_NOT_FOUND)
  return prolonged
}

function expiryOf(now: Date, seconds: number): Date {
  return new Date(now.getTime() + seconds * 1000)
}

interface Creation {
  wish: Wish
  member: MemberWithUser
  organization: Organization
}

async function create(scope: Scope, { wish, member, organization }: Creation): Promise<Invitation> {
  const { auth, options } = scope
  const { kernel, signedIn } = auth
  const { organizationId, email, roles, teamIds } = wish
  const limit = await limitOf(scope, { organization, member })
  await assertRoomFor(scope, wish, limit)
  await assertTeamsHaveRoom(scope, organizationId, teamIds)
  const now = kernel.now()
  const given = {
    ...wish.fields,
    email,
    role: roles.join(','),
    organizationId,
    inviterId: signedIn.user.id,
    ...(options.teams.enabled && { teamId: teamIds.join(',') || null }),
  }
  const before = options.hooks.beforeCreateInvitation
  const told = { ...given, teamId: teamIds[0] }
  const { teamIds: _, ...amended } = (await amendedBy(
    given,
    before && (() => before({ invitation: told, inviter: signedIn.user, organization })),
  )) as typeof given & { teamIds?: unknown }
  return kernel.unitOfWork.run(async () => {
    await lockOrganization(auth, organizationId)
    // Once more: as many may be inviting at this moment.
    const pending = await assertRoomFor(scope, wish, limit)
    for (const { id } of pending) {
      await changeRow(auth, 'invitation', { match: { id, status: 'pending' }, update: { status: 'canceled' } })
    }
    const expiresAt = expiryOf(now, options.invitationExpiresIn)
    return insertRow(auth, 'invitation', { status: 'pending', expiresAt, createdAt: now, ...amended })
  })
}

/**
 * @returns invitations of this address that the new one takes the place of
 * @throws USER_IS_ALREADY_INVITED_TO_THIS_ORGANIZATION, INVITATION_LIMIT_REACHED
 */
async function assertRoomFor(scope: Scope, { organizationId, email }: Wish, limit: number): Promise<Invitation[]> {
  const all = await pendingOf(scope, { organizationId })
  const same = all.filter(invitation => invitation.email === email)
  if (same.length > 0 && !scope.options.cancelPendingInvitationsOnReInvite) {
    throw new AuthError(errors.USER_IS_ALREADY_INVITED_TO_THIS_ORGANIZATION)
  }
  if (all.length - same.length >= limit) throw new AuthError(errors.INVITATION_LIMIT_REACHED)
  return same
}

function limitOf(
  { auth, options }: Scope,
  { organization, member }: Pick<Creation, 'organization' | 'member'>,
): Promise<number> {
  const { invitationLimit: limit } = options
  const { user } = auth.signedIn
  return askApplication(() => (typeof limit === 'number' ? limit : limit({ user, organization, member }, auth)))
}

/** After the answer, whose time therefore does not tell whether a mail could be sent. */
function send(
  { auth, options }: Scope,
  { invitation, organization, member }: { invitation: Invitation; organization: Organization; member: MemberWithUser },
): void {
  const { id, email, role } = invitation
  const { user } = auth.signedIn
  const { sendInvitationEmail, sendInvitation } = options
  const mail = { id, email, role: role ?? '', organization, invitation, inviter: { ...member, user } }
  auth.kernel.background(async () => {
    await (sendInvitationEmail ?? sendInvitation)?.(mail, auth.request?.())
  })
}

async function tellCreated(
  { auth, options }: Scope,
  invitation: Invitation,
  organization: Organization,
): Promise<void> {
  const inviter = auth.signedIn.user
  const after = options.hooks.afterCreateInvitation
  await tellApplication(auth, 'afterCreateInvitation', () => after?.({ invitation, inviter, organization }))
}
