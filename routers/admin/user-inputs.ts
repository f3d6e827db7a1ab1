import { z } from 'zod'
import { LONGEST_PASSWORD } from '../../src/accounts.ts'
import { choiceErrors } from '../email-password/index.ts'
import { adminErrors, refusals, userDataErrors } from './errors.ts'
import { requirePermission, type Scope } from './guard.ts'
import { BAN_FIELDS } from './user-data.ts'

export const roles = z.union([z.string().max(1024), z.array(z.string().max(255)).max(100)])
export const data = z.record(z.string().max(255), z.unknown())

/** A new user, as administrators and the application's own code describe one. */
export const newUser = z.object({
  email: z.string().max(1024),
  password: z.string().max(LONGEST_PASSWORD).optional(),
  name: z.string().max(1024),
  role: roles.optional(),
  data: data.optional(),
})

/** What can be wrong with a new user. */
export const newUserErrors = [
  adminErrors.INVALID_EMAIL,
  adminErrors.USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL,
  ...Object.values(userDataErrors),
  ...choiceErrors,
]

/** That whoever sets roles and bans along the way may do so. */
export function assertMayWrite(scope: Scope, given: Record<string, unknown>): void {
  const roleRefusal = refusals.YOU_ARE_NOT_ALLOWED_TO_CHANGE_USERS_ROLE
  if (Object.hasOwn(given, 'role')) requirePermission(scope, { user: ['set-role'] }, roleRefusal)
  if (!BAN_FIELDS.some(name => Object.hasOwn(given, name))) return
  requirePermission(scope, { user: ['ban'] }, refusals.YOU_ARE_NOT_ALLOWED_TO_BAN_USERS)
}
