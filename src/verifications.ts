import type { Verification } from '../entities/index.ts'
import type { RequestContext } from './context.ts'
import { sha256 } from './crypto/hmac.ts'

/**
 * A single-use secret's place in the table. The purpose is part of what is stored, so a secret made for one thing
 * is unknown to every other; the secret itself is stored hashed.
 */
export function identifierOf({ kernel }: RequestContext, { purpose, secret, store }: Secret): string {
  const form = store ?? kernel.options.storeIdentifier
  return `${purpose}:${form === 'plain' ? secret : sha256(secret)}`
}

export interface Secret {
  /** What it is for, such as `reset-password`. */
  purpose: string
  secret: string
  /** How it is stored; default what the application wants for all. */
  store?: 'hashed' | 'plain'
}

/** Remembers that `secret` proves `value` until it expires. */
export async function createVerification(
  context: RequestContext,
  secret: Secret,
  { value, expiresIn }: { value: string; expiresIn: number },
): Promise<void> {
  const { kernel } = context
  const now = kernel.now()
  if (kernel.verificationStorage) {
    await kernel.verificationStorage.set(`verification:${identifierOf(context, secret)}`, value, expiresIn)
    return
  }
  const data = {
    id: kernel.newId('verification'),
    identifier: identifierOf(context, secret),
    value,
    expiresAt: new Date(now.getTime() + expiresIn * 1000),
    createdAt: now,
    updatedAt: now,
  }
  await kernel.adapter.create({ model: 'verification', data })
  kernel.sweepSecrets()
}

/** What `secret` proves, without using it up; `undefined` when it is unknown, used or expired. */
export async function peekVerification(context: RequestContext, secret: Secret): Promise<string | undefined> {
  const { verificationStorage } = context.kernel
  const identifier = identifierOf(context, secret)
  if (verificationStorage) return (await verificationStorage.get(`verification:${identifier}`)) ?? undefined
  const where = [{ field: 'identifier', value: identifier }]
  const row = await context.kernel.adapter.findOne({ model: 'verification', where })
  return liveValue(context, row as Verification | null)
}

/** What `secret` proves, and from now on no more: of any number of concurrent calls exactly one is told. */
export async function consumeVerification(context: RequestContext, secret: Secret): Promise<string | undefined> {
  const taken = await takeVerification(context, secret)
  return taken === 'expired' ? undefined : taken?.value
}

/** As `consumeVerification`, and tells of a secret that has expired, as long as that is known. */
export async function takeVerification(
  context: RequestContext,
  secret: Secret,
): Promise<{ value: string } | 'expired' | undefined> {
  const { verificationStorage, adapter } = context.kernel
  const identifier = identifierOf(context, secret)
  if (verificationStorage) {
    const value = await verificationStorage.getAndDelete(`verification:${identifier}`)
    return value ? { value } : undefined
  }
  const where = [{ field: 'identifier', value: identifier }]
  const row = (await adapter.consumeOne({ model: 'verification', where })) as Verification | null
  if (!row) return undefined
  const value = liveValue(context, row)
  return value === undefined ? 'expired' : { value }
}

function liveValue({ kernel }: RequestContext, row: Verification | null): string | undefined {
  return row && row.expiresAt > kernel.now() ? row.value : undefined
}
