import type { User } from '../../entities/index.ts'
import { CREDENTIAL, createAccount } from '../../src/accounts.ts'
import { UniqueViolation } from '../../src/adapters/contract.ts'
import type { AuthContext, Draft } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import { createUser, findUserByEmail } from '../../src/users.ts'
import { updateWithBan } from './bans.ts'
import { adminErrors, userDataErrors } from './errors.ts'

/**
 * A user and, with `hash`, the password to sign in with: both or none.
 * @throws USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL, FIELD_VALUE_TAKEN
 */
export async function addUser(auth: AuthContext, fields: Draft, hash: string | undefined): Promise<User> {
  const email = String(fields.email)
  if (await findUserByEmail(auth, email)) throw new AuthError(adminErrors.USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL)
  return telling(auth, email, () =>
    auth.kernel.unitOfWork.run(async () => {
      const user = await createUser(auth, { ...fields, email, name: String(fields.name) })
      if (hash) {
        await createAccount(auth, { userId: user.id, accountId: user.id, providerId: CREDENTIAL, password: hash })
      }
      return user
    }),
  )
}

/**
 * Changes a user. A new address is unproven, unless the administrator says otherwise.
 * @throws USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL, FIELD_VALUE_TAKEN, USER_NOT_FOUND
 */
export async function changeUser(auth: AuthContext, target: User, changes: Draft): Promise<User> {
  const isMoving = changes.email !== undefined && changes.email !== target.email
  const unproven = isMoving && changes.emailVerified === undefined ? { emailVerified: false } : {}
  if (isMoving && (await findUserByEmail(auth, String(changes.email)))) {
    throw new AuthError(adminErrors.USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL)
  }
  const update = { ...changes, ...unproven }
  const user = await telling(auth, changes.email, () => updateWithBan(auth, target.id, update))
  if (!user) throw new AuthError(adminErrors.USER_NOT_FOUND)
  return user
}

/** Says which unique value is taken when somebody else takes it at this moment. */
async function telling<T>(auth: AuthContext, email: unknown, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (!(error instanceof UniqueViolation && error.model === 'user')) throw error
    const isAddress = typeof email === 'string' && (await findUserByEmail(auth, email)) !== null
    throw new AuthError(
      isAddress ? adminErrors.USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL : userDataErrors.FIELD_VALUE_TAKEN,
    )
  }
}
