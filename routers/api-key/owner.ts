import type { ApiKeyRow } from '../../entities/api-key.ts'
import type { User } from '../../entities/user.ts'
import type { AuthContext } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import { findUserById } from '../../src/users.ts'
import { isOwnCode } from './caller.ts'
import { apiKeyErrors } from './errors.ts'
import type { KeyConfiguration } from './options.ts'

export type KeyAction = 'create' | 'read' | 'update' | 'rotate' | 'delete'

/**
 * That the user may do this with the organization's keys.
 * @throws USER_NOT_MEMBER_OF_ORGANIZATION, INSUFFICIENT_API_KEY_PERMISSIONS, and what a membership is refused with
 */
export async function requireOrganizationPermission(
  auth: AuthContext,
  { organizationId, userId }: { organizationId: string; userId: string },
  action: KeyAction,
): Promise<void> {
  const question = { organizationId, userId, permissions: { apiKey: [action] }, bySession: !isOwnCode(auth) }
  const answer = await auth.kernel.hooks.membershipAsked(question, auth)
  if (answer === 'stranger') throw new AuthError(apiKeyErrors.USER_NOT_MEMBER_OF_ORGANIZATION)
  if (answer !== 'allowed') throw new AuthError(apiKeyErrors.INSUFFICIENT_API_KEY_PERMISSIONS)
}

/**
 * That the user may do this with the key. A user's key that is another user's is as good as none.
 * @throws KEY_NOT_FOUND, and what `requireOrganizationPermission` does
 */
export async function requireAccess(
  auth: AuthContext,
  { key, configuration, userId }: { key: ApiKeyRow; configuration: KeyConfiguration; userId: string },
  action: KeyAction,
): Promise<void> {
  const { referenceId } = key
  if (configuration.references === 'organization') {
    await requireOrganizationPermission(auth, { organizationId: referenceId, userId }, action)
  } else if (referenceId !== userId) {
    throw new AuthError(apiKeyErrors.KEY_NOT_FOUND)
  }
}

/** Who answers for a key: its user, or the member who made it for the organization. */
export interface KeyOwner {
  user?: User
}

/**
 * The owner of a key, who must be there still: the user; or the organization, with the member who made the key in it. A
 * key of an organization that nobody is known to have made is the organization's alone.
 * @throws INVALID_REFERENCE_ID_FROM_API_KEY, and what a membership is refused with
 */
export async function findOwner(
  auth: AuthContext,
  { referenceId, creatorId }: ApiKeyRow,
  { references, outliveMembership }: KeyConfiguration,
): Promise<KeyOwner> {
  if (references === 'user') return { user: await requireUser(auth, referenceId) }
  if (creatorId && !outliveMembership) {
    const user = await requireUser(auth, creatorId)
    if (await isMember(auth, { organizationId: referenceId, userId: creatorId })) return { user }
  } else {
    const where = [{ field: 'id', value: referenceId }]
    if (await auth.kernel.adapter.findOne({ model: 'organization', where, select: ['id'] })) return {}
  }
  throw new AuthError(apiKeyErrors.INVALID_REFERENCE_ID_FROM_API_KEY)
}

/** @throws what a membership is refused with. Whose session the request has, if any, does not matter. */
async function isMember(auth: AuthContext, place: { organizationId: string; userId: string }): Promise<boolean> {
  const question = { ...place, permissions: {}, bySession: false }
  return (await auth.kernel.hooks.membershipAsked(question, auth)) !== 'stranger'
}

async function requireUser(auth: AuthContext, id: string): Promise<User> {
  const user = await findUserById(auth, id)
  if (!user) throw new AuthError(apiKeyErrors.INVALID_REFERENCE_ID_FROM_API_KEY)
  return user
}
