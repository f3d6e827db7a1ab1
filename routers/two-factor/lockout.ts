import type { TwoFactor } from '../../entities/two-factor.ts'
import type { AuthContext } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import { twoFactorErrors } from './errors.ts'
import type { TwoFactorSettings } from './options.ts'

type Lockout = TwoFactorSettings['lockout']

const MODEL = 'twoFactor'

/**
 * Counts an attempt as failed before it is made, so that attempts made at once cannot outrun the counting. What is
 * counted is forgotten when the account has been left alone for a while: nobody can lock it for good.
 * @returns how many have failed, this one included
 * @throws ACCOUNT_TEMPORARILY_LOCKED
 */
export async function countAttempt(auth: AuthContext, { userId }: TwoFactor, lockout: Lockout): Promise<number> {
  if (!lockout.isEnabled) return 0
  const counted = (await increment(auth, userId, lockout)) ?? (await startAnew(auth, userId, lockout))
  // It may read 0: a right code elsewhere has just begun to count anew.
  if (counted !== undefined) return counted
  throw await lockedError(auth, userId, lockout)
}

/** The attempt says nothing about who makes it: it is as if it had not been made. */
export async function uncountAttempt({ kernel }: AuthContext, { userId }: TwoFactor, lockout: Lockout): Promise<void> {
  if (!lockout.isEnabled) return
  const where = [
    { field: 'userId', value: userId },
    { field: 'failedVerificationCount', value: 0, operator: 'gt' as const },
  ]
  await kernel.adapter.incrementOne({ model: MODEL, where, field: 'failedVerificationCount', by: -1 })
}

/** Tells the application when this failure is the one that locks the account. */
export async function announceLock(
  { kernel }: AuthContext,
  { userId }: TwoFactor,
  { failures, lockout }: { failures: number; lockout: Lockout },
): Promise<void> {
  if (failures < lockout.maxFailures || !lockout.isEnabled) return
  const until = new Date(kernel.now().getTime() + lockout.seconds * 1000)
  await kernel.events.emit('twoFactor.locked', { userId, until })
}

async function increment(
  { kernel }: AuthContext,
  userId: string,
  { maxFailures, seconds }: Lockout,
): Promise<number | undefined> {
  const row = await kernel.adapter.incrementOne({
    model: MODEL,
    where: [{ field: 'userId', value: userId }],
    field: 'failedVerificationCount',
    max: maxFailures,
    update: { lockedUntil: new Date(kernel.now().getTime() + seconds * 1000) },
  })
  return row ? ((row as unknown as TwoFactor).failedVerificationCount ?? 0) : undefined
}

async function startAnew(auth: AuthContext, userId: string, lockout: Lockout): Promise<number | undefined> {
  const { adapter, events, now } = auth.kernel
  const where = [
    { field: 'userId', value: userId },
    { field: 'failedVerificationCount', value: lockout.maxFailures, operator: 'gte' as const },
    { field: 'lockedUntil', value: now(), operator: 'lte' as const, connector: 'OR' as const },
    { field: 'lockedUntil', value: null, connector: 'OR' as const },
  ]
  const isOver = await adapter.updateMany({ model: MODEL, where, update: { failedVerificationCount: 0 } })
  if (isOver > 0) await events.emit('twoFactor.unlocked', { userId })
  // Somebody else may have been the one to start it.
  return increment(auth, userId, lockout)
}

async function lockedError({ kernel }: AuthContext, userId: string, { seconds }: Lockout): Promise<AuthError> {
  const row = await kernel.adapter.findOne({ model: MODEL, where: [{ field: 'userId', value: userId }] })
  const until = (row as TwoFactor | null)?.lockedUntil?.getTime()
  const wait = until === undefined ? seconds : Math.ceil((until - kernel.now().getTime()) / 1000)
  const retryAfter = String(Math.max(1, wait))
  return new AuthError(twoFactorErrors.ACCOUNT_TEMPORARILY_LOCKED, {
    headers: { 'retry-after': retryAfter, 'x-retry-after': retryAfter },
  })
}
