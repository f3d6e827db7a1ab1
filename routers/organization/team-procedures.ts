import { z } from 'zod'
import { fieldErrors, parseFields } from '../../src/additional-fields.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import type { Given } from './answers.ts'
import { teamErrors as errors, invitationErrors, memberErrors, organizationErrors } from './errors.ts'
import { targetOf } from './membership.ts'
import { idInput, inputWith } from './organization-inputs.ts'
import { addTeamMember, removeTeamMember } from './team-members.ts'
import { createTeam, removeTeam, teamMemberRefusals, updateTeam } from './teams.ts'

const tags = ['Organization teams']
const name = z.string().max(1024)
const noOrganization = organizationErrors.NO_ACTIVE_ORGANIZATION
const place = z.object({ teamId: idInput, userId: z.coerce.string().max(255), organizationId: idInput.optional() })

/** `organization.team.create`, `.update`, `.remove`, `.addMember` and `.removeMember` */
export function teamProcedures(builder: ProcedureBuilder, given: Given) {
  return { ...changingTeams(builder, given), ...changingMembers(builder, given) }
}

function changingTeams(builder: ProcedureBuilder, given: Given) {
  return {
    create: createProcedure(builder, given),
    update: updateProcedure(builder, given),
    remove: removeProcedure(builder, given),
  }
}

function createProcedure({ procedure }: ProcedureBuilder, { parts, answers }: Given) {
  const { additionalFields } = parts.models.team
  return procedure
    .sensitive({
      rest: 'POST /organization/create-team',
      operationId: 'createTeam',
      summary: 'Makes a team in an organization',
      errors: [
        noOrganization,
        organizationErrors.ORGANIZATION_NOT_FOUND,
        invitationErrors.YOU_ARE_NOT_ALLOWED_TO_INVITE_USERS_TO_THIS_ORGANIZATION,
        errors.YOU_ARE_NOT_ALLOWED_TO_CREATE_TEAMS_IN_THIS_ORGANIZATION,
        errors.YOU_HAVE_REACHED_THE_MAXIMUM_NUMBER_OF_TEAMS,
        ...Object.values(fieldErrors),
      ],
      tags,
    })
    .input(inputWith({ name, organizationId: idInput.optional() }, additionalFields))
    .output(answers.team)
    .mutation(({ ctx: { auth }, input: { name, organizationId, ...rest } }) => {
      const scope = { auth, ...parts }
      const fields = { ...parseFields(additionalFields, rest, 'create'), name }
      return createTeam(scope, targetOf(scope, organizationId, noOrganization), fields)
    })
}

function updateProcedure({ procedure }: ProcedureBuilder, { parts, answers }: Given) {
  const { additionalFields } = parts.models.team
  return procedure
    .sensitive({
      rest: 'POST /organization/update-team',
      operationId: 'updateTeam',
      summary: 'Changes a team',
      errors: [
        noOrganization,
        organizationErrors.ORGANIZATION_NOT_FOUND,
        errors.YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_TEAM,
        errors.TEAM_NOT_FOUND,
        ...Object.values(fieldErrors),
      ],
      tags,
    })
    .input(
      z.object({
        teamId: idInput,
        data: inputWith({ name: name.min(1).optional(), organizationId: idInput.optional() }, additionalFields, false),
      }),
    )
    .output(answers.team)
    .mutation(({ ctx: { auth }, input: { teamId, data } }) => {
      const scope = { auth, ...parts }
      const { name, organizationId, ...rest } = data
      const updates = { ...parseFields(additionalFields, rest, 'update'), name }
      return updateTeam(scope, { organizationId: targetOf(scope, organizationId, noOrganization), teamId, updates })
    })
}

function removeProcedure({ procedure }: ProcedureBuilder, { parts }: Given) {
  return procedure
    .sensitive({
      rest: 'POST /organization/remove-team',
      operationId: 'removeTeam',
      summary: 'Deletes a team that is not the active one',
      errors: [
        noOrganization,
        organizationErrors.ORGANIZATION_NOT_FOUND,
        errors.YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_TEAM,
        errors.YOU_ARE_NOT_ALLOWED_TO_DELETE_TEAMS_IN_THIS_ORGANIZATION,
        errors.TEAM_NOT_FOUND,
        errors.UNABLE_TO_REMOVE_LAST_TEAM,
      ],
      tags,
    })
    .input(z.object({ teamId: idInput, organizationId: idInput.optional() }))
    .output(z.object({ message: z.literal('Team removed successfully.') }))
    .mutation(async ({ ctx: { auth }, input: { teamId, organizationId: given } }) => {
      const scope = { auth, ...parts }
      await removeTeam(scope, { organizationId: targetOf(scope, given, noOrganization), teamId })
      return { message: 'Team removed successfully.' } as const
    })
}

function changingMembers({ procedure }: ProcedureBuilder, { parts, answers }: Given) {
  return {
    addMember: procedure
      .sensitive({
        rest: 'POST /organization/add-team-member',
        operationId: 'addTeamMember',
        summary: 'Puts a member of the organization into a team',
        errors: [
          ...teamMemberRefusals,
          memberErrors.USER_NOT_FOUND,
          errors.YOU_ARE_NOT_ALLOWED_TO_CREATE_A_NEW_TEAM_MEMBER,
          errors.TEAM_MEMBER_LIMIT_REACHED,
        ],
        tags,
      })
      .input(place)
      .output(answers.teamMember)
      .mutation(({ ctx: { auth }, input: { teamId, userId, organizationId: given } }) => {
        const scope = { auth, ...parts }
        return addTeamMember(scope, { organizationId: targetOf(scope, given, noOrganization), teamId, userId })
      }),

    removeMember: procedure
      .sensitive({
        rest: 'POST /organization/remove-team-member',
        operationId: 'removeTeamMember',
        summary: 'Takes a member out of a team',
        errors: [
          ...teamMemberRefusals,
          memberErrors.USER_NOT_FOUND,
          errors.YOU_ARE_NOT_ALLOWED_TO_REMOVE_A_TEAM_MEMBER,
          errors.USER_IS_NOT_A_MEMBER_OF_THE_TEAM,
        ],
        tags,
      })
      .input(place)
      .output(z.object({ message: z.literal('Team member removed successfully.') }))
      .mutation(async ({ ctx: { auth }, input: { teamId, userId, organizationId: given } }) => {
        const scope = { auth, ...parts }
        await removeTeamMember(scope, { organizationId: targetOf(scope, given, noOrganization), teamId, userId })
        return { message: 'Team member removed successfully.' } as const
      }),
  }
}
