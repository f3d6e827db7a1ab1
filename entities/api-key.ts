import type { Fields, RowOf } from './field.ts'

/** A secret that programs call with in the name of a user or an organization. */
export const apiKeyFields = {
  /** Which of the plugin's configurations it belongs to. */
  configId: { type: 'string', defaultValue: 'default', index: true },
  name: { type: 'string', required: false },
  /** The first characters of the key, by which people tell one from another. */
  start: { type: 'string', required: false },
  /** The user or the organization it belongs to, as its configuration says. */
  referenceId: { type: 'string', index: true },
  prefix: { type: 'string', required: false },
  /** SHA-256 of the key in base64url, or the key where the options say so. */
  key: { type: 'string', index: true, returned: false },
  /** Milliseconds between refills of `remaining`. */
  refillInterval: { type: 'number', bigint: true, required: false },
  refillAmount: { type: 'number', required: false },
  lastRefillAt: { type: 'date', required: false },
  enabled: { type: 'boolean', required: false, defaultValue: true },
  rateLimitEnabled: { type: 'boolean', required: false, defaultValue: true },
  /** Milliseconds. */
  rateLimitTimeWindow: { type: 'number', bigint: true, required: false, defaultValue: 86_400_000 },
  rateLimitMax: { type: 'number', required: false, defaultValue: 10 },
  /** Uses within the current window. */
  requestCount: { type: 'number', required: false, defaultValue: 0 },
  /** Uses that are left; null is any number. */
  remaining: { type: 'number', required: false },
  lastRequest: { type: 'date', required: false },
  expiresAt: { type: 'date', required: false },
  createdAt: { type: 'date' },
  updatedAt: { type: 'date' },
  /** Actions by resource, as JSON. */
  permissions: { type: 'string', required: false },
  /** What the application keeps with the key, as JSON. */
  metadata: { type: 'string', required: false, transform: { input: toJson, output: fromJson } },
  /** Of an organization's key: the member who made it. */
  creatorId: { type: 'string', required: false, index: true, returned: false },
  /** The key that takes the place of this one, which lives on for a while and is counted there. */
  successorId: { type: 'string', required: false, maxLength: 255 },
} as const satisfies Fields

export const API_KEY_MODELS = { apikey: { fields: apiKeyFields } } as const

export interface ApiKeyRow extends Omit<RowOf<typeof apiKeyFields>, 'metadata'> {
  id: string
  metadata?: unknown
}

function toJson(value: unknown): unknown {
  return value === null ? null : JSON.stringify(value)
}

/** Rows of older versions of Better Auth hold JSON in JSON. */
function fromJson(value: unknown): unknown {
  if (typeof value !== 'string' || value === '') return value === '' ? null : value
  try {
    return fromJson(JSON.parse(value))
  } catch {
    return null
  }
}
