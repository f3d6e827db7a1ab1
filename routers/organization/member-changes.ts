import type { User } from '../../entities/index.ts'
import type { Member } from '../../entities/organization.ts'
import { tellApplication } from '../../src/application-callbacks.ts'
import { AuthError, askApplication } from '../../src/errors.ts'
import { findUserById } from '../../src/users.ts'
import { activeOf, forgetActive, remember } from './active.ts'
import { memberErrors as errors } from './errors.ts'
import { deleteMember, findMemberBy } from './members.ts'
import { assertOwnerBesides, findMember, requireMember, requireOrganization, requirePermission } from './membership.ts'
import { isOwner } from './permissions.ts'
import { hasRole } from './role-names.ts'
import { assertRolesExist } from './roles.ts'
import { changeRow, lockOrganization, type MemberWithUser } from './rows.ts'
import { amendedBy, found, type Scope } from './scope.ts'

const onlyOwner = errors.YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER

interface Removal {
  organizationId: string
  memberIdOrEmail: string
}

/** Removes a member, for the signed-in user. The last owner stays, whatever happens at the same time. */
export async function removeMember(scope: Scope, removal: Removal): Promise<MemberWithUser> {
  const { auth, options } = scope
  const { hooks } = options
  const { organizationId } = removal
  const target = await removable(scope, removal)
  const organization = await requireOrganization(scope, organizationId)
  const user = await userOf(scope, target)
  await askApplication(() => hooks.beforeRemoveMember?.({ member: target, user, organization }))
  await auth.kernel.unitOfWork.run(async () => {
    await lockOrganization(auth, organizationId)
    // Once more: until now somebody else may have changed the one or the other.
    await take(scope, await removable(scope, removal))
  })
  forgetActive(scope, [target.userId], { activeOrganizationId: organizationId })
  await tellApplication(auth, 'afterRemoveMember', () =>
    hooks.afterRemoveMember?.({ member: target, user, organization }),
  )
  return target
}

/** Ends the signed-in user's own membership. */
export async function leaveOrganization(scope: Scope, organizationId: string): Promise<MemberWithUser> {
  const { auth } = scope
  const left = await auth.kernel.unitOfWork.run(async () => {
    await lockOrganization(auth, organizationId)
    // Whoever lacks a factor that the organization asks for can leave it all the same.
    const own = found(
      await findMember(scope, { organizationId, userId: auth.signedIn.user.id }),
      errors.MEMBER_NOT_FOUND,
    )
    if (isOwner(scope, own)) await assertOwnerBesides(scope, own, onlyOwner)
    await take(scope, own)
    return own
  })
  forgetActive(scope, [left.userId], { activeOrganizationId: organizationId })
  return left
}

/** The member that is to be removed, if the signed-in user may remove it. */
async function removable(scope: Scope, { organizationId, memberIdOrEmail }: Removal): Promise<MemberWithUser> {
  const own = await requireMember(scope, organizationId, errors.MEMBER_NOT_FOUND)
  const target = found(await findMemberBy(scope, organizationId, memberIdOrEmail), errors.MEMBER_NOT_FOUND)
  if (isOwner(scope, target)) {
    if (!isOwner(scope, own)) throw new AuthError(onlyOwner)
    await assertOwnerBesides(scope, target, onlyOwner)
  }
  const permissions = { member: ['delete'] }
  await requirePermission(scope, { member: own, permissions }, errors.YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_MEMBER)
  return target
}

async function take(scope: Scope, member: Member): Promise<void> {
  const { auth } = scope
  await deleteMember(scope, member)
  const isOwn = member.userId === auth.signedIn.user.id
  if (isOwn && activeOf(auth).activeOrganizationId === member.organizationId) {
    await remember(scope, { activeOrganizationId: null })
  }
}

export interface RoleChange {
  organizationId: string
  memberId: string
  roles: readonly string[]
}

/** Gives a member other roles, for the signed-in user. Only an owner makes and unmakes owners, never the last one. */
export async function updateMemberRole(scope: Scope, change: RoleChange): Promise<Member> {
  const { auth, options } = scope
  const { hooks } = options
  const member = await changeable(scope, change)
  await assertRolesExist(scope, change.organizationId, change.roles)
  const organization = await requireOrganization(scope, change.organizationId)
  const user = await userOf(scope, member)
  const newRole = change.roles.join(',')
  const before = hooks.beforeUpdateMemberRole
  const amended = await amendedBy({ role: newRole }, before && (() => before({ member, newRole, user, organization })))
  // The application's word stands, as far as somebody stays an owner.
  const role = amended.role || newRole
  const updated = await auth.kernel.unitOfWork.run(async () => {
    await lockOrganization(auth, change.organizationId)
    const current = await changeable(scope, change)
    if (isOwner(scope, current) && !hasRole(role, options.creatorRole)) {
      await assertOwnerBesides(scope, current, errors.YOU_CANNOT_LEAVE_THE_ORGANIZATION_WITHOUT_AN_OWNER)
    }
    return found(
      await changeRow(auth, 'member', { match: { id: current.id }, update: { role } }),
      errors.MEMBER_NOT_FOUND,
    )
  })
  const told = { member: updated, previousRole: member.role, user, organization }
  await tellApplication(auth, 'afterUpdateMemberRole', () => hooks.afterUpdateMemberRole?.(told))
  return updated
}

/** The member that is to be changed, if the signed-in user may change it so. */
async function changeable(scope: Scope, { organizationId, memberId, roles }: RoleChange): Promise<MemberWithUser> {
  const own = await requireMember(scope, organizationId, errors.MEMBER_NOT_FOUND)
  const target = found(await findMember(scope, { organizationId, id: memberId }), errors.MEMBER_NOT_FOUND)
  const refused = errors.YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER
  const makesOwner = roles.includes(scope.options.creatorRole)
  if (isOwner(scope, own)) {
    if (isOwner(scope, target) && !makesOwner) {
      await assertOwnerBesides(scope, target, errors.YOU_CANNOT_LEAVE_THE_ORGANIZATION_WITHOUT_AN_OWNER)
    }
    return target
  }
  if (isOwner(scope, target) || makesOwner) throw new AuthError(refused)
  await requirePermission(scope, { member: own, permissions: { member: ['update'] } }, refused)
  return target
}

async function userOf({ auth }: Scope, { userId }: Member): Promise<User> {
  return found(await findUserById(auth, userId), errors.USER_NOT_FOUND)
}
