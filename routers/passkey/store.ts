import type { User } from '../../entities/index.ts'
import type { Passkey } from '../../entities/passkey.ts'
import type { AuthContext, Draft, RequestContext } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import { updateUser } from '../../src/users.ts'
import { passkeyErrors } from './errors.ts'

const MODEL = 'passkey'

export async function listPasskeys({ kernel }: RequestContext, userId: string): Promise<Passkey[]> {
  const where = [{ field: 'userId', value: userId }]
  return (await kernel.adapter.findMany({ model: MODEL, where })) as unknown as Passkey[]
}

export async function hasPasskey({ kernel }: RequestContext, userId: string): Promise<boolean> {
  const where = [{ field: 'userId', value: userId }]
  return (await kernel.adapter.findOne({ model: MODEL, where, select: ['id'] })) !== null
}

export async function findPasskey({ kernel }: RequestContext, credentialID: string): Promise<Passkey | null> {
  const where = [{ field: 'credentialID', value: credentialID }]
  return (await kernel.adapter.findOne({ model: MODEL, where })) as Passkey | null
}

/** @throws UniqueViolation when the credential is registered already, for whomever */
export async function createPasskey({ kernel }: RequestContext, fields: Draft): Promise<Passkey> {
  const data = { id: kernel.newId(MODEL), createdAt: kernel.now(), ...fields }
  return (await kernel.adapter.create({ model: MODEL, data })) as unknown as Passkey
}

/**
 * Changes a passkey of the user.
 * @throws PASSKEY_NOT_FOUND for one of another user as for one that does not exist
 */
export async function renamePasskey(
  { kernel }: RequestContext,
  { id, userId, name }: { id: string; userId: string; name: string },
): Promise<Passkey> {
  const row = await kernel.adapter.update({ model: MODEL, where: owned(id, userId), update: { name } })
  if (!row) throw new AuthError(passkeyErrors.PASSKEY_NOT_FOUND)
  return row as unknown as Passkey
}

/**
 * Deletes a passkey of the user, unless nothing else is left to sign in with. A session does not say which passkey it was
 * proved with, so that it was with any counts no more.
 * @returns the user as it is then
 * @throws PASSKEY_NOT_FOUND, LAST_PASSKEY
 */
export async function deletePasskey(
  auth: AuthContext,
  { id, userId, mayBeLast }: { id: string; userId: string; mayBeLast: boolean },
): Promise<User | null> {
  const { adapter, unitOfWork, now } = auth.kernel
  return unitOfWork.run(async () => {
    // Two at once could each leave the other's passkey as the last one.
    if (!mayBeLast) await adapter.lock({ model: 'user', where: [{ field: 'id', value: userId }] })
    if ((await adapter.deleteMany({ model: MODEL, where: owned(id, userId) })) === 0) {
      throw new AuthError(passkeyErrors.PASSKEY_NOT_FOUND)
    }
    if (!mayBeLast && !(await hasAWayIn(auth, userId))) throw new AuthError(passkeyErrors.LAST_PASSKEY)
    return updateUser(auth, userId, { passkeyRemovedAt: now() })
  })
}

async function hasAWayIn({ kernel: { adapter } }: AuthContext, userId: string): Promise<boolean> {
  const where = [{ field: 'userId', value: userId }]
  return (await adapter.count({ model: MODEL, where })) > 0 || (await adapter.count({ model: 'account', where })) > 0
}

export async function deletePasskeys({ kernel }: RequestContext, userId: string): Promise<void> {
  await kernel.adapter.deleteMany({ model: MODEL, where: [{ field: 'userId', value: userId }] })
}

/**
 * Notes that the passkey has signed. Of an authenticator that counts its signatures each one is accepted once and in turn
 * (WebAuthn, section 6.1.1).
 * @returns `false` for one that is out of turn
 */
export async function advanceCounter(
  { kernel }: RequestContext,
  { id }: Passkey,
  { counter, backedUp }: { counter: number; backedUp: boolean },
): Promise<boolean> {
  // One that does not count always says 0.
  const inTurn =
    counter === 0 ? { field: 'counter', value: 0 } : { field: 'counter', value: counter, operator: 'lt' as const }
  const where = [{ field: 'id', value: id }, inTurn]
  return (await kernel.adapter.updateMany({ model: MODEL, where, update: { counter, backedUp } })) > 0
}

function owned(id: string, userId: string) {
  return [
    { field: 'id', value: id },
    { field: 'userId', value: userId },
  ]
}
