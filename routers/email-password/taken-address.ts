import { randomInt } from 'node:crypto'
import type { User } from '../../entities/index.ts'
import type { AuthContext, Draft } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import { findUserByEmail } from '../../src/users.ts'
import { passwordErrors } from './errors.ts'

/**
 * The answer to a sign-up with an address that has a user. Where sign-up does not sign in, the answer need not tell,
 * and so it looks like that to any other: a user who was never made.
 * @param fields what a real user would have been made of
 * @throws EMAIL_ALREADY_IN_USE where sign-up signs in
 */
export function answerTaken(
  auth: AuthContext,
  fields: Draft & { name: string; email: string },
  signsIn: boolean,
): { token: null; user: User } {
  if (signsIn) throw new AuthError(passwordErrors.EMAIL_ALREADY_IN_USE)
  const { onExistingUserSignUp } = auth.kernel.options.emailAndPassword
  if (onExistingUserSignUp) {
    auth.kernel.background(async () => {
      const user = await findUserByEmail(auth, fields.email)
      if (user) await onExistingUserSignUp({ user }, auth.request?.())
    })
  }
  return { token: null, user: syntheticUser(auth, fields) }
}

function syntheticUser({ kernel }: AuthContext, fields: Draft & { name: string; email: string }): User {
  const { emailAndPassword, user: userOptions } = kernel.options
  const { name, email, image, ...additional } = fields
  const now = kernel.now()
  const times = { createdAt: now, updatedAt: now }
  const coreFields = { name, email, emailVerified: false, image: (image ?? null) as string | null, ...times }
  const id = kernel.newId('user') ?? String(randomInt(1, 2 ** 31))
  const own = Object.keys(userOptions.additionalFields ?? {})
  const additionalFields = Object.fromEntries(Object.entries(additional).filter(([key]) => own.includes(key)))
  const user = emailAndPassword.customSyntheticUser?.({ coreFields, additionalFields, id }) ?? {
    ...additional,
    ...coreFields,
    id,
  }
  // The output schema checks it like any other.
  return user as unknown as User
}
