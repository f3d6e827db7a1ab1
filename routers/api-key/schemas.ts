import { z } from 'zod'
import { type ApiKeyRow, apiKeyFields } from '../../entities/api-key.ts'
import { outputSchema } from '../../entities/index.ts'
import { type KeyPermissions, readPermissions } from './permissions.ts'

/** A key as whoever manages it sees it: without the key. */
export interface ApiKey extends Omit<ApiKeyRow, 'key' | 'creatorId' | 'successorId' | 'permissions' | 'metadata'> {
  /** The key that has taken the place of this one. */
  successorId?: string
  permissions: KeyPermissions | null
  metadata: unknown
}

const { permissions: _permissions, metadata: _metadata, successorId: _successorId, ...plainFields } = apiKeyFields
// `outputSchema` makes an object, which its type keeps to itself.
const plain = outputSchema('ApiKey', plainFields) as unknown as z.ZodObject

const opened = {
  permissions: z.record(z.string(), z.array(z.string())).nullable(),
  metadata: z.unknown().nullable(),
  successorId: z.string().optional(),
}

export const apiKeyOutput = plain.extend(opened).meta({ id: 'ApiKey' }) as unknown as z.ZodType<ApiKey, ApiKey>

/** What creating a key answers: the one time that the key is shown. */
export const newApiKeyOutput = plain
  .extend({ ...opened, key: z.string() })
  .meta({ id: 'NewApiKey' }) as unknown as z.ZodType<NewApiKey, NewApiKey>

export interface NewApiKey extends ApiKey {
  key: string
}

/** What rotating a key answers: its successor, shown the one time, and until when it lives on itself. */
export const rotatedKeyOutput = plain
  .extend({ ...opened, key: z.string(), replaced: z.object({ id: z.string(), expiresAt: z.date() }) })
  .meta({ id: 'RotatedApiKey' }) as unknown as z.ZodType<RotatedApiKey, RotatedApiKey>

export interface RotatedApiKey extends NewApiKey {
  /** The key in whose place this one is, and when that one ends at the latest: already, where there was no overlap. */
  replaced: { id: string; expiresAt: Date }
}

export function publicKey(row: ApiKeyRow): ApiKey {
  const { key: _key, creatorId: _creatorId, successorId, ...shown } = row
  const metadata = row.metadata ?? null
  return { ...shown, metadata, permissions: readPermissions(row), ...(successorId && { successorId }) }
}

const id = z.string().max(255)
const configId = id.optional()
const permissions = z.record(z.string().max(255), z.array(z.string().max(255)).max(1000))
const count = z.int32().min(0)
const milliseconds = z.int().min(0)

/** What only the application's own code may set. */
const serverOnly = {
  refillAmount: z.int32().min(1).optional(),
  refillInterval: milliseconds.optional(),
  rateLimitTimeWindow: milliseconds.optional(),
  rateLimitMax: count.optional(),
  rateLimitEnabled: z.boolean().optional(),
}

/** Seconds from now. */
const expiresIn = z.number().min(1).max(1e10).nullable().optional()

export const createInput = z.object({
  configId,
  name: z.string().optional(),
  expiresIn,
  prefix: z
    .string()
    .regex(/^[a-zA-Z0-9_-]+$/, {
      message: 'Invalid prefix format, must be alphanumeric and contain only underscores and hyphens.',
    })
    .optional(),
  metadata: z.unknown().optional(),
  ...serverOnly,
  remaining: count.nullable().optional(),
  permissions: permissions.optional(),
  userId: z.coerce.string().max(255).optional(),
  organizationId: z.coerce.string().max(255).optional(),
})

export const updateInput = z.object({
  configId,
  keyId: id,
  userId: z.coerce.string().max(255).optional(),
  name: z.string().optional(),
  enabled: z.boolean().optional(),
  metadata: z.unknown().optional(),
  expiresIn,
  ...serverOnly,
  remaining: z.int32().min(1).optional(),
  permissions: permissions.nullable().optional(),
})

export const rotateInput = z.object({
  configId,
  keyId: id,
  userId: z.coerce.string().max(255).optional(),
  /** Seconds. */
  overlap: z.int().min(0).optional(),
})

export const getInput = z.object({ configId, id })
export const deleteInput = z.object({ configId, keyId: id })

/** Fields that a list is sorted by: those that are shown. */
const sortable = Object.keys(plainFields).filter(name => name !== 'key' && name !== 'creatorId')

export const listInput = z
  .object({
    configId,
    organizationId: id.optional(),
    limit: z.int().nonnegative().optional(),
    offset: z.int().nonnegative().optional(),
    /** What the keys begin with, as far as that is known. Not all of a key: it would be in the logs of servers. */
    start: z.string().min(1).max(32).optional(),
    prefix: z.string().max(255).optional(),
    sortBy: z.enum(['id', ...sortable] as [string, ...string[]]).optional(),
    sortDirection: z.enum(['asc', 'desc']).optional(),
  })
  .optional()

export const verifyInput = z.object({ configId, key: z.string(), permissions: permissions.optional() })

export const verifyOutput = z.object({
  valid: z.boolean(),
  error: z
    .object({
      message: z.string(),
      code: z.string(),
      /** Milliseconds. */
      details: z.object({ tryAgainIn: z.number() }).optional(),
    })
    .nullable(),
  key: apiKeyOutput.nullable(),
})

export type CreateInput = z.output<typeof createInput>
export type UpdateInput = z.output<typeof updateInput>
export type RotateInput = z.output<typeof rotateInput>
export type ListInput = z.output<typeof listInput>
