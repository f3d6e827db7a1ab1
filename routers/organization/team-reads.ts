import { z } from 'zod'
import type { Team, TeamMember } from '../../entities/organization.ts'
import { AuthError } from '../../src/errors.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { activeOf, remember } from './active.ts'
import type { Given } from './answers.ts'
import { teamErrors as errors, notInTeam, organizationErrors } from './errors.ts'
import { requireMember, targetOf } from './membership.ts'
import { idInput } from './organization-inputs.ts'
import { findRow, listRows } from './rows.ts'
import { found } from './scope.ts'
import { assertSecondFactorOfTeam } from './second-factor.ts'

const tags = ['Organization teams']

/** `organization.team.list`, `.listMine`, `.listMembers` and `.setActive` */
export function teamReads(builder: ProcedureBuilder, given: Given) {
  return {
    list: listProcedure(builder, given),
    listMine: listMineProcedure(builder, given),
    listMembers: listMembersProcedure(builder, given),
    setActive: setActiveProcedure(builder, given),
  }
}

function listProcedure({ procedure }: ProcedureBuilder, { parts, answers }: Given) {
  return procedure
    .session({
      rest: 'GET /organization/list-teams',
      operationId: 'listOrganizationTeams',
      summary: 'The teams of an organization',
      errors: [organizationErrors.NO_ACTIVE_ORGANIZATION, errors.YOU_ARE_NOT_ALLOWED_TO_ACCESS_THIS_ORGANIZATION],
      tags,
    })
    .input(z.object({ organizationId: idInput.optional() }).optional())
    .output(z.array(answers.team))
    .query(async ({ ctx: { auth }, input = {} }) => {
      const scope = { auth, ...parts }
      const organizationId = targetOf(scope, input.organizationId, organizationErrors.NO_ACTIVE_ORGANIZATION)
      await requireMember(scope, organizationId, errors.YOU_ARE_NOT_ALLOWED_TO_ACCESS_THIS_ORGANIZATION)
      return listRows(auth, 'team', { match: { organizationId } })
    })
}

function listMineProcedure({ procedure }: ProcedureBuilder, { answers }: Given) {
  return procedure
    .session({
      rest: 'GET /organization/list-user-teams',
      operationId: 'listUserTeams',
      summary: 'The teams that the signed-in user is in, of all organizations',
      tags,
    })
    .output(z.array(answers.team))
    .query(async ({ ctx: { auth } }) => {
      const match = { userId: auth.signedIn.user.id }
      const places = (await listRows(auth, 'teamMember', { match, join: 'team' })) as (TeamMember & { team: Team })[]
      return places.map(({ team }) => team)
    })
}

function listMembersProcedure({ procedure }: ProcedureBuilder, { parts, answers }: Given) {
  return procedure
    .session({
      rest: 'GET /organization/list-team-members',
      operationId: 'listTeamMembers',
      summary: 'Who is in a team, for those who are in it: the active one, unless another is named',
      errors: [errors.YOU_DO_NOT_HAVE_AN_ACTIVE_TEAM, errors.USER_IS_NOT_A_MEMBER_OF_THE_TEAM],
      tags,
    })
    .input(z.object({ teamId: idInput.optional() }).optional())
    .output(z.array(answers.teamMember))
    .query(async ({ ctx: { auth }, input = {} }) => {
      const teamId = found(input.teamId || activeOf(auth).activeTeamId, errors.YOU_DO_NOT_HAVE_AN_ACTIVE_TEAM)
      const match = { teamId, userId: auth.signedIn.user.id }
      found(await findRow(auth, 'teamMember', match), errors.USER_IS_NOT_A_MEMBER_OF_THE_TEAM)
      await assertSecondFactorOfTeam({ auth, ...parts }, teamId)
      return listRows(auth, 'teamMember', { match: { teamId } })
    })
}

function setActiveProcedure({ procedure }: ProcedureBuilder, { parts, answers }: Given) {
  return procedure
    .sensitive({
      rest: 'POST /organization/set-active-team',
      operationId: 'setActiveTeam',
      summary: "Makes a team of the active organization the session's active one, or with `teamId: null` none",
      errors: [organizationErrors.NO_ACTIVE_ORGANIZATION, errors.TEAM_NOT_FOUND, notInTeam],
      sessionCookie: 'set',
      tags,
    })
    .input(z.object({ teamId: idInput.nullish() }))
    .output(z.union([answers.team, z.null()]))
    .mutation(async ({ ctx: { auth }, input }) => {
      const scope = { auth, ...parts }
      const active = activeOf(auth)
      if (input.teamId === null) {
        if (active.activeTeamId) await remember(scope, { activeTeamId: null }, { isSent: true })
        return null
      }
      const id = input.teamId || active.activeTeamId
      if (!id) return null
      const organizationId = found(active.activeOrganizationId, organizationErrors.NO_ACTIVE_ORGANIZATION)
      const team = found(await findRow(auth, 'team', { id, organizationId }), errors.TEAM_NOT_FOUND)
      const match = { teamId: id, userId: auth.signedIn.user.id }
      if (!(await findRow(auth, 'teamMember', match))) throw new AuthError(notInTeam)
      await assertSecondFactorOfTeam(scope, id)
      await remember(scope, { activeTeamId: id }, { isSent: true })
      return team
    })
}
