import type { ApiKeyRow } from '../../entities/api-key.ts'
import type { AuthContext, SignedInContext } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import { callerOf, principalOf, refuseServerOnly } from './caller.ts'
import { checkMetadata, checkName, checkRefill, wishedEnd } from './checks.ts'
import { chooseConfiguration, configIdOf } from './configurations.ts'
import { apiKeyErrors } from './errors.ts'
import type { KeyConfiguration } from './options.ts'
import { type KeyAction, requireAccess } from './owner.ts'
import type { Parts } from './parts.ts'
import { type ApiKey, publicKey, type UpdateInput } from './schemas.ts'
import type { KeyStore } from './store.ts'

interface Accessible {
  key: ApiKeyRow
  configuration: KeyConfiguration
  store: KeyStore
}

/**
 * The key of this id, if it is of this kind and the user may do this with it.
 * @throws KEY_NOT_FOUND, and what `requireAccess` does
 */
export async function accessKey(
  auth: AuthContext,
  { configurations, openStore }: Parts,
  { id, configId, userId, action }: { id: string; configId?: string; userId: string; action: KeyAction },
): Promise<Accessible> {
  const configuration = chooseConfiguration(configurations, configId)
  const store = openStore(auth.kernel, configuration)
  const key = await store.findById(id)
  if (!key || configIdOf(key.configId) !== configuration.configId) throw new AuthError(apiKeyErrors.KEY_NOT_FOUND)
  await requireAccess(auth, { key, configuration, userId }, action)
  return { key, configuration, store }
}

export async function updateKey(auth: AuthContext, parts: Parts, input: UpdateInput): Promise<ApiKey> {
  const caller = await callerOf(auth)
  const userId = principalOf(caller, input.userId)
  refuseServerOnly(caller, input)
  const { configId, keyId: id } = input
  const { key, configuration, store } = await accessKey(auth, parts, { id, configId, userId, action: 'update' })
  const changes = changesOf(auth, configuration, input)
  if (Object.keys(changes).length === 0) throw new AuthError(apiKeyErrors.NO_VALUES_TO_UPDATE)
  parts.sweep(auth.kernel)
  const updated = await store.update(key, changes)
  if (!updated) throw new AuthError(apiKeyErrors.KEY_NOT_FOUND)
  return publicKey(updated)
}

function changesOf({ kernel }: AuthContext, configuration: KeyConfiguration, input: UpdateInput): Partial<ApiKeyRow> {
  const { name, enabled, expiresIn, metadata, remaining, permissions } = input
  const { refillAmount, refillInterval, rateLimitEnabled, rateLimitTimeWindow, rateLimitMax } = input
  if (name !== undefined) checkName(configuration, name)
  const changesMetadata = metadata !== undefined && configuration.enableMetadata === true
  const changes = {
    name,
    enabled,
    expiresAt: expiresIn === undefined ? undefined : wishedEnd(kernel, configuration, expiresIn),
    metadata: changesMetadata ? metadata : undefined,
    remaining,
    refillAmount,
    refillInterval,
    rateLimitEnabled,
    rateLimitTimeWindow,
    rateLimitMax,
    permissions: permissions === undefined ? undefined : permissions && JSON.stringify(permissions),
  }
  if (changesMetadata) checkMetadata(metadata)
  checkRefill(input)
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
}

export async function deleteKey(
  auth: SignedInContext,
  parts: Parts,
  { keyId: id, configId }: { keyId: string; configId?: string },
): Promise<void> {
  const { kernel, signedIn } = auth
  const wanted = { id, configId, userId: signedIn.user.id, action: 'delete' as const }
  const { key, configuration, store } = await accessKey(auth, parts, wanted)
  await store.delete(key)
  const { referenceId } = key
  const { references } = configuration
  await kernel.events.emit('apiKey.deleted', { apiKeyId: key.id, referenceId, references })
  parts.sweep(kernel)
}
