import type { ApiKeyRow } from '../../entities/api-key.ts'
import type { Kernel } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import { apiKeyErrors } from './errors.ts'
import type { KeyConfiguration } from './options.ts'

/** Seconds. */
const DAY = 86_400

/** @throws INVALID_NAME_LENGTH */
export function checkName({ nameLength: { min, max } }: KeyConfiguration, name: string): void {
  if (name.length < min || name.length > max) throw new AuthError(apiKeyErrors.INVALID_NAME_LENGTH)
}

/** @throws INVALID_PREFIX_LENGTH */
export function checkPrefix({ prefixLength: { min, max } }: KeyConfiguration, prefix: string): void {
  if (prefix.length < min || prefix.length > max) throw new AuthError(apiKeyErrors.INVALID_PREFIX_LENGTH)
}

/** @throws INVALID_METADATA_TYPE */
export function checkMetadata(metadata: unknown): void {
  if (typeof metadata !== 'object') throw new AuthError(apiKeyErrors.INVALID_METADATA_TYPE)
}

/** @throws REFILL_AMOUNT_AND_INTERVAL_REQUIRED, REFILL_INTERVAL_AND_AMOUNT_REQUIRED */
export function checkRefill({
  refillAmount,
  refillInterval,
}: {
  refillAmount?: number
  refillInterval?: number
}): void {
  if (refillAmount && !refillInterval) throw new AuthError(apiKeyErrors.REFILL_AMOUNT_AND_INTERVAL_REQUIRED)
  if (refillInterval && !refillAmount) throw new AuthError(apiKeyErrors.REFILL_INTERVAL_AND_AMOUNT_REQUIRED)
}

/**
 * When a key expires that somebody wants to be valid for so long.
 * @param seconds `null` for ever
 * @throws KEY_DISABLED_EXPIRATION, EXPIRES_IN_IS_TOO_SMALL, EXPIRES_IN_IS_TOO_LARGE
 */
export function wishedEnd({ now }: Kernel, { expiration }: KeyConfiguration, seconds: number | null): Date | null {
  if (expiration.isFixed) throw new AuthError(apiKeyErrors.KEY_DISABLED_EXPIRATION)
  if (seconds === null) return null
  if (seconds / DAY < expiration.minDays) throw new AuthError(apiKeyErrors.EXPIRES_IN_IS_TOO_SMALL)
  if (seconds / DAY > expiration.maxDays) throw new AuthError(apiKeyErrors.EXPIRES_IN_IS_TOO_LARGE)
  return new Date(now().getTime() + seconds * 1000)
}

/** Whether the key's time is over. */
export function isExpired({ expiresAt }: ApiKeyRow, now: Date): boolean {
  return Boolean(expiresAt && expiresAt < now)
}

/** When a key expires for which nobody wants anything. */
export function defaultEnd({ now }: Kernel, { expiration: { defaultSeconds } }: KeyConfiguration): Date | null {
  return defaultSeconds ? new Date(now().getTime() + defaultSeconds * 1000) : null
}
