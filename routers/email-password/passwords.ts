import type { AuthContext } from '../../src/context.ts'
import { AuthError, errors } from '../../src/errors.ts'
import { passwordErrors } from './errors.ts'

/**
 * Checks a password that a user chose.
 * @throws PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG, and what plugins refuse it with
 */
export async function assertAcceptable(auth: AuthContext, password: string): Promise<void> {
  const { minPasswordLength, maxPasswordLength } = auth.kernel.options.emailAndPassword
  if (password.length < minPasswordLength) throw new AuthError(passwordErrors.PASSWORD_TOO_SHORT)
  if (password.length > maxPasswordLength) throw new AuthError(passwordErrors.PASSWORD_TOO_LONG)
  await auth.kernel.hooks.ask('passwordChosen', password, auth)
}

/** What can be wrong with a chosen password, and with hashing it. */
export const choiceErrors = [passwordErrors.PASSWORD_TOO_SHORT, passwordErrors.PASSWORD_TOO_LONG, errors.SERVICE_BUSY]
