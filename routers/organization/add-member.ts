import type { Member } from '../../entities/organization.ts'
import { tellApplication } from '../../src/application-callbacks.ts'
import type { AuthContext, Draft } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import { findUserById } from '../../src/users.ts'
import { memberErrors, teamErrors } from './errors.ts'
import { assertNoMember, assertRoom, insertMember, membershipLimitOf } from './members.ts'
import { requireOrganization } from './membership.ts'
import { assertRolesExist } from './roles.ts'
import { findRow, insertRow, lockOrganization } from './rows.ts'
import { amendedBy, found, type Scope } from './scope.ts'
import { assertTeamHasRoom } from './team-room.ts'

export interface NewMember {
  organizationId: string
  userId: string
  roles: readonly string[]
  teamId: string | undefined
  /** The application's fields, parsed. */
  fields: Draft
}

/** Makes a user a member, and of a team too, on the application's word. */
export async function addMember(scope: Scope<AuthContext>, wish: NewMember): Promise<Member> {
  const { auth, options } = scope
  const { organizationId, userId, teamId } = wish
  const { beforeAddMember, afterAddMember } = options.hooks
  if (teamId && !options.teams.enabled) throw new AuthError(teamErrors.TEAMS_NOT_ENABLED)
  const user = found(await findUserById(auth, userId), memberErrors.USER_NOT_FOUND)
  await assertNoMember(scope, { organizationId, userId })
  if (teamId) found(await findRow(auth, 'team', { id: teamId, organizationId }), teamErrors.TEAM_NOT_FOUND)
  const organization = await requireOrganization(scope, organizationId)
  await assertRolesExist(scope, organizationId, wish.roles)
  const limit = await membershipLimitOf(scope, user, organization)
  await assertRoom(scope, organizationId, limit)
  const given = { ...wish.fields, organizationId, userId, role: wish.roles.join(',') }
  const amended = await amendedBy(
    given,
    beforeAddMember && (() => beforeAddMember({ member: given, user, organization })),
  )
  const member = await auth.kernel.unitOfWork.run(async () => {
    await lockOrganization(auth, organizationId)
    const inserted = await insertMember(scope, amended, limit)
    if (teamId) {
      found(await findRow(auth, 'team', { id: teamId, organizationId }), teamErrors.TEAM_NOT_FOUND)
      await assertTeamHasRoom(scope, organizationId, teamId)
      await insertRow(auth, 'teamMember', { teamId, userId, createdAt: auth.kernel.now() })
    }
    return inserted
  })
  await tellApplication(auth, 'afterAddMember', () => afterAddMember?.({ member, user, organization }))
  return member
}
