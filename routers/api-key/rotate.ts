import type { ApiKeyRow } from '../../entities/api-key.ts'
import type { AuthContext, Kernel } from '../../src/context.ts'
import { AuthError, askApplication } from '../../src/errors.ts'
import { asMember } from './as-member.ts'
import { type Caller, callerOf, principalOf } from './caller.ts'
import { MODEL } from './charge.ts'
import { defaultEnd, isExpired } from './checks.ts'
import { apiKeyErrors } from './errors.ts'
import { accessKey } from './manage.ts'
import type { KeyConfiguration } from './options.ts'
import type { Parts } from './parts.ts'
import { publicKey, type RotatedApiKey, type RotateInput } from './schemas.ts'
import { generateKey, storedForm } from './secret.ts'
import { type Replaced, type Replacement, requireLast } from './successor.ts'
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
  const movesEnd = await mayMoveEnd(auth, { caller, configuration, key, userId })
  const now = kernel.now()
  const replacement: Replacement = {
    succeed: current => ({
      ...current,
      // The database gives one where this is undefined.
      id: kernel.newId(MODEL) as string,
      configId: configuration.configId,
      start: configuration.startLength === undefined ? null : secret.slice(0, configuration.startLength),
      key: storedForm(configuration, secret),
      expiresAt: movesEnd ? endOfSuccessor(kernel, configuration, current) : current.expiresAt,
      // A refill is due when it would have been.
      lastRefillAt: current.lastRefillAt ?? (current.refillInterval ? current.createdAt : null),
      createdAt: now,
      updatedAt: now,
      creatorId: isOfOrganization ? userId : null,
      successorId: null,
    }),
    until: overlap === 0 ? null : new Date(now.getTime() + overlap * 1000),
  }
  const held = { model: MODEL, where: [{ field: 'id', value: key.id }] }
  const place = { configuration, referenceId: key.referenceId, userId, action: 'rotate' as const, held }
  const done = await asMember(auth, place, () => store.replace(key, replacement))
  await tell(auth, done, configuration)
  const { successor, replaced } = done
  return { ...publicKey(successor), key: secret, replaced: { id: replaced.id, expiresAt: replaced.expiresAt } }
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

/** Whether rotating may give the key a later end: where changing it could. */
async function mayMoveEnd(
  auth: AuthContext,
  {
    caller,
    configuration,
    key,
    userId,
  }: { caller: Caller; configuration: KeyConfiguration; key: ApiKeyRow; userId: string },
): Promise<boolean> {
  if (configuration.expiration.isFixed) return caller.isOwnCode
  if (configuration.references === 'user') return true
  const permissions = { apiKey: ['update'] }
  const question = { organizationId: key.referenceId, userId, permissions, bySession: !caller.isOwnCode }
  return (await auth.kernel.hooks.membershipAsked(question, auth)) === 'allowed'
}

/** As far from now as the key's end was from its beginning, and no further than somebody may wish for. */
function endOfSuccessor(
  kernel: Kernel,
  configuration: KeyConfiguration,
  { expiresAt, createdAt }: ApiKeyRow,
): Date | null {
  const { isFixed, maxDays } = configuration.expiration
  if (!expiresAt) return null
  if (isFixed) return defaultEnd(kernel, configuration)
  const span = Math.min(expiresAt.getTime() - createdAt.getTime(), maxDays * DAY)
  return new Date(kernel.now().getTime() + span)
}

async function tell(
  { kernel }: AuthContext,
  { successor, replaced }: Replaced,
  { references }: KeyConfiguration,
): Promise<void> {
  const owner = { referenceId: successor.referenceId, references }
  await kernel.events.emit('apiKey.created', { apiKeyId: successor.id, ...owner })
  const rotated = { apiKeyId: replaced.id, successorId: successor.id, endsAt: replaced.expiresAt }
  await kernel.events.emit('apiKey.rotated', { ...rotated, ...owner })
}
