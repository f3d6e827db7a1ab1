import type { Account } from '../entities/index.ts'
import type { AuthContext, Draft, RequestContext } from './context.ts'
import { defineErrors } from './errors.ts'
import { beginPasswordAttempt } from './password-attempts.ts'

/** The provider id of the account that holds a password. */
export const CREDENTIAL = 'credential'

/** Bounds the work of a hash: nothing longer reaches it. Longer than any `maxPasswordLength` in sensible use. */
export const LONGEST_PASSWORD = 4096

/** What can be wrong with a password that is asked for again. */
export const credentialErrors = defineErrors({
  CREDENTIAL_ACCOUNT_NOT_FOUND: [400, 'Credential account not found'],
  INVALID_PASSWORD: [400, 'Invalid password'],
})

export async function createAccount(
  { kernel }: RequestContext,
  fields: Draft & { userId: string; providerId: string; accountId: string },
): Promise<Account> {
  const now = kernel.now()
  const data = { createdAt: now, updatedAt: now, ...fields, id: kernel.newId('account') }
  return (await kernel.adapter.create({ model: 'account', data })) as unknown as Account
}

/** The user's account that holds a password, if there is one. */
export async function findCredential({ kernel }: RequestContext, userId: string): Promise<Account | null> {
  const where = [
    { field: 'userId', value: userId },
    { field: 'providerId', value: CREDENTIAL },
  ]
  return (await kernel.adapter.findOne({ model: 'account', where })) as Account | null
}

/** Stores the hash of a password that the user has chosen, with a new account when there was none. */
export async function setPasswordHash(auth: AuthContext, userId: string, password: string): Promise<void> {
  const { kernel } = auth
  const where = [
    { field: 'userId', value: userId },
    { field: 'providerId', value: CREDENTIAL },
  ]
  const update = { password, updatedAt: kernel.now() }
  if ((await kernel.adapter.updateMany({ model: 'account', where, update })) === 0) {
    await createAccount(auth, { userId, accountId: userId, providerId: CREDENTIAL, password })
  }
  await kernel.hooks.ask('passwordChanged', { userId }, auth)
}

/** Stores another hash of the same password, unless the user has chosen another one meanwhile. */
export async function replacePasswordHash(
  { kernel }: RequestContext,
  { id, password }: Pick<Account, 'id' | 'password'>,
  hash: string,
): Promise<void> {
  const where = [
    { field: 'id', value: id },
    { field: 'password', value: password ?? null },
  ]
  await kernel.adapter.updateMany({ model: 'account', where, update: { password: hash, updatedAt: kernel.now() } })
}

/** Deletes every way the user has to sign in: the password and the logins at providers. */
export async function deleteAccounts({ kernel }: RequestContext, userId: string): Promise<void> {
  await kernel.adapter.deleteMany({ model: 'account', where: [{ field: 'userId', value: userId }] })
}

/**
 * The user's credential if `password` is the right one, else `null`. Takes the time of one hash whatever the answer,
 * and also when there is no user or no password, so that the time tells nothing.
 * @param account without an `id` where there is no such user
 * @throws RATE_LIMITED after too many failures
 */
export async function checkPassword(
  context: RequestContext,
  account: { id?: string; email: string },
  password: string,
): Promise<Account | null> {
  const { hasher, options } = context.kernel
  // Too long to be anyone's password; not hashing it keeps a flood of long ones cheap.
  if (password.length > options.emailAndPassword.maxPasswordLength) return null
  const credential = account.id ? await findCredential(context, account.id) : null
  // After all that can fail for another reason than the password, before what an attacker is after.
  const attempt = await beginPasswordAttempt(context, account)
  if (!credential?.password) {
    await hasher.hash(password)
    return null
  }
  if (!(await hasher.verify(password, credential.password))) return null
  await attempt.succeeded()
  return credential
}
