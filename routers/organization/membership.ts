import type { Member, Organization } from '../../entities/organization.ts'
import type { AuthContext } from '../../src/context.ts'
import { AuthError, type ErrorDefinition } from '../../src/errors.ts'
import { activeOf } from './active.ts'
import { organizationErrors } from './errors.ts'
import { isAllowed, type Permissions } from './permissions.ts'
import { hasRole } from './role-names.ts'
import { findRow, listRows, type MemberWithUser, type PublicUser } from './rows.ts'
import { found, type Scope } from './scope.ts'
import { assertSecondFactor } from './second-factor.ts'

/** The organization a call is about: the one it names, else the session's active one. */
export function targetOf({ auth }: Scope, given: string | null | undefined, refusal: ErrorDefinition): string {
  return found(given || activeOf(auth).activeOrganizationId || undefined, refusal)
}

/** A user's place in an organization. */
export async function findMember(
  { auth }: Scope<AuthContext>,
  match: { organizationId: string; userId: string } | { organizationId: string; id: string },
): Promise<MemberWithUser | null> {
  const where = Object.entries(match).map(([field, value]) => ({ field, value }))
  const row = await auth.kernel.adapter.findOne({ model: 'member', where, join: 'user' })
  return row && withPublicUser(row as unknown as Member & { user: PublicUser })
}

/** A joined row with as much of the user as other members see. */
export function withPublicUser<M extends { user: PublicUser }>(row: M): M & { user: PublicUser } {
  const { id, name, email, image } = row.user
  return { ...row, user: { id, name, email, image } }
}

/**
 * The caller's own place in the organization.
 * @throws `refusal` to strangers, and what `assertSecondFactor` does
 */
export async function requireMember(
  scope: Scope,
  organizationId: string,
  refusal: ErrorDefinition,
): Promise<MemberWithUser> {
  const member = found(await findMember(scope, { organizationId, userId: scope.auth.signedIn.user.id }), refusal)
  await assertSecondFactor(scope, member)
  return member
}

export async function requirePermission(
  scope: Scope,
  { member, permissions }: { member: Member; permissions: Permissions },
  refusal: ErrorDefinition,
): Promise<void> {
  if (!(await isAllowed(scope, member, permissions))) throw new AuthError(refusal)
}

export async function requireOrganization({ auth }: Scope<AuthContext>, id: string): Promise<Organization> {
  return found(await findRow(auth, 'organization', { id }), organizationErrors.ORGANIZATION_NOT_FOUND)
}

/**
 * That the organization has an owner besides this one. To be asked while the organization is locked: of two owners who
 * leave at once, the second must see that the first is gone.
 */
export async function assertOwnerBesides(
  { auth, options }: Scope<AuthContext>,
  { id, organizationId }: Pick<Member, 'id' | 'organizationId'>,
  refusal: ErrorDefinition,
): Promise<void> {
  const where = [{ field: 'role', value: options.creatorRole, operator: 'contains' }] as const
  const candidates = await listRows(auth, 'member', { match: { organizationId }, where })
  const isOther = (member: Member) => member.id !== id && hasRole(member.role, options.creatorRole)
  if (!candidates.some(isOther)) throw new AuthError(refusal)
}
