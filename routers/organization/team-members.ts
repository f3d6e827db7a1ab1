import type { User } from '../../entities/index.ts'
import type { Organization, Team, TeamMember } from '../../entities/organization.ts'
import { tellApplication } from '../../src/application-callbacks.ts'
import { askApplication, type ErrorDefinition } from '../../src/errors.ts'
import { findUserById } from '../../src/users.ts'
import { forgetActive } from './active.ts'
import { teamErrors as errors, memberErrors, organizationErrors } from './errors.ts'
import { requireMember, requireOrganization, requirePermission } from './membership.ts'
import { deleteRows, findRow, insertRow, lockOrganization } from './rows.ts'
import { amendedBy, found, type Scope } from './scope.ts'
import { assertTeamHasRoom } from './team-room.ts'

export interface Place {
  organizationId: string
  teamId: string
  userId: string
}

/** Puts a member of the organization into one of its teams. Whoever is in it already stays. */
export async function addTeamMember(scope: Scope, place: Place): Promise<TeamMember> {
  const { auth, options } = scope
  const { organizationId, teamId, userId } = place
  const { beforeAddTeamMember, afterAddTeamMember } = options.hooks
  const refusal = errors.YOU_ARE_NOT_ALLOWED_TO_CREATE_A_NEW_TEAM_MEMBER
  const about = await permitted(scope, { place, action: 'update' }, refusal)
  const given = { teamId, userId }
  const amended = await amendedBy(
    given,
    beforeAddTeamMember && (() => beforeAddTeamMember({ teamMember: given, ...about })),
  )
  const teamMember = await auth.kernel.unitOfWork.run(async () => {
    await lockOrganization(auth, organizationId)
    // Once more: the team or the membership may have gone meanwhile.
    await assertPlace(scope, place)
    const already = await findRow(auth, 'teamMember', { teamId, userId })
    if (already) return already
    await assertTeamHasRoom(scope, organizationId, teamId)
    return insertRow(auth, 'teamMember', { createdAt: auth.kernel.now(), ...amended, teamId, userId })
  })
  await tellApplication(auth, 'afterAddTeamMember', () => afterAddTeamMember?.({ teamMember, ...about }))
  return teamMember
}

export async function removeTeamMember(scope: Scope, place: Place): Promise<void> {
  const { auth, options } = scope
  const { teamId, userId } = place
  const { beforeRemoveTeamMember, afterRemoveTeamMember } = options.hooks
  const refusal = errors.YOU_ARE_NOT_ALLOWED_TO_REMOVE_A_TEAM_MEMBER
  const about = await permitted(scope, { place, action: 'delete' }, refusal)
  const row = await findRow(auth, 'teamMember', { teamId, userId })
  const teamMember = found(row, errors.USER_IS_NOT_A_MEMBER_OF_THE_TEAM)
  await askApplication(() => beforeRemoveTeamMember?.({ teamMember, ...about }))
  await deleteRows(auth, 'teamMember', { teamId, userId })
  forgetActive(scope, [userId], { activeTeamId: teamId })
  await tellApplication(auth, 'afterRemoveTeamMember', () => afterRemoveTeamMember?.({ teamMember, ...about }))
}

interface About {
  team: Team
  user: User
  organization: Organization
}

async function permitted(
  scope: Scope,
  { place, action }: { place: Place; action: string },
  refusal: ErrorDefinition,
): Promise<About> {
  const stranger = organizationErrors.USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION
  const member = await requireMember(scope, place.organizationId, stranger)
  await requirePermission(scope, { member, permissions: { member: [action] } }, refusal)
  const team = await assertPlace(scope, place)
  const organization = await requireOrganization(scope, place.organizationId)
  const user = found(await findUserById(scope.auth, place.userId), memberErrors.USER_NOT_FOUND)
  return { team, user, organization }
}

/** That the user is in the organization and the team is one of its teams. */
async function assertPlace({ auth }: Scope, { organizationId, teamId, userId }: Place): Promise<Team> {
  const stranger = organizationErrors.USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION
  found(await findRow(auth, 'member', { organizationId, userId }), stranger)
  return found(await findRow(auth, 'team', { id: teamId, organizationId }), errors.TEAM_NOT_FOUND)
}
