import type { Organization } from '../../entities/organization.ts'
import { tellApplication } from '../../src/application-callbacks.ts'
import type { AuthContext } from '../../src/context.ts'
import { askApplication } from '../../src/errors.ts'
import { activeOf, forgetActive, remember } from './active.ts'
import { deleteRows, listRows, lockOrganization } from './rows.ts'
import type { Scope } from './scope.ts'

/** Deletes an organization with its members, invitations, teams and roles: all of it or nothing. */
export async function deleteOrganization(scope: Scope, organization: Organization): Promise<void> {
  const { auth, options } = scope
  const { kernel, signedIn } = auth
  const { hooks } = options
  const told = { organization, user: signedIn.user }
  await askApplication(() => hooks.beforeDeleteOrganization?.(told))
  const userIds = await kernel.unitOfWork.run(async () => {
    await lockOrganization(auth, organization.id)
    const members = await listRows(auth, 'member', { match: { organizationId: organization.id } })
    await deleteWithAll(scope, organization.id)
    if (activeOf(auth).activeOrganizationId === organization.id) await remember(scope, { activeOrganizationId: null })
    return members.map(({ userId }) => userId)
  })
  forgetActive(scope, userIds, { activeOrganizationId: organization.id })
  await tellApplication(auth, 'afterDeleteOrganization', () => hooks.afterDeleteOrganization?.(told))
}

/** Deletes an organization that is locked, with what is in it and what other plugins have for it. */
export async function deleteWithAll(scope: Scope<AuthContext>, organizationId: string): Promise<void> {
  const { auth, options } = scope
  const match = { organizationId }
  await auth.kernel.hooks.ask('organizationDeleting', match, auth)
  await deleteTeams(scope, organizationId)
  // Said one by one: the tables of an application that came from elsewhere may not cascade.
  await deleteRows(auth, 'invitation', match)
  if (options.dynamicAccessControl.enabled) await deleteRows(auth, 'organizationRole', match)
  await deleteRows(auth, 'member', match)
  await deleteRows(auth, 'organization', { id: organizationId })
}

async function deleteTeams({ auth, options }: Scope<AuthContext>, organizationId: string): Promise<void> {
  if (!options.teams.enabled) return
  for (const { id } of await listRows(auth, 'team', { match: { organizationId } })) {
    await deleteRows(auth, 'teamMember', { teamId: id })
  }
  await deleteRows(auth, 'team', { organizationId })
}
