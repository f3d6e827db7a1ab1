import { z } from 'zod'
import type { SignedInContext } from '../../src/context.ts'
import { AuthError, type ErrorDefinition } from '../../src/errors.ts'
import { findUserById } from '../../src/users.ts'
import { type AdminUser, impersonatorOf } from './admin-user.ts'
import { isOutranked, type Permissions, permits } from './authority.ts'
import { adminErrors } from './errors.ts'
import type { AdminSettings } from './options.ts'

/** A call of an administrator. */
export interface Scope {
  auth: SignedInContext
  settings: AdminSettings
}

/** Ids that a database counts may be sent as numbers. */
export const userId = z
  .union([z.string().min(1).max(255), z.int()], {
    error: ({ input }) => (input === undefined ? 'Invalid input: expected nonoptional, received undefined' : undefined),
  })
  .transform(String)

/**
 * That the caller may do this. Whoever acts in another user's name administers nothing.
 * @throws `refusal`
 */
export function requirePermission({ auth, settings }: Scope, permissions: Permissions, refusal: ErrorDefinition): void {
  const { session, user } = auth.signedIn
  if (impersonatorOf(session) || !permits(settings, user, permissions)) throw new AuthError(refusal)
}

/**
 * That the user may not do more than the caller: otherwise a role with a single permission, such as to set passwords,
 * would be worth as much as the highest one.
 * @throws `refusal`
 */
export function requireRank({ auth, settings }: Scope, target: AdminUser, refusal: ErrorDefinition): void {
  if (isOutranked(settings, auth.signedIn.user, target)) throw new AuthError(refusal)
}

/** The user, if there is one, whom the caller may do something to. @throws `refusal` */
export async function findTarget(scope: Scope, id: string, refusal: ErrorDefinition): Promise<AdminUser | null> {
  const target = (await findUserById(scope.auth, id)) as AdminUser | null
  if (target) requireRank(scope, target, refusal)
  return target
}

/** @throws USER_NOT_FOUND, or `refusal` for a user who may do more than the caller */
export async function requireTarget(scope: Scope, id: string, refusal: ErrorDefinition): Promise<AdminUser> {
  const target = await findTarget(scope, id, refusal)
  if (!target) throw new AuthError(adminErrors.USER_NOT_FOUND)
  return target
}
