import { domainToASCII } from 'node:url'
import { z } from 'zod'
import type { User } from '../entities/index.ts'
import { deleteAccounts } from './accounts.ts'
import type { AuthContext, Draft, RequestContext } from './context.ts'
import { defineErrors } from './errors.ts'
import { forgetSessionCache } from './session-cache.ts'

export const emailErrors = defineErrors({
  EMAIL_ALREADY_IN_USE: [
    409,
    'User already exists. Use another email.',
    [422, 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL'],
  ],
})

/**
 * One spelling for one mailbox: compatibility forms folded (NFKC), lower case, the domain in its ASCII form (IDNA).
 * Applied before the address is validated, so a look-alike `＠` cannot slip through.
 */
export function normalizeEmail(email: string): string {
  const folded = email.normalize('NFKC').toLowerCase()
  const at = folded.lastIndexOf('@') + 1
  const domain = folded.slice(at)
  // Only names of other scripts: of a plain one this would change what is wrong with it, such as `0x7f.1`.
  if (at === 0 || !/[^\0-\x7f]/.test(domain)) return folded
  return folded.slice(0, at) + (domainToASCII(domain) || domain)
}

/** An address in an input, normalised. Measured twice, as normalising can lengthen it. */
export const emailInput = z.string().max(255).overwrite(normalizeEmail).email().max(255)

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
export function updateUser(auth: AuthContext, id: string, changes: Draft): Promise<User | null> {
  return updateUserIf(auth, { id }, changes)
}

/**
 * Changes a user who still is as `expected`; `null` otherwise. Of any number of concurrent calls that each undo what
 * they expect exactly one gets the user.
 */
export async function updateUserIf(
  auth: AuthContext,
  expected: Partial<User> & { id: string },
  changes: Draft,
): Promise<User | null> {
  const { kernel } = auth
  const update = await kernel.hooks.amend('userUpdating', { ...changes, updatedAt: kernel.now() }, auth)
  const where = Object.entries(expected).map(([field, value]) => ({ field, value: value ?? null }))
  const row = await kernel.adapter.update({ model: 'user', where, update })
  if (!row) return null
  const user = row as unknown as User
  forgetSessionCache(auth)
  await kernel.unitOfWork.afterCommit(async () => {
    await kernel.sessions.userChanged(user)
    await kernel.hooks.tell('userUpdated', user, auth)
  })
  return user
}

/**
 * Deletes a user with all ways to sign in and all sessions, wherever they are stored: the one way to do so. Rows of
 * other models that refer to the user go with it.
 * @param first is done in the same transaction, before anything is deleted
 */
export async function deleteUser(
  auth: AuthContext,
  user: User,
  { first }: { first?: () => Promise<void> } = {},
): Promise<void> {
  const { kernel } = auth
  const held = await kernel.hooks.userLeaving(user, auth)
  await kernel.unitOfWork.run(async () => {
    for (const rows of held) await kernel.adapter.lock(rows)
    await first?.()
    await kernel.hooks.ask('userDeleting', user, auth)
    await kernel.sessions.deleteAll(user.id)
    await deleteAccounts(auth, user.id)
    await kernel.adapter.delete({ model: 'user', where: [{ field: 'id', value: user.id }] })
    await kernel.unitOfWork.afterCommit(async () => {
      await kernel.hooks.tell('userDeleted', user, auth)
      // Again: a sign-in that was under way may have found the user still, and a storage has no foreign keys.
      kernel.background(() => kernel.sessions.deleteAll(user.id))
    })
  })
}
