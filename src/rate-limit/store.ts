import type { CompleteStorage } from '../storage/contract.ts'
import type { RateLimitSettings, RateLimitStore } from './contract.ts'
import { customRateLimitStore, onlyConsumes } from './custom.ts'
import { type DatabaseStoreParts, databaseRateLimitStore } from './database.ts'
import { memoryRateLimitStore } from './memory.ts'
import { secondaryRateLimitStore } from './secondary.ts'

export interface RateLimitStores {
  /** Counts calls. */
  rateLimits: RateLimitStore
  /** Counts attempts at passwords; the same store wherever that can be asked and made to forget. */
  attempts: RateLimitStore
}

/** The stores that the options ask for: the application's own, else the named one. */
export function createRateLimitStores(
  { customStorage, storage }: RateLimitSettings,
  parts: DatabaseStoreParts & { secondary: CompleteStorage | undefined },
): RateLimitStores {
  if (customStorage) {
    const rateLimits = customRateLimitStore(customStorage)
    return { rateLimits, attempts: onlyConsumes(customStorage) ? memoryRateLimitStore() : rateLimits }
  }
  const rateLimits = namedStore(storage, parts)
  return { rateLimits, attempts: rateLimits }
}

function namedStore(
  storage: RateLimitSettings['storage'],
  { secondary, ...parts }: DatabaseStoreParts & { secondary: CompleteStorage | undefined },
): RateLimitStore {
  if (storage === 'database') return databaseRateLimitStore(parts)
  if (storage === 'secondary-storage' && secondary) return secondaryRateLimitStore(secondary)
  return memoryRateLimitStore()
}
