import { type ApiKeyRow, apiKeyFields } from '../../entities/api-key.ts'
import type { Kernel } from '../../src/context.ts'
import type { CompleteStorage } from '../../src/storage/contract.ts'

/** The names under which Better Auth has keys in secondary storage. */
const byStoredForm = (key: string) => `api-key:${key}`
export const byId = (id: string) => `api-key:by-id:${id}`
export const byReference = (referenceId: string) => `api-key:by-ref:${referenceId}`

/** The key that is stored in this form. */
export async function readByStoredForm(storage: CompleteStorage, key: string): Promise<ApiKeyRow | null> {
  const record = await readRecord(storage, byStoredForm(key))
  // What a client names must not reach what the storage has under another name.
  return record?.key === key ? record : null
}

export async function readById(storage: CompleteStorage, id: string): Promise<ApiKeyRow | null> {
  const record = await readRecord(storage, byId(id))
  return record?.id === id ? record : null
}

async function readRecord(storage: CompleteStorage, name: string): Promise<ApiKeyRow | null> {
  const parsed = parse(await storage.get(name))
  if (typeof parsed !== 'object' || parsed === null || !('id' in parsed)) return null
  // What we or Better Auth wrote; JSON has no dates.
  const entries = Object.entries(parsed).map(([field, value]) => {
    const { type } = (apiKeyFields as Record<string, { type: unknown }>)[field] ?? {}
    return [field, type === 'date' && typeof value === 'string' ? new Date(value) : value]
  })
  return Object.fromEntries(entries) as ApiKeyRow
}

/** Writes a key under both of its names. It leaves the storage by itself when it expires. */
export async function writeRecord(storage: CompleteStorage, kernel: Kernel, key: ApiKeyRow): Promise<void> {
  const ttl = secondsLeft(key, kernel.now())
  if (ttl === 0) return deleteRecord(storage, key)
  const record = JSON.stringify(key)
  await storage.set(byStoredForm(key.key), record, ttl)
  await storage.set(byId(key.id), record, ttl)
}

export async function deleteRecord(storage: CompleteStorage, key: ApiKeyRow): Promise<void> {
  await storage.delete(byStoredForm(key.key))
  await storage.delete(byId(key.id))
}

function secondsLeft({ expiresAt }: ApiKeyRow, now: Date): number | undefined {
  return expiresAt ? Math.max(0, Math.ceil((expiresAt.getTime() - now.getTime()) / 1000)) : undefined
}

/** The ids of somebody's keys; `null` when the storage does not know. */
export async function readIds(storage: CompleteStorage, referenceId: string): Promise<string[] | null> {
  const parsed = parse(await storage.get(byReference(referenceId)))
  return Array.isArray(parsed) ? parsed.filter(id => typeof id === 'string') : null
}

function parse(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return null
  }
}
