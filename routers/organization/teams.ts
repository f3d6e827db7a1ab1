import type { Organization, Team } from '../../entities/organization.ts'
import { tellApplication } from '../../src/application-callbacks.ts'
import type { Draft } from '../../src/context.ts'
import { AuthError, askApplication } from '../../src/errors.ts'
import { activeOf, forgetActive } from './active.ts'
import { teamErrors as errors, invitationErrors, organizationErrors } from './errors.ts'
import { requireMember, requireOrganization, requirePermission } from './membership.ts'
import { changeRow, countRows, deleteRows, findRow, insertRow, listRows, lockOrganization } from './rows.ts'
import { amendedBy, found, type Scope } from './scope.ts'

/** Makes a team in an organization, for a member who may. */
export async function createTeam(
  scope: Scope,
  organizationId: string,
  fields: Draft & { name: string },
): Promise<Team> {
  const { auth, options } = scope
  const { user } = auth.signedIn
  const { beforeCreateTeam, afterCreateTeam } = options.hooks
  const stranger = invitationErrors.YOU_ARE_NOT_ALLOWED_TO_INVITE_USERS_TO_THIS_ORGANIZATION
  const member = await requireMember(scope, organizationId, stranger)
  const refusal = errors.YOU_ARE_NOT_ALLOWED_TO_CREATE_TEAMS_IN_THIS_ORGANIZATION
  await requirePermission(scope, { member, permissions: { team: ['create'] } }, refusal)
  const limit = await limitOf(scope, organizationId)
  await assertRoomForTeam(scope, organizationId, limit)
  const organization = await requireOrganization(scope, organizationId)
  const given = { ...fields, organizationId }
  const amended = await amendedBy(
    given,
    beforeCreateTeam && (() => beforeCreateTeam({ team: given, user, organization })),
  )
  const team = await auth.kernel.unitOfWork.run(async () => {
    await lockOrganization(auth, organizationId)
    await assertRoomForTeam(scope, organizationId, limit)
    const now = auth.kernel.now()
    return insertRow(auth, 'team', { createdAt: now, updatedAt: now, ...amended })
  })
  await tellApplication(auth, 'afterCreateTeam', () => afterCreateTeam?.({ team, user, organization }))
  return team
}

/** How many teams there may be. 0 is no limit, as in Better Auth. */
async function limitOf({ auth, options }: Scope, organizationId: string): Promise<number> {
  const { maximumTeams: limit } = options.teams
  const session = auth.signedIn
  const most =
    typeof limit === 'function' ? await askApplication(() => limit({ organizationId, session }, auth)) : limit
  return most || Number.POSITIVE_INFINITY
}

async function assertRoomForTeam({ auth }: Scope, organizationId: string, limit: number): Promise<void> {
  if ((await countRows(auth, 'team', { organizationId })) >= limit) {
    throw new AuthError(errors.YOU_HAVE_REACHED_THE_MAXIMUM_NUMBER_OF_TEAMS)
  }
}

export async function updateTeam(
  scope: Scope,
  { organizationId, teamId, updates }: { organizationId: string; teamId: string; updates: Draft & { name?: string } },
): Promise<Team> {
  const { auth, options } = scope
  const { user } = auth.signedIn
  const { beforeUpdateTeam, afterUpdateTeam } = options.hooks
  const refusal = errors.YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_TEAM
  const member = await requireMember(scope, organizationId, refusal)
  await requirePermission(scope, { member, permissions: { team: ['update'] } }, refusal)
  const match = { id: teamId, organizationId }
  const team = found(await findRow(auth, 'team', match), errors.TEAM_NOT_FOUND)
  const organization = await requireOrganization(scope, organizationId)
  const amended = await amendedBy(
    updates,
    beforeUpdateTeam && (() => beforeUpdateTeam({ team, updates, user, organization })),
  )
  const update = { ...amended, updatedAt: auth.kernel.now() }
  const updated = found(await changeRow(auth, 'team', { match, update }), errors.TEAM_NOT_FOUND)
  await tellApplication(auth, 'afterUpdateTeam', () => afterUpdateTeam?.({ team: updated, user, organization }))
  return updated
}

interface Removal {
  organizationId: string
  teamId: string
}

/** Deletes a team and the places in it. The last one stays, unless the options say otherwise. */
export async function removeTeam(scope: Scope, removal: Removal): Promise<void> {
  const { auth, options } = scope
  const { user } = auth.signedIn
  const { beforeDeleteTeam, afterDeleteTeam } = options.hooks
  const { team, organization } = await removable(scope, removal)
  await askApplication(() => beforeDeleteTeam?.({ team, user, organization }))
  const userIds = await auth.kernel.unitOfWork.run(async () => {
    await lockOrganization(auth, removal.organizationId)
    found(await findRow(auth, 'team', { id: team.id }), errors.TEAM_NOT_FOUND)
    await assertNotLast(scope, removal.organizationId)
    const places = await listRows(auth, 'teamMember', { match: { teamId: team.id } })
    await deleteRows(auth, 'teamMember', { teamId: team.id })
    await deleteRows(auth, 'team', { id: team.id })
    return places.map(({ userId }) => userId)
  })
  forgetActive(scope, userIds, { activeTeamId: team.id })
  await tellApplication(auth, 'afterDeleteTeam', () => afterDeleteTeam?.({ team, user, organization }))
}

async function removable(
  scope: Scope,
  { organizationId, teamId }: Removal,
): Promise<{ team: Team; organization: Organization }> {
  const { auth } = scope
  const member = await requireMember(scope, organizationId, errors.YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_TEAM)
  if (activeOf(auth).activeTeamId === teamId) throw new AuthError(errors.YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_TEAM)
  const refusal = errors.YOU_ARE_NOT_ALLOWED_TO_DELETE_TEAMS_IN_THIS_ORGANIZATION
  await requirePermission(scope, { member, permissions: { team: ['delete'] } }, refusal)
  const team = found(await findRow(auth, 'team', { id: teamId, organizationId }), errors.TEAM_NOT_FOUND)
  await assertNotLast(scope, organizationId)
  return { team, organization: await requireOrganization(scope, organizationId) }
}

async function assertNotLast({ auth, options }: Scope, organizationId: string): Promise<void> {
  if (options.teams.allowRemovingAllTeams) return
  if ((await countRows(auth, 'team', { organizationId })) <= 1) throw new AuthError(errors.UNABLE_TO_REMOVE_LAST_TEAM)
}

/** Who may change who is in a team, and what it is about. */
export const teamMemberRefusals = [
  organizationErrors.NO_ACTIVE_ORGANIZATION,
  organizationErrors.ORGANIZATION_NOT_FOUND,
  organizationErrors.USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION,
  errors.TEAM_NOT_FOUND,
]
