import type { activeOrganizationFields, activeTeamFields } from '../../entities/organization.ts'
import { mergeProcedures, type Plugin } from '../../src/plugin.ts'
import { answersOf } from './answers.ts'
import { leavingErrors, leavingHooks } from './leaving-user.ts'
import { answerMembership } from './membership-question.ts'
import { type OrganizationOptions, resolveOrganizationOptions } from './options.ts'
import {
  type OrganizationRoleRouter,
  type OrganizationRouter,
  type OrganizationTeamRouter,
  organizationBase,
  organizationRoles,
  organizationTeams,
} from './procedures.ts'
import { modelsOf, schemaOf } from './schema.ts'
import { assertFactorKnown, refusalsOf } from './second-factor-rule.ts'
import { type OrganizationServerRouter, organizationServerProcedures } from './server-procedures.ts'

export type {
  Invitation,
  Member,
  Organization,
  OrganizationRole,
  Team,
  TeamMember,
} from '../../entities/organization.ts'
export type { OrganizationEvents } from './events.ts'
export type { OrganizationHooks } from './hook-options.ts'
export type { InvitationMail, OrganizationOptions, TeamOptions } from './options.ts'
export type { OrganizationRoleRouter, OrganizationRouter, OrganizationTeamRouter } from './procedures.ts'
export type { RequiredFactor, SecondFactorRule } from './second-factor-rule.ts'
export type { OrganizationServerRouter } from './server-procedures.ts'
export { adminAc, defaultAc, defaultRoles, defaultStatements, memberAc, ownerAc } from './statements.ts'

type None = Record<never, never>
type HasTeams<O> = O extends { teams: true | { enabled: true } } ? true : false
type HasRoles<O> = O extends { dynamicAccessControl: true | { enabled: true } } ? true : false

/** The procedures that these options bring. */
export type OrganizationRouterOf<O> = OrganizationRouter &
  (HasTeams<O> extends true ? OrganizationTeamRouter : None) &
  (HasRoles<O> extends true ? OrganizationRoleRouter : None)

/** What the session remembers with these options. */
export type OrganizationSchemaOf<O> = {
  session: {
    fields: typeof activeOrganizationFields & (HasTeams<O> extends true ? typeof activeTeamFields : None)
  }
}

/** The plugin with the procedures and session fields that its options bring. */
export interface OrganizationPlugin<O extends OrganizationOptions>
  extends Plugin<OrganizationRouterOf<O>, OrganizationSchemaOf<O>, never, OrganizationServerRouter> {}

/**
 * Organizations with members, roles and invitations; teams and roles of an organization's own with the options.
 * @throws when a limit makes no sense, or an additional field has the name of one that is there
 */
export function organization<const O extends OrganizationOptions = None>(
  given?: O & OrganizationOptions,
): OrganizationPlugin<O> {
  const options = resolveOrganizationOptions(given ?? {})
  const models = modelsOf(options)
  const parts = { parts: { options, models }, answers: answersOf(models) }
  const plugin: Plugin = {
    id: 'organization',
    schema: schemaOf(options, models),
    procedures: builder =>
      mergeProcedures([
        organizationBase(builder, parts),
        options.teams.enabled ? organizationTeams(builder, parts) : {},
        options.dynamicAccessControl.enabled ? organizationRoles(builder, parts) : {},
      ]),
    serverProcedures: builder => organizationServerProcedures(builder, parts),
    hooks: {
      membershipAsked: (question, auth) => answerMembership({ auth, options, models }, question),
      ...leavingHooks({ options, models }),
    },
    // A membership is asked for by procedures of other plugins, too.
    hookErrors: [...leavingErrors, ...refusalsOf(options.requireSecondFactor)],
    assertFits: (_, plugins) => assertFactorKnown(options.requireSecondFactor, plugins),
  }
  // Which procedures and fields there are is known from the options: at run time by the value, before by its type.
  return plugin as unknown as OrganizationPlugin<O>
}
