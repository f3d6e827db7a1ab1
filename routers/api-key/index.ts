import { API_KEY_MODELS } from '../../entities/api-key.ts'
import { definePlugin, type Plugin } from '../../src/plugin.ts'
import { renameTables } from '../../src/plugin-schema.ts'
import { deleteKeysOf, deleteKeysOfMember } from './cleanup.ts'
import { keySessionErrors } from './errors.ts'
import { createSweep } from './expired.ts'
import { assertStorages, storeOpener } from './open-store.ts'
import {
  type ApiKeyConfiguration,
  type ApiKeyOptions,
  type ApiKeySchemaOptions,
  resolveConfigurations,
} from './options.ts'
import type { Parts } from './parts.ts'
import { type ApiKeyRouter, apiKeyProcedures } from './procedures.ts'
import { type ApiKeyServerRouter, apiKeyServerProcedures } from './server-procedures.ts'
import { refuseOwnersActs, refuseTokens, sessionOfKey } from './session.ts'

export type { ApiKeyEvents } from './events.ts'
export type { ApiKeyConfiguration, ApiKeyOptions, ApiKeySchemaOptions } from './options.ts'
export type { ApiKeyRouter } from './procedures.ts'
export type { ApiKey, NewApiKey, RotatedApiKey } from './schemas.ts'
export type { ApiKeyServerRouter } from './server-procedures.ts'

export interface ApiKeyPlugin extends Plugin<ApiKeyRouter, typeof API_KEY_MODELS, never, ApiKeyServerRouter> {}

/**
 * Keys that programs call with, of users or of organizations: hashed, with limits, permissions and an end.
 * @param given one kind of keys, or several, each with a `configId`
 * @param options names in the database, beside a list
 * @throws when configurations cannot be told apart, or a number makes no sense
 */
export function apiKey(
  given: ApiKeyOptions | readonly ApiKeyConfiguration[] = {},
  options?: ApiKeySchemaOptions,
): ApiKeyPlugin {
  const configurations = resolveConfigurations(given)
  const parts: Parts = { configurations, openStore: storeOpener(), sweep: createSweep() }
  const isSession = configurations.some(({ enableSessionForAPIKeys }) => enableSessionForAPIKeys)
  const isOfOrganizations = configurations.some(({ references }) => references === 'organization')
  // A list of configurations has no such key, which its type does not allow to be asked.
  const { schema } = options ?? (given as ApiKeySchemaOptions)
  return definePlugin<ApiKeyRouter, typeof API_KEY_MODELS, never, ApiKeyServerRouter>({
    id: 'api-key',
    ...(isOfOrganizations && { requires: ['organization'] }),
    schema: renameTables(API_KEY_MODELS, schema),
    assertFits: options => assertStorages(configurations, options),
    procedures: builder => apiKeyProcedures(builder, parts),
    serverProcedures: builder => apiKeyServerProcedures(builder, parts),
    hooks: {
      ...(isSession && {
        sessionMissing: auth => sessionOfKey(auth, parts),
        sessionUsing: refuseOwnersActs,
        sessionsListing: (_sessions, auth) => refuseTokens(auth),
      }),
      userDeleting: ({ id }, auth) => deleteKeysOf(auth, parts, { references: 'user', id }),
      // Whoever made the user may have made one.
      unprovenClearing: ({ id }, auth) => deleteKeysOf(auth, parts, { references: 'user', id }),
      ...(isOfOrganizations && { membershipEnding: (member, auth) => deleteKeysOfMember(auth, parts, member) }),
      organizationDeleting: ({ organizationId: id }, auth) =>
        deleteKeysOf(auth, parts, { references: 'organization', id }),
    },
    ...(isSession && { hookErrors: keySessionErrors }),
  })
}
