import type { ApiKeyRow } from '../../entities/api-key.ts'
import type { Row } from '../../src/adapters/contract.ts'
import { AuthError } from '../../src/errors.ts'
import { isExpired } from './checks.ts'
import { apiKeyErrors } from './errors.ts'

/** What takes the place of a key. */
export interface Replacement {
  /** The successor of the key as it is at that moment; the database may give it its id. */
  succeed(current: ApiKeyRow): ApiKeyRow
  /** When the key ends, if not before; `null` at once. */
  until: Date | null
}

export interface Replaced {
  successor: ApiKeyRow
  /** The key that has been replaced, as it is now or was last. */
  replaced: ApiKeyRow & { expiresAt: Date }
}

/** What a key and its successor have in common while both live: together they are used no more often than one. */
const SHARED = [
  'remaining',
  'refillAmount',
  'refillInterval',
  'lastRefillAt',
  'rateLimitEnabled',
  'rateLimitTimeWindow',
  'rateLimitMax',
  'requestCount',
] as const satisfies readonly (keyof ApiKeyRow)[]

/** The key with the counts of its successor, where they are kept. When it was used last is its own. */
export function withCountsOf(key: ApiKeyRow, successor: ApiKeyRow): ApiKeyRow {
  const counts = Object.fromEntries(SHARED.map(field => [field, successor[field]]))
  return { ...key, ...counts }
}

/** Whether a key that has a successor lives on: no longer than that one. */
export function isLive(successor: ApiKeyRow, now: Date): boolean {
  return successor.enabled !== false && !isExpired(successor, now)
}

/** Whether these changes are for the successor alone: an end that comes later, and limits that are counted there. */
export function areOfSuccessor(changes: Row | Partial<ApiKeyRow>): boolean {
  return ['expiresAt', ...SHARED].some(field => field in changes)
}

/**
 * The key, if none has taken its place.
 * @throws KEY_NOT_FOUND, KEY_ALREADY_ROTATED
 */
export function requireLast(key: ApiKeyRow | null): ApiKeyRow {
  if (!key) throw new AuthError(apiKeyErrors.KEY_NOT_FOUND)
  if (key.successorId) throw new AuthError(apiKeyErrors.KEY_ALREADY_ROTATED)
  return key
}

/** What is written to a key that is replaced; its end never comes later than it was to come. */
export function endOf({ expiresAt }: ApiKeyRow, until: Date | null, now: Date): Date {
  const end = until ?? now
  return expiresAt && expiresAt < end ? expiresAt : end
}
