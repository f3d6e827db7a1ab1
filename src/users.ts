import type { User } from '../entities/index.ts'
import type { AuthContext, Draft, RequestContext } from './context.ts'

/**
 * One spelling for one mailbox: compatibility forms folded (NFKC), lower case.
 * Applied before the address is validated, so a look-alike `＠` cannot slip through.
 */
export function normalizeEmail(email: string): string {
  return email.normalize('NFKC').toLowerCase()
}

/** @param email as `normalizeEmail` gives it */
export async function findUserByEmail({ kernel }: RequestContext, email: string): Promise<User | null> {
  return (await kernel.adapter.findOne({ model: 'user', where: [{ field: 'email', value: email }] })) as User | null
}

export async function findUserById({ kernel }: RequestContext, id: string): Promise<User | null> {
  return (await kernel.adapter.findOne({ model: 'user', where: [{ field: 'id', value: id }] })) as User | null
}

/**
 * Inserts a user. Call it in a unit of work together with the account that the user signs in with.
 * @throws UniqueViolation when the address is taken
 */
export async function createUser(auth: AuthContext, fields: Draft & { email: string; name: string }): Promise<User> {
  const { kernel } = auth
  const now = kernel.now()
  const defaults = { emailVerified: false, image: null, createdAt: now, updatedAt: now }
  const draft = await kernel.hooks.amend('userCreating', { ...defaults, ...fields }, auth)
  const user = (await kernel.adapter.create({
    model: 'user',
    data: { ...draft, id: kernel.newId('user') },
  })) as unknown as User
  await kernel.unitOfWork.afterCommit(() => kernel.hooks.tell('userCreated', user, auth))
  return user
}

/** Changes a user; `null` when there is none with this id. */
export async function updateUser(auth: AuthContext, id: string, changes: Draft): Promise<User | null> {
  const { kernel } = auth
  const update = await kernel.hooks.amend('userUpdating', { ...changes, updatedAt: kernel.now() }, auth)
  const row = await kernel.adapter.update({ model: 'user', where: [{ field: 'id', value: id }], update })
  if (!row) return null
  const user = row as unknown as User
  await kernel.unitOfWork.afterCommit(async () => {
    await kernel.sessions.userChanged(user)
    await kernel.hooks.tell('userUpdated', user, auth)
  })
  return user
}
