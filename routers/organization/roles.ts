import type { OrganizationRole } from '../../entities/organization.ts'
import type { AuthContext } from '../../src/context.ts'
import { AuthError, askApplication } from '../../src/errors.ts'
import { roleErrors as errors, memberErrors } from './errors.ts'
import { type Holder, missingOf, type Permissions, readPermission } from './permissions.ts'
import { roleNames } from './role-names.ts'
import { changeRow, countRows, findRow, listRows } from './rows.ts'
import type { Scope } from './scope.ts'

/**
 * That there is at least one role, and that the organization has all of them.
 * @throws ROLE_NOT_FOUND
 */
export async function assertRolesExist(
  { auth, options }: Scope<AuthContext>,
  organizationId: string,
  roles: readonly string[],
): Promise<void> {
  let unknown = roles.filter(role => !options.predefinedRoles.has(role))
  if (unknown.length > 0 && options.dynamicAccessControl.enabled) {
    const own = await listRows(auth, 'organizationRole', { match: { organizationId } })
    unknown = unknown.filter(name => !own.some(({ role }) => role === name))
  }
  if (roles.length > 0 && unknown.length === 0) return
  const { code } = memberErrors.ROLE_NOT_FOUND
  throw new AuthError(memberErrors.ROLE_NOT_FOUND, { message: `${code}: ${unknown.join(', ')}` })
}

/** @throws ROLE_NAME_IS_ALREADY_TAKEN */
export async function assertNameIsFree(
  { auth }: Scope,
  match: { organizationId: string; role: string },
): Promise<void> {
  if (await findRow(auth, 'organizationRole', match)) throw new AuthError(errors.ROLE_NAME_IS_ALREADY_TAKEN)
}

/** A role's name as it is stored. A comma would make two of it. @throws ROLE_NAME_IS_ALREADY_TAKEN */
export function roleNameOf({ options }: Scope, given: string): string {
  const name = given.trim().toLowerCase()
  if (options.predefinedRoles.has(name)) throw new AuthError(errors.ROLE_NAME_IS_ALREADY_TAKEN)
  return name
}

/** @throws TOO_MANY_ROLES */
export async function assertRoomForRole({ auth, options }: Scope, organizationId: string): Promise<void> {
  const { maximumRolesPerOrganization: limit = Number.POSITIVE_INFINITY } = options.dynamicAccessControl
  const most = typeof limit === 'number' ? limit : await askApplication(() => limit(organizationId))
  if ((await countRows(auth, 'organizationRole', { organizationId })) >= most)
    throw new AuthError(errors.TOO_MANY_ROLES)
}

/**
 * That nobody gives away what they do not have.
 * @throws INVALID_RESOURCE, or `refusal` with what is missing
 */
export async function assertMayGrant(
  scope: Scope,
  { holder, permission }: { holder: Holder; permission: Permissions },
  refusal: (typeof errors)[keyof typeof errors],
): Promise<void> {
  const known: object = scope.options.ac.statements
  if (Object.keys(permission).some(resource => !Object.hasOwn(known, resource))) {
    throw new AuthError(errors.INVALID_RESOURCE)
  }
  const missing = await missingOf(scope, holder, permission)
  if (missing.length > 0) throw new AuthError(refusal)
}

/** Members and pending invitations that name a role. */
async function bearersOf({ auth }: Scope, organizationId: string, role: string) {
  const where = [{ field: 'role', value: role, operator: 'contains' }] as const
  const names = (row: { role?: string | null }) => roleNames(row.role).includes(role)
  const members = await listRows(auth, 'member', { match: { organizationId }, where })
  const invitations = await listRows(auth, 'invitation', { match: { organizationId, status: 'pending' }, where })
  return { members: members.filter(names), invitations: invitations.filter(names) }
}

/** @throws ROLE_IS_ASSIGNED_TO_MEMBERS */
export async function assertUnassigned(scope: Scope, { organizationId, role }: OrganizationRole): Promise<void> {
  const { members } = await bearersOf(scope, organizationId, role)
  if (members.length > 0) throw new AuthError(errors.ROLE_IS_ASSIGNED_TO_MEMBERS)
}

/** Whoever has the role, or is invited to it, has it under its new name. */
export async function renameRole(
  scope: Scope,
  { organizationId, role }: OrganizationRole,
  name: string,
): Promise<void> {
  const { auth } = scope
  const renamed = (text: string | null | undefined) =>
    roleNames(text)
      .map(each => (each === role ? name : each))
      .join(',')
  const { members, invitations } = await bearersOf(scope, organizationId, role)
  for (const row of members) {
    await changeRow(auth, 'member', { match: { id: row.id }, update: { role: renamed(row.role) } })
  }
  for (const row of invitations) {
    await changeRow(auth, 'invitation', { match: { id: row.id }, update: { role: renamed(row.role) } })
  }
}

/** A role as clients see it: what it permits is an object. */
export function roleAnswer<Row extends OrganizationRole>(row: Row) {
  return { ...row, permission: readPermission(row.permission) }
}
