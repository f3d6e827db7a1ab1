import type { ApiKeyRow } from '../../entities/api-key.ts'
import type { AuthContext } from '../../src/context.ts'
import { AuthError, askApplication } from '../../src/errors.ts'
import { type Caller, callerOf, principalOf } from './caller.ts'
import { MODEL } from './charge.ts'
import { defaultEnd, isExpired } from './checks.ts'
import { apiKeyErrors } from './errors.ts'
import { accessKey } from './manage.ts'
import type { KeyConfiguration } from './options.ts'
import type { Parts } from './parts.ts'
import { publicKey, type RotatedApiKey, type RotateInput } from './schemas.ts'
import { generateKey, storedForm } from './secret.ts'
import { requireLast } from './successor.ts'
import { isSpent } from './use.ts'

/** Milliseconds. */
const DAY = 86_400_000

/**
 * Puts a new key in the place of one, which goes on working for a while. Everything else stays: whose it is, what it may
 * do, and what has been counted of its uses.
 */
export async function rotateKey(auth: AuthContext, parts: Parts, input: RotateInput): Promise<RotatedApiKey> {
  const { kernel } = auth
  const caller = await callerOf(auth)
  const userId = principalOf(caller, input.userId)
  const { configId, keyId: id } = input
  const { key, configuration, store } = await accessKey(auth, parts, { id, configId, userId, action: 'rotate' })
  const overlap = overlapOf(configuration, input.overlap)
  assertUsable(requireLast(key), kernel.now())
  parts.sweep(kernel)
  const secret = await askApplication(() => generateKey(configuration, key.prefix ?? undefined))
  const isOfOrganization = configuration.references === 'organization'
  const now = kernel.now()
  const { successor, replaced } = await store.replace(key, {
    succeed: current => ({
      ...current,
      // The database gives one where this is undefined.
      id: kernel.newId(MODEL) as string,
      configId: configuration.configId,
      start: configuration.startLength === undefined ? null : secret.slice(0, configuration.startLength),
      key: storedForm(configuration, secret),
      expiresAt: endOfSuccessor(auth, { caller, configuration }, current),
      // A refill is due when it would have been.
      lastRefillAt: current.lastRefillAt ?? (current.refillInterval ? current.createdAt : null),
      createdAt: now,
      updatedAt: now,
      creatorId: isOfOrganization ? userId : null,
      successorId: null,
    }),
    until: overlap === 0 ? null : new Date(now.getTime() + overlap * 1000),
  })
  await tell(auth, { successor, replaced, configuration })
  // What the database read has an end by now.
  return { ...publicKey(successor), key: secret, replaced: { id: replaced.id, expiresAt: replaced.expiresAt ?? now } }
}

/** @throws OVERLAP_IS_TOO_LARGE */
function overlapOf({ overlap }: KeyConfiguration, wished = overlap.default): number {
  if (wished > overlap.max) throw new AuthError(apiKeyErrors.OVERLAP_IS_TOO_LARGE)
  return wished
}

/** A key that is over is as good as gone: its row is deleted any moment. */
function assertUsable(key: ApiKeyRow, now: Date): void {
  if (isExpired(key, now) || isSpent(key)) throw new AuthError(apiKeyErrors.KEY_NOT_FOUND)
}

/**
 * As far from now as the key's end was from its beginning. Where clients may not say how long keys are valid, none of them
 * lives longer for being rotated by one.
 */
function endOfSuccessor(
  { kernel }: AuthContext,
  { caller, configuration }: { caller: Caller; configuration: KeyConfiguration },
  { expiresAt, createdAt }: ApiKeyRow,
): Date | null {
  const { isFixed, maxDays } = configuration.expiration
  if (!expiresAt) return null
  if (isFixed) return caller.isOwnCode ? defaultEnd(kernel, configuration) : expiresAt
  const span = Math.min(expiresAt.getTime() - createdAt.getTime(), maxDays * DAY)
  return new Date(kernel.now().getTime() + span)
}

async function tell(
  { kernel }: AuthContext,
  {
    successor,
    replaced,
    configuration,
  }: { successor: ApiKeyRow; replaced: ApiKeyRow; configuration: KeyConfiguration },
): Promise<void> {
  const owner = { referenceId: successor.referenceId, references: configuration.references }
  await kernel.events.emit('apiKey.created', { apiKeyId: successor.id, ...owner })
  const endsAt = replaced.expiresAt ?? kernel.now()
  await kernel.events.emit('apiKey.rotated', { apiKeyId: replaced.id, successorId: successor.id, endsAt, ...owner })
}
