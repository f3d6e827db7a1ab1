import type { ApiKeyRow } from '../../entities/api-key.ts'
import type { SignedInContext } from '../../src/context.ts'
import { chooseConfiguration, configIdOf, configurationOf } from './configurations.ts'
import { requireOrganizationPermission } from './owner.ts'
import { allStores, type Parts } from './parts.ts'
import { type ApiKey, type ListInput, publicKey } from './schemas.ts'

interface KeyList {
  apiKeys: ApiKey[]
  /** Without limit and offset. */
  total: number
  limit?: number
  offset?: number
}

/** The keys of the signed-in user, or of an organization whose keys that user may read. */
export async function listKeys(auth: SignedInContext, parts: Parts, input: ListInput = {}): Promise<KeyList> {
  const { configId, organizationId, limit, offset = 0 } = input
  const userId = auth.signedIn.user.id
  if (organizationId) await requireOrganizationPermission(auth, { organizationId, userId }, 'read')
  const references = organizationId ? 'organization' : 'user'
  // A user and an organization may have the same id, where the database counts.
  const isMeant = (key: ApiKeyRow) =>
    (configurationOf(parts.configurations, key)?.references ?? 'user') === references &&
    (!configId || configIdOf(key.configId) === configId) &&
    (input.prefix === undefined || (key.prefix ?? '') === input.prefix) &&
    (input.start === undefined || beginsWith(key, input.start))
  const keys = (await keysOf(auth, parts, { referenceId: organizationId ?? userId, configId })).filter(isMeant)
  const sorted = input.sortBy ? sortKeys(keys, input.sortBy, input.sortDirection) : keys
  parts.sweep(auth.kernel)
  const page = sorted.slice(offset, limit === undefined ? undefined : offset + limit)
  return { apiKeys: page.map(publicKey), total: keys.length, limit, offset: input.offset }
}

/** Of a key only its first characters are known: somebody who has found more of it finds it by those. */
function beginsWith({ start }: ApiKeyRow, wanted: string): boolean {
  return Boolean(start && (start.startsWith(wanted) || wanted.startsWith(start)))
}

async function keysOf(
  { kernel }: SignedInContext,
  parts: Parts,
  { referenceId, configId }: { referenceId: string; configId?: string },
): Promise<ApiKeyRow[]> {
  const stores = configId
    ? [parts.openStore(kernel, chooseConfiguration(parts.configurations, configId))]
    : allStores(parts, kernel)
  const lists = await Promise.all(stores.map(store => store.list(referenceId)))
  return [...new Map(lists.flat().map(key => [key.id, key])).values()]
}

function sortKeys(keys: readonly ApiKeyRow[], field: string, direction: 'asc' | 'desc' = 'asc'): ApiKeyRow[] {
  const fieldOf = (key: ApiKeyRow) => (key as unknown as Record<string, string | number | Date | null>)[field] ?? null
  const sign = direction === 'asc' ? 1 : -1
  return [...keys].sort((one, other) => sign * compare(fieldOf(one), fieldOf(other)))
}

/** What is missing comes first. */
function compare(one: string | number | Date | null, other: string | number | Date | null): number {
  if (one === null || other === null) return Number(one !== null) - Number(other !== null)
  return one < other ? -1 : Number(one > other)
}
