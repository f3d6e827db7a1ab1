import type { ApiKeyRow } from '../../entities/api-key.ts'
import type { User } from '../../entities/user.ts'
import type { AuthContext, SessionData } from '../../src/context.ts'
import { AuthError, askApplication } from '../../src/errors.ts'
import { hookContextOf } from '../../src/hook-context.ts'
import { role } from '../access/index.ts'
import { isExpired } from './checks.ts'
import { configIdOf } from './configurations.ts'
import { apiKeyErrors, keyLacksPermission } from './errors.ts'
import type { KeyConfiguration } from './options.ts'
import { findOwner } from './owner.ts'
import type { Parts } from './parts.ts'
import { readPermissions } from './permissions.ts'
import { storedForm } from './secret.ts'
import { standIn } from './stand-in.ts'
import type { KeyStore } from './store.ts'
import { isSpent, planUse } from './use.ts'

/** Longer than any key; what is longer is not worth hashing. */
const LONGEST = 1024

export interface Validated {
  key: ApiKeyRow
  /** Of a user's key: the user, and a session that stands for the key. */
  session?: SessionData
}

interface Presented {
  /** As its owner has it. */
  secret: string
  configuration: KeyConfiguration
  /** What the key must allow. */
  permissions?: Record<string, string[]>
}

/**
 * Checks a key and counts it as used once.
 * @throws INVALID_API_KEY, KEY_DISABLED, KEY_EXPIRED, KEY_NOT_FOUND (401) when it lacks permissions, USAGE_EXCEEDED,
 * RATE_LIMITED, INVALID_REFERENCE_ID_FROM_API_KEY, and what plugins refuse its owner with
 */
export async function validateKey(
  auth: AuthContext,
  { openStore, sweep }: Parts,
  { secret, configuration, permissions }: Presented,
): Promise<Validated> {
  const { kernel } = auth
  if (secret.length > LONGEST) throw new AuthError(apiKeyErrors.INVALID_API_KEY)
  sweep(kernel)
  const store = openStore(kernel, configuration)
  const found = await store.findByStoredForm(storedForm(configuration, secret))
  const key = requireUsable(await settled(auth, store, found), configuration, kernel.now())
  if (permissions) requirePermissions(key, permissions)
  const { user } = await findOwner(auth, key, configuration)
  const session = user && (await admitted(auth, { key, user, secret }))
  const used = await spend(auth, { key, configuration, store })
  // What is looked up may be a copy of before; what was counted is how things are.
  const isOfUser = configuration.references === 'user'
  return { key: requireUsable(used, configuration, kernel.now()), ...(isOfUser && { session }) }
}

/** The same as `customAPIKeyValidator`, if there is one, sees it. */
export async function passesOwnCheck(auth: AuthContext, { secret, configuration }: Presented): Promise<boolean> {
  const { customAPIKeyValidator: check } = configuration
  return !check || (await askApplication(() => check({ ctx: hookContextOf(auth), key: secret }))) === true
}

/** The key that was found, as it is. One that has expired or is used up for good is deleted once it is tried. */
async function settled({ kernel }: AuthContext, store: KeyStore, found: ApiKeyRow | null): Promise<ApiKeyRow | null> {
  const isOver = (key: ApiKeyRow) => isExpired(key, kernel.now()) || isSpent(key)
  if (!found || (found.enabled !== false && !isOver(found))) return found
  const key = await store.reread(found)
  if (key && isOver(key)) await store.delete(key)
  return key
}

function requireUsable(key: ApiKeyRow | null, { configId }: KeyConfiguration, now: Date): ApiKeyRow {
  // Keys of another kind are none: what they may be used for differs.
  if (!key || configIdOf(key.configId) !== configId) throw new AuthError(apiKeyErrors.INVALID_API_KEY)
  if (key.enabled === false) throw new AuthError(apiKeyErrors.KEY_DISABLED)
  if (isExpired(key, now)) throw new AuthError(apiKeyErrors.KEY_EXPIRED)
  return key
}

function requirePermissions(key: ApiKeyRow, permissions: Record<string, string[]>): void {
  const granted = readPermissions(key)
  if (!granted || !role(granted).authorize(permissions).success) throw new AuthError(keyLacksPermission)
}

/** Plugins see who answers for the key as they see whoever has a session, and may refuse. */
async function admitted(
  auth: AuthContext,
  { key, user, secret }: { key: ApiKeyRow; user: User; secret: string },
): Promise<SessionData> {
  const session = standIn(auth, { key, user, secret })
  await auth.kernel.hooks.ask('sessionRead', session, auth)
  return session
}

async function spend(
  { kernel }: AuthContext,
  { key, configuration, store }: { key: ApiKeyRow; configuration: KeyConfiguration; store: KeyStore },
): Promise<ApiKeyRow | null> {
  // Its limits are those of its successor.
  if (key.successorId) return store.use(key, configuration)
  const plan = planUse(key, configuration, kernel.now())
  const isLimited = plan.window !== 'none' || plan.charge !== 'none'
  if (isLimited || !configuration.deferUpdates) return store.use(key, configuration)
  kernel.background(() => store.use(key, configuration))
  return { ...key, ...(plan.lastRequest && { lastRequest: plan.lastRequest }) }
}
