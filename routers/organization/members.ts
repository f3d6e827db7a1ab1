import type { User } from '../../entities/index.ts'
import type { Member, Organization } from '../../entities/organization.ts'
import type { AuthContext } from '../../src/context.ts'
import { AuthError, askApplication } from '../../src/errors.ts'
import { findUserByEmail, normalizeEmail } from '../../src/users.ts'
import { memberErrors as errors } from './errors.ts'
import { findMember } from './membership.ts'
import { countRows, deleteRows, findRow, insertRow, listRows } from './rows.ts'
import type { Scope } from './scope.ts'

/** How many members the organization may have, as far as this user is concerned. */
export async function membershipLimitOf(
  { options }: Scope<AuthContext>,
  user: User,
  organization: Organization,
): Promise<number> {
  const { membershipLimit: limit } = options
  return typeof limit === 'number' ? limit : askApplication(() => limit(user, organization))
}

/** @throws ORGANIZATION_MEMBERSHIP_LIMIT_REACHED */
export async function assertRoom({ auth }: Scope<AuthContext>, organizationId: string, limit: number): Promise<void> {
  if ((await countRows(auth, 'member', { organizationId })) >= limit) {
    throw new AuthError(errors.ORGANIZATION_MEMBERSHIP_LIMIT_REACHED)
  }
}

/** @throws USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION */
export async function assertNoMember(
  { auth }: Scope<AuthContext>,
  match: { organizationId: string; userId: string },
): Promise<void> {
  if (await findRow(auth, 'member', match)) throw new AuthError(errors.USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION)
}

/** Inserts a member. The organization is to be locked, so that the limit holds and nobody is in it twice. */
export async function insertMember(
  scope: Scope<AuthContext>,
  fields: { organizationId: string; userId: string; role: string },
  limit: number,
): Promise<Member> {
  await assertRoom(scope, fields.organizationId, limit)
  await assertNoMember(scope, { organizationId: fields.organizationId, userId: fields.userId })
  return insertRow(scope.auth, 'member', { ...fields, createdAt: scope.auth.kernel.now() })
}

/** Deletes a member and its places in the organization's teams. */
export async function deleteMember(
  { auth, options }: Scope,
  { id, organizationId, userId }: Pick<Member, 'id' | 'organizationId' | 'userId'>,
): Promise<void> {
  await auth.kernel.hooks.ask('membershipEnding', { organizationId, userId }, auth)
  await deleteRows(auth, 'member', { id })
  if (!options.teams.enabled) return
  for (const team of await listRows(auth, 'team', { match: { organizationId } })) {
    await deleteRows(auth, 'teamMember', { teamId: team.id, userId })
  }
}

/** A member of this organization, by the row's id or, for a text with `@`, by address. */
export async function findMemberBy(scope: Scope, organizationId: string, idOrEmail: string) {
  if (!idOrEmail.includes('@')) return findMember(scope, { organizationId, id: idOrEmail })
  const user = await findUserByEmail(scope.auth, normalizeEmail(idOrEmail))
  return user && findMember(scope, { organizationId, userId: user.id })
}
