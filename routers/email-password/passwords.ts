import type { Account } from '../../entities/index.ts'
import { findCredential } from '../../src/accounts.ts'
import type { AuthContext } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import { passwordErrors } from './errors.ts'

/** Bounds the work of a hash: nothing longer reaches it. Longer than any `maxPasswordLength` in sensible use. */
export const LONGEST_INPUT = 4096

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

/** What can be wrong with a chosen password. */
export const choiceErrors = [passwordErrors.PASSWORD_TOO_SHORT, passwordErrors.PASSWORD_TOO_LONG]

/**
 * The user's credential if `password` is the right one, else `null`. Takes the time of one hash whatever the answer,
 * and also when there is no user or no password, so that the time tells nothing.
 */
export async function checkPassword(
  auth: AuthContext,
  userId: string | undefined,
  password: string,
): Promise<Account | null> {
  const { hasher, options } = auth.kernel
  // Too long to be anyone's password; not hashing it keeps a flood of long ones cheap.
  if (password.length > options.emailAndPassword.maxPasswordLength) return null
  const credential = userId ? await findCredential(auth, userId) : null
  if (!credential?.password) {
    await hasher.hash(password)
    return null
  }
  return (await hasher.verify(password, credential.password)) ? credential : null
}
