import type { API_KEY_MODELS } from '../../entities/api-key.ts'
import type { AuthContext } from '../../src/context.ts'
import type { HookContext } from '../../src/options/hooks.ts'
import type { SchemaNames } from '../../src/plugin-schema.ts'
import type { SecondaryStorage } from '../../src/storage/contract.ts'

type Awaitable<T> = T | Promise<T>
type Permissions = Record<string, string[]>

/** One kind of keys. The names are Better Auth's. */
export interface ApiKeyConfiguration {
  /** Needed, and different for each, when there are several. Default `default`. */
  configId?: string
  /** Whom keys belong to. `organization` needs the plugin of that name. Default `user`. */
  references?: 'user' | 'organization'
  /** Headers that a key is looked for in, where it stands for a session. Default `x-api-key`. */
  apiKeyHeaders?: string | readonly string[]
  /** Finds the key in a request instead. */
  customAPIKeyGetter?(ctx: HookContext): Awaitable<string | null | undefined>
  /** A check of a key before it is looked up; `false` refuses it. */
  customAPIKeyValidator?(options: { ctx: HookContext; key: string }): Awaitable<boolean>
  /** Makes keys instead of random letters. */
  customKeyGenerator?(options: { length: number; prefix: string | undefined }): Awaitable<string>
  /** Letters of a key, without its prefix; shorter ones are refused unread. Default 64. */
  defaultKeyLength?: number
  /** What keys begin with, unless they are given a prefix of their own. */
  defaultPrefix?: string
  /** Default 32. */
  maximumPrefixLength?: number
  /** Default 1. */
  minimumPrefixLength?: number
  /** Default 32. */
  maximumNameLength?: number
  /** Default 1. */
  minimumNameLength?: number
  /** Default false. */
  requireName?: boolean
  /** Keys can have an object of the application's with them. Default false. */
  enableMetadata?: boolean
  /** Stores keys as they are: whoever reads the database can call with them. Default false. */
  disableKeyHashing?: boolean
  /** The beginning of a key that is kept readable, its prefix included. */
  startingCharactersConfig?: {
    /** Default true. */
    shouldStore?: boolean
    /** Default 6. */
    charactersLength?: number
  }
  keyExpiration?: {
    /** Seconds that a key is valid. Default: for ever. */
    defaultExpiresIn?: number | null
    /** Nobody can say how long a key is valid. Default false. */
    disableCustomExpiresTime?: boolean
    /** Days. Default 1. */
    minExpiresIn?: number
    /** Days. Default 365. */
    maxExpiresIn?: number
  }
  /** A key in the place of another one, which goes on working for a while. */
  keyRotation?: {
    /** Seconds that the old key goes on working, unless the call says otherwise. Default a day. */
    defaultOverlap?: number
    /** Seconds. Default a week. */
    maxOverlap?: number
  }
  /** An organization's keys go on working when the member who made them leaves. Default false. */
  outliveMembership?: boolean
  /** Uses of one key, unless it is given limits of its own. */
  rateLimit?: {
    /** Default true. `false` switches off the limits of all keys. */
    enabled?: boolean
    /** Milliseconds. Default a day. */
    timeWindow?: number
    /** Default 10. */
    maxRequests?: number
  }
  permissions?: {
    /** Of keys that are not given any. */
    defaultPermissions?: Permissions | ((referenceId: string, auth: AuthContext) => Awaitable<Permissions>)
  }
  /** A request with a user's key, and no session, is that user's. Default false. */
  enableSessionForAPIKeys?: boolean
  /** Default `database`. */
  storage?: 'database' | 'secondary-storage'
  /** With secondary storage: the database has every key too, counts their uses, and is asked for what the storage lacks. */
  fallbackToDatabase?: boolean
  /** A secondary storage for keys alone. Counts are exact over several processes if it has `incrementBelow`. */
  customStorage?: SecondaryStorage
  /** Notes the last use of keys without any limit after the answer. What limits is always counted before. Default false. */
  deferUpdates?: boolean
}

/** Names in the database. */
export interface ApiKeySchemaOptions {
  schema?: SchemaNames<typeof API_KEY_MODELS>
}

/** One kind of keys, and names in the database. */
export interface ApiKeyOptions extends ApiKeyConfiguration, ApiKeySchemaOptions {}

/** A configuration with every default filled in. */
export type KeyConfiguration = ReturnType<typeof resolveConfiguration>

/** Seconds. */
const DAY = 86_400

/** The longest key that a column takes, its prefix included. */
const LONGEST_KEY = 255

/**
 * @throws when configurations cannot be told apart, or a number makes no sense
 */
export function resolveConfigurations(
  given: ApiKeyConfiguration | readonly ApiKeyConfiguration[] = {},
): readonly KeyConfiguration[] {
  if (!isList(given)) return [resolveConfiguration(given)]
  if (given.length === 0) throw new Error('apiKey: there is no configuration in the list')
  if (given.some(({ configId }) => !configId))
    throw new Error('apiKey: each of several configurations needs a configId')
  const ids = new Set(given.map(({ configId }) => configId))
  if (ids.size < given.length) throw new Error('apiKey: two configurations have the same configId')
  return given.map(resolveConfiguration)
}

// `Array.isArray` does not tell lists that are read-only.
function isList(given: ApiKeyConfiguration | readonly ApiKeyConfiguration[]): given is readonly ApiKeyConfiguration[] {
  return Array.isArray(given)
}

function resolveConfiguration(given: ApiKeyConfiguration) {
  const {
    keyExpiration = {},
    keyRotation = {},
    rateLimit = {},
    startingCharactersConfig: start = {},
    apiKeyHeaders,
  } = given
  const configuration = {
    ...given,
    configId: given.configId ?? 'default',
    references: given.references ?? 'user',
    headers: typeof apiKeyHeaders === 'object' ? [...apiKeyHeaders] : [apiKeyHeaders ?? 'x-api-key'],
    keyLength: given.defaultKeyLength || 64,
    prefixLength: { min: given.minimumPrefixLength ?? 1, max: given.maximumPrefixLength ?? 32 },
    nameLength: { min: given.minimumNameLength ?? 1, max: given.maximumNameLength ?? 32 },
    storage: given.storage ?? 'database',
    startLength: (start.shouldStore ?? true) ? (start.charactersLength ?? 6) : undefined,
    expiration: {
      defaultSeconds: keyExpiration.defaultExpiresIn ?? null,
      isFixed: keyExpiration.disableCustomExpiresTime ?? false,
      minDays: keyExpiration.minExpiresIn ?? 1,
      maxDays: keyExpiration.maxExpiresIn ?? 365,
    },
    overlap: { default: keyRotation.defaultOverlap ?? DAY, max: keyRotation.maxOverlap ?? 7 * DAY },
    limit: {
      isEnabled: rateLimit.enabled ?? true,
      timeWindow: rateLimit.timeWindow ?? 86_400_000,
      max: rateLimit.maxRequests ?? 10,
    },
  }
  assertSensible(configuration)
  return configuration
}

function assertSensible({ keyLength, prefixLength, nameLength, limit, expiration, overlap }: KeyConfiguration): void {
  const numbers = {
    defaultKeyLength: keyLength,
    maximumPrefixLength: prefixLength.max,
    maximumNameLength: nameLength.max,
    'rateLimit.timeWindow': limit.timeWindow,
    'rateLimit.maxRequests': limit.max,
    'keyExpiration.maxExpiresIn': expiration.maxDays,
  }
  for (const [name, value] of Object.entries(numbers)) {
    if (!Number.isFinite(value) || value <= 0) throw new Error(`apiKey: ${name} must be a positive number`)
  }
  if (!(overlap.default >= 0 && overlap.default <= overlap.max && Number.isFinite(overlap.max))) {
    throw new Error('apiKey: keyRotation.defaultOverlap must be between 0 and maxOverlap')
  }
  // Fewer letters could be guessed: 22 of them carry 125 bits.
  if (keyLength < 22) throw new Error('apiKey: defaultKeyLength must be at least 22')
  if (keyLength + prefixLength.max > LONGEST_KEY) {
    throw new Error(`apiKey: a key with its prefix must not be longer than ${LONGEST_KEY} characters`)
  }
}
