import type { AuthContext } from '../../src/context.ts'
import { AuthError, askApplication } from '../../src/errors.ts'
import { teamErrors as errors } from './errors.ts'
import { countRows, findRow } from './rows.ts'
import { found, type Scope } from './scope.ts'

/**
 * That all of these are teams of the organization, and not full.
 * @throws TEAM_NOT_FOUND, TEAM_MEMBER_LIMIT_REACHED
 */
export async function assertTeamsHaveRoom(
  scope: Scope,
  organizationId: string,
  teamIds: readonly string[],
): Promise<void> {
  for (const id of teamIds) {
    found(await findRow(scope.auth, 'team', { id, organizationId }), errors.TEAM_NOT_FOUND)
    await assertTeamHasRoom(scope, organizationId, id)
  }
}

/**
 * The option is told of the call's session. A call of the application's own code may have none.
 * @throws TEAM_MEMBER_LIMIT_REACHED
 */
export async function assertTeamHasRoom(
  { auth, options }: Scope<AuthContext>,
  organizationId: string,
  teamId: string,
): Promise<void> {
  const { maximumMembersPerTeam: limit } = options.teams
  if (limit === undefined) return
  const session = auth.seen.session ?? null
  const most = await askApplication(() =>
    typeof limit === 'number' ? limit : limit({ teamId, session, organizationId }),
  )
  if ((await countRows(auth, 'teamMember', { teamId })) >= most) throw new AuthError(errors.TEAM_MEMBER_LIMIT_REACHED)
}
