import type { ApiKeyRow } from '../../entities/api-key.ts'
import type { AuthContext } from '../../src/context.ts'
import { AuthError, askApplication } from '../../src/errors.ts'
import { asMember } from './as-member.ts'
import { type Caller, callerOf, principalOf, refuseServerOnly } from './caller.ts'
import { MODEL } from './charge.ts'
import { checkMetadata, checkName, checkPrefix, checkRefill, defaultEnd, wishedEnd } from './checks.ts'
import { chooseConfiguration } from './configurations.ts'
import { apiKeyErrors } from './errors.ts'
import type { KeyConfiguration } from './options.ts'
import { requireOrganizationPermission } from './owner.ts'
import type { Parts } from './parts.ts'
import { type CreateInput, type NewApiKey, publicKey } from './schemas.ts'
import { generateKey, storedForm } from './secret.ts'

/** Makes a key for the caller, for an organization of theirs, or for whomever the application's own code names. */
export async function createKey(auth: AuthContext, parts: Parts, input: CreateInput): Promise<NewApiKey> {
  const { kernel } = auth
  const caller = await callerOf(auth)
  const configuration = chooseConfiguration(parts.configurations, input.configId)
  refuseServerOnly(caller, input)
  const { referenceId, creatorId } = await ownershipOf(auth, { caller, configuration, input })
  checkWishes(configuration, input)
  const expiresAt = input.expiresIn
    ? wishedEnd(kernel, configuration, input.expiresIn)
    : defaultEnd(kernel, configuration)
  parts.sweep(kernel)
  const prefix = input.prefix || configuration.defaultPrefix
  const key = await askApplication(() => generateKey(configuration, prefix))
  const permissions = input.permissions ?? (await defaultPermissions(auth, configuration, referenceId))
  const made: ApiKeyRow = {
    ...limitsOf(configuration, input),
    ...stateAtFirst(kernel.now()),
    // The database gives one where this is undefined.
    id: kernel.newId(MODEL) as string,
    configId: configuration.configId,
    referenceId,
    creatorId,
    successorId: null,
    name: input.name ?? null,
    prefix: prefix ?? null,
    start: configuration.startLength === undefined ? null : key.slice(0, configuration.startLength),
    key: storedForm(configuration, key),
    expiresAt,
    permissions: permissions ? JSON.stringify(permissions) : null,
    metadata: input.metadata || null,
  }
  const place = { configuration, referenceId, userId: creatorId ?? referenceId, action: 'create' as const }
  const row = await asMember(auth, place, () => parts.openStore(kernel, configuration).create(made))
  const { references } = configuration
  await kernel.events.emit('apiKey.created', { apiKeyId: row.id, referenceId, references })
  return { ...publicKey(row), key }
}

/** Whose the key is, and which member of an organization made it. */
async function ownershipOf(
  auth: AuthContext,
  { caller, configuration, input }: { caller: Caller; configuration: KeyConfiguration; input: CreateInput },
): Promise<Pick<ApiKeyRow, 'referenceId' | 'creatorId'>> {
  // A client is who its session says, and names nobody.
  if (auth.method !== undefined && input.userId !== undefined) throw new AuthError(apiKeyErrors.UNAUTHORIZED_SESSION)
  if (configuration.references === 'user') return { referenceId: principalOf(caller, input.userId), creatorId: null }
  const { organizationId } = input
  if (!organizationId) throw new AuthError(apiKeyErrors.ORGANIZATION_ID_REQUIRED)
  const creatorId = principalOf(caller, input.userId)
  await requireOrganizationPermission(auth, { organizationId, userId: creatorId }, 'create')
  return { referenceId: organizationId, creatorId }
}

function checkWishes(configuration: KeyConfiguration, input: CreateInput): void {
  if (input.metadata) {
    if (!configuration.enableMetadata) throw new AuthError(apiKeyErrors.METADATA_DISABLED)
    checkMetadata(input.metadata)
  }
  checkRefill(input)
  if (input.prefix) checkPrefix(configuration, input.prefix)
  if (input.name) checkName(configuration, input.name)
  else if (configuration.requireName) throw new AuthError(apiKeyErrors.NAME_REQUIRED)
}

function limitsOf({ limit }: KeyConfiguration, input: CreateInput): Partial<ApiKeyRow> {
  const { remaining = null, refillAmount = null, refillInterval = null } = input
  return {
    remaining,
    refillAmount,
    refillInterval,
    rateLimitMax: input.rateLimitMax ?? limit.max,
    rateLimitTimeWindow: input.rateLimitTimeWindow ?? limit.timeWindow,
    rateLimitEnabled: input.rateLimitEnabled ?? limit.isEnabled,
  }
}

function stateAtFirst(now: Date) {
  return { enabled: true, requestCount: 0, lastRefillAt: null, lastRequest: null, createdAt: now, updatedAt: now }
}

async function defaultPermissions(auth: AuthContext, { permissions }: KeyConfiguration, referenceId: string) {
  const given = permissions?.defaultPermissions
  return typeof given === 'function' ? askApplication(() => given(referenceId, auth)) : given
}
