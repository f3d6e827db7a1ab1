import type { ProcedureBuilder } from '../../src/plugin.ts'
import type { Given } from './answers.ts'
import { permissionProcedures } from './has-permission.ts'
import { invitationProcedures } from './invitation-procedures.ts'
import { invitationReads } from './invitation-reads.ts'
import { memberProcedures } from './member-procedures.ts'
import { memberReads } from './member-reads.ts'
import { organizationProcedures } from './organization-procedures.ts'
import { organizationReads } from './organization-reads.ts'
import { roleProcedures } from './role-procedures.ts'
import { roleReads } from './role-reads.ts'
import { teamProcedures } from './team-procedures.ts'
import { teamReads } from './team-reads.ts'

/** The procedures there are whatever the options: `organization`, `organization.member` and `organization.invitation`. */
export function organizationBase(builder: ProcedureBuilder, given: Given) {
  const { leave, member } = memberProcedures(builder, given)
  return {
    organization: {
      ...organizationProcedures(builder, given),
      ...organizationReads(builder, given),
      ...permissionProcedures(builder, given.parts),
      leave,
      member: { ...member, ...memberReads(builder, given) },
      invitation: { ...invitationProcedures(builder, given), ...invitationReads(builder, given) },
    },
  }
}

export interface OrganizationRouter extends ReturnType<typeof organizationBase> {}

/** `organization.team`, where there are teams. */
export function organizationTeams(builder: ProcedureBuilder, given: Given) {
  return { organization: { team: { ...teamProcedures(builder, given), ...teamReads(builder, given) } } }
}

export interface OrganizationTeamRouter extends ReturnType<typeof organizationTeams> {}

/** `organization.role`, where organizations make roles of their own. */
export function organizationRoles(builder: ProcedureBuilder, given: Given) {
  return { organization: { role: { ...roleProcedures(builder, given), ...roleReads(builder, given) } } }
}

export interface OrganizationRoleRouter extends ReturnType<typeof organizationRoles> {}
