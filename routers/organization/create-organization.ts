import type { User } from '../../entities/index.ts'
import type { Member, Organization, Team } from '../../entities/organization.ts'
import { UniqueViolation } from '../../src/adapters/contract.ts'
import { tellApplication } from '../../src/application-callbacks.ts'
import type { AuthContext, Draft, SignedInContext } from '../../src/context.ts'
import { AuthError, askApplication } from '../../src/errors.ts'
import { remember } from './active.ts'
import { closed } from './answers.ts'
import { organizationErrors } from './errors.ts'
import { countRows, findRow, insertRow } from './rows.ts'
import { amendedBy, type Scope } from './scope.ts'

export interface NewOrganization {
  user: User
  /** The row, parsed. */
  fields: Draft & { name: string; slug: string; metadata?: Record<string, unknown> }
}

interface Created {
  organization: Organization
  member: Member
  team?: Team
}

/**
 * Creates an organization with its first member and, where there are teams, its first team: all of it or nothing.
 * @param active the call whose session is to have it as the active one
 */
export async function createOrganization(
  scope: Scope<AuthContext>,
  { user, fields: given }: NewOrganization,
  active?: Scope<SignedInContext>,
): Promise<Created> {
  const { auth, options } = scope
  const { kernel } = auth
  const { hooks } = options
  await assertMayHaveOneMore(scope, user)
  if (await findRow(auth, 'organization', { slug: given.slug })) refuseSlug()
  const fields = await amendedBy(
    given,
    hooks.beforeCreateOrganization && (() => hooks.beforeCreateOrganization?.({ organization: given, user })),
  )
  const created = await kernel.unitOfWork
    .run(async () => {
      if (typeof options.organizationLimit === 'number') {
        await kernel.adapter.lock({ model: 'user', where: [{ field: 'id', value: user.id }] })
        await assertMayHaveOneMore(scope, user)
      }
      const made = await insertAll(scope, { user, fields })
      const team = made.team && { activeTeamId: made.team.id }
      if (active) await remember(active, { activeOrganizationId: made.organization.id, ...team })
      return made
    })
    .catch(error => {
      if (error instanceof UniqueViolation && error.model === 'organization') refuseSlug()
      throw error
    })
  await tellAll(scope, user, created)
  return created
}

function refuseSlug(): never {
  throw new AuthError(organizationErrors.ORGANIZATION_ALREADY_EXISTS)
}

async function assertMayHaveOneMore({ auth, options }: Scope<AuthContext>, user: User): Promise<void> {
  const { organizationLimit: limit } = options
  if (limit === undefined) return
  const isReached =
    typeof limit === 'number'
      ? (await countRows(auth, 'member', { userId: user.id })) >= limit
      : await askApplication(() => limit(user))
  if (isReached) throw new AuthError(organizationErrors.YOU_HAVE_REACHED_THE_MAXIMUM_NUMBER_OF_ORGANIZATIONS)
}

async function insertAll(scope: Scope<AuthContext>, { user, fields }: NewOrganization): Promise<Created> {
  const { auth, options } = scope
  const { hooks, creatorRole } = options
  const createdAt = auth.kernel.now()
  const row = { ...fields, metadata: closed(fields.metadata), createdAt }
  const organization = await insertRow(auth, 'organization', row)
  const place = { userId: user.id, organizationId: organization.id, role: creatorRole }
  const member = await amendedBy(
    place,
    hooks.beforeAddMember && (() => hooks.beforeAddMember?.({ member: place, user, organization })),
  )
  return {
    organization,
    member: await insertRow(auth, 'member', { ...member, createdAt }),
    team: await insertDefaultTeam(scope, user, organization),
  }
}

async function insertDefaultTeam(
  { auth, options }: Scope<AuthContext>,
  user: User,
  organization: Organization,
): Promise<Team | undefined> {
  const { hooks, teams } = options
  if (!teams.enabled || teams.defaultTeam?.enabled === false) return undefined
  const { customCreateDefaultTeam: create } = teams.defaultTeam ?? {}
  const createdAt = auth.kernel.now()
  const wish = { organizationId: organization.id, name: organization.name }
  const fields = await amendedBy(
    wish,
    hooks.beforeCreateTeam && (() => hooks.beforeCreateTeam?.({ team: wish, user, organization })),
  )
  const made = create && (await askApplication(() => create(organization, auth)))
  const team = made ?? (await insertRow(auth, 'team', { ...fields, createdAt }))
  await insertRow(auth, 'teamMember', { teamId: team.id, userId: user.id, createdAt })
  return team
}

async function tellAll({ auth, options: { hooks } }: Scope<AuthContext>, user: User, made: Created): Promise<void> {
  const { organization, member, team } = made
  const tell = (name: string, hook: () => unknown) => tellApplication(auth, name, hook)
  await tell('afterAddMember', () => hooks.afterAddMember?.({ member, user, organization }))
  if (team) await tell('afterCreateTeam', () => hooks.afterCreateTeam?.({ team, user, organization }))
  await tell('afterCreateOrganization', () => hooks.afterCreateOrganization?.({ organization, user, member }))
}
