import type { Account } from '../entities/index.ts'
import type { Draft, RequestContext } from './context.ts'

/** The provider id of the account that holds a password. */
export const CREDENTIAL = 'credential'

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

/** Stores the hash of the user's password, with a new account when there was none. */
export async function setPasswordHash(context: RequestContext, userId: string, password: string): Promise<void> {
  const { kernel } = context
  const where = [
    { field: 'userId', value: userId },
    { field: 'providerId', value: CREDENTIAL },
  ]
  const update = { password, updatedAt: kernel.now() }
  if ((await kernel.adapter.updateMany({ model: 'account', where, update })) > 0) return
  await createAccount(context, { userId, accountId: userId, providerId: CREDENTIAL, password })
}
