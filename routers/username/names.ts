import type { User } from '../../entities/index.ts'
import type { RequestContext } from '../../src/context.ts'
import { AuthError, askApplication, type ErrorDefinition } from '../../src/errors.ts'
import type { UsernameRules } from './options.ts'

/** The errors of a bad name, under the status of where it is used. */
type NameErrors = Record<'USERNAME_TOO_SHORT' | 'USERNAME_TOO_LONG' | 'INVALID_USERNAME', ErrorDefinition>

/**
 * Checks a username by the rules.
 * @returns the spelling under which it is stored and looked up
 * @throws USERNAME_TOO_SHORT, USERNAME_TOO_LONG, INVALID_USERNAME
 */
export async function readUsername(rules: UsernameRules, given: string, errors: NameErrors): Promise<string> {
  const normalized = rules.normalize(given)
  const checked = rules.order === 'pre-normalization' ? given : normalized
  if (checked.length < rules.min) throw new AuthError(errors.USERNAME_TOO_SHORT)
  if (checked.length > rules.max) throw new AuthError(errors.USERNAME_TOO_LONG)
  if (!(await askApplication(() => rules.isValid(checked)))) throw new AuthError(errors.INVALID_USERNAME)
  return normalized
}

/** @param username as `readUsername` gives it */
export async function findUserByUsername({ kernel }: RequestContext, username: string): Promise<User | null> {
  const where = [{ field: 'username', value: username }]
  return (await kernel.adapter.findOne({ model: 'user', where })) as User | null
}
