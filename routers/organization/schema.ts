import type { Fields, SchemaContribution } from '../../entities/index.ts'
import {
  activeOrganizationFields,
  activeTeamFields,
  invitationFields,
  invitationTeamFields,
  memberFields,
  organizationFields,
  organizationRoleFields,
  teamFields,
  teamMemberFields,
} from '../../entities/organization.ts'
import type { OrganizationOptions, ResolvedOrganizationOptions } from './options.ts'

/** The fields of this plugin's models, with those that the application adds, under the names that it gives them. */
export type OrganizationModels = ReturnType<typeof modelsOf>

type Given = NonNullable<OrganizationOptions['schema']>

export function modelsOf({ schema = {}, teams }: ResolvedOrganizationOptions) {
  const invitation = teams.enabled ? { ...invitationFields, ...invitationTeamFields } : invitationFields
  return {
    organization: model('organization', organizationFields, schema),
    member: model('member', memberFields, schema),
    invitation: model('invitation', invitation, schema),
    team: model('team', teamFields, schema),
    teamMember: model('teamMember', teamMemberFields, schema),
    organizationRole: model('organizationRole', organizationRoleFields, schema),
  }
}

/** What the plugin adds to the tables of an instance; those of teams and of own roles only where there are any. */
export function schemaOf(options: ResolvedOrganizationOptions, models: OrganizationModels): SchemaContribution {
  const { organization, member, invitation, team, teamMember, organizationRole } = models
  const session = options.teams.enabled
    ? { ...activeOrganizationFields, ...activeTeamFields }
    : activeOrganizationFields
  return {
    organization,
    member,
    invitation,
    ...(options.teams.enabled && { team, teamMember }),
    ...(options.dynamicAccessControl.enabled && { organizationRole }),
    session: { fields: renamed(session, options.schema?.session?.fields) },
  }
}

function model(name: keyof Given, fields: Fields, schema: Given) {
  const { modelName, fields: names, additionalFields = {} } = (schema[name] ?? {}) as NonNullable<Given['team']>
  const clash = Object.keys(additionalFields).find(field => Object.hasOwn(fields, field))
  if (clash) throw new Error(`organization: "${name}" has a field "${clash}" already`)
  return { modelName, fields: { ...renamed(fields, names), ...additionalFields }, additionalFields }
}

function renamed(fields: Fields, names: Record<string, string | undefined> = {}): Fields {
  const entries = Object.entries(fields).map(([name, field]) => {
    const fieldName = names[name]
    return [name, fieldName ? { ...field, fieldName } : field]
  })
  return Object.fromEntries(entries)
}
