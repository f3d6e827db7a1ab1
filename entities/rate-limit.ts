import type { Fields } from './field.ts'
import type { Schema } from './schema.ts'

/** Counted calls of one address to one path. */
export const rateLimitFields = {
  key: { type: 'string', unique: true },
  count: { type: 'number' },
  /** When the last call was allowed, in milliseconds since 1970. */
  lastRequest: { type: 'number', bigint: true },
} as const satisfies Fields

/** The table there is when `rateLimit.storage` is `database`. */
export const RATE_LIMIT_MODEL = {
  rateLimit: { modelName: 'rateLimit', fields: rateLimitFields },
} as const satisfies Schema
