import type { User } from '../../entities/index.ts'
import type { TwoFactor } from '../../entities/two-factor.ts'
import { UniqueViolation } from '../../src/adapters/contract.ts'
import type { AuthContext, Draft, RequestContext } from '../../src/context.ts'
import { randomString } from '../../src/crypto/random.ts'

/** A user, as this plugin knows one. */
export type TwoFactorUser = User & { twoFactorEnabled?: boolean | null; twoFactorEnabledAt?: Date | null }

const MODEL = 'twoFactor'
const SECRET_PURPOSE = 'two-factor-secret'
const SECRET_LENGTH = 32

const ofUser = (userId: string) => [{ field: 'userId', value: userId }]

export async function findTwoFactor({ kernel }: RequestContext, userId: string): Promise<TwoFactor | null> {
  return (await kernel.adapter.findOne({ model: MODEL, where: ofUser(userId) })) as TwoFactor | null
}

export async function updateTwoFactor({ kernel }: RequestContext, userId: string, update: Draft): Promise<void> {
  await kernel.adapter.updateMany({ model: MODEL, where: ofUser(userId), update })
}

export async function deleteTwoFactor({ kernel }: RequestContext, userId: string): Promise<void> {
  await kernel.adapter.deleteMany({ model: MODEL, where: ofUser(userId) })
}

export function newSecret(): string {
  return randomString(SECRET_LENGTH)
}

export function sealSecret({ kernel }: RequestContext, secret: string): string {
  return kernel.keys.seal(SECRET_PURPOSE, secret)
}

/** The secret that the authenticator has; `undefined` when none of the instance's secrets opens it. */
export function openSecret({ kernel }: RequestContext, { secret }: TwoFactor): string | undefined {
  return kernel.keys.open(SECRET_PURPOSE, secret)
}

/** Creates the user's row, or changes the one that is there, also when that came into being at the same moment. */
export async function putTwoFactor(
  auth: AuthContext,
  userId: string,
  fields: Pick<TwoFactor, 'secret' | 'backupCodes' | 'verified'>,
): Promise<void> {
  const { adapter, newId } = auth.kernel
  const update = { ...fields, lastUsedStep: null }
  if ((await adapter.updateMany({ model: MODEL, where: ofUser(userId), update })) > 0) return
  const data = { id: newId(MODEL), userId, ...update, failedVerificationCount: 0, lockedUntil: null }
  await adapter.create({ model: MODEL, data })
}

/** Runs `write` once more when another call has created the user's row in between. */
export async function retryOnce<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (error instanceof UniqueViolation) return write()
    throw error
  }
}
