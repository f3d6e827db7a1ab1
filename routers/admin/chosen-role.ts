import { AuthError } from '../../src/errors.ts'
import { isOutranked } from './authority.ts'
import { refusals, roleErrors } from './errors.ts'
import type { Scope } from './guard.ts'
import type { AdminSettings } from './options.ts'

/**
 * A role as users have it, from what was sent: a name, or several of them.
 * @throws INVALID_ROLE_TYPE, YOU_ARE_NOT_ALLOWED_TO_SET_NON_EXISTENT_VALUE
 */
export function chosenRole({ assignable }: AdminSettings, given: unknown): string {
  const names: unknown[] = Array.isArray(given) ? given : [given]
  if (!names.every(name => typeof name === 'string')) throw new AuthError(roleErrors.INVALID_ROLE_TYPE)
  if (names.length === 0 || !names.every(name => assignable.has(name))) {
    throw new AuthError(roleErrors.YOU_ARE_NOT_ALLOWED_TO_SET_NON_EXISTENT_VALUE)
  }
  return [...new Set(names)].join(',')
}

/** That nobody gives a role that may do more to users than their own. @throws YOU_ARE_NOT_ALLOWED_TO_CHANGE_USERS_ROLE */
export function assertMayGive({ auth, settings }: Scope, role: string): void {
  // Somebody with this role and nothing else.
  if (isOutranked(settings, auth.signedIn.user, { id: '', role })) {
    throw new AuthError(refusals.YOU_ARE_NOT_ALLOWED_TO_CHANGE_USERS_ROLE)
  }
}
