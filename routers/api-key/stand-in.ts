import type { ApiKeyRow } from '../../entities/api-key.ts'
import type { User } from '../../entities/user.ts'
import type { AuthContext, SessionData } from '../../src/context.ts'
import { AuthError, askApplication } from '../../src/errors.ts'
import { hookContextOf } from '../../src/hook-context.ts'
import { apiKeyErrors } from './errors.ts'
import type { KeyConfiguration } from './options.ts'

/** What stands for a session where a request has a user's key instead. No row, and no more than the key. */
export function standIn(
  auth: AuthContext,
  { key, user, secret }: { key: ApiKeyRow; user: User; secret: string },
): SessionData {
  const { kernel, headers, clientAddress } = auth
  const { expiresIn } = kernel.options.session
  const session = {
    id: key.id,
    token: secret,
    userId: user.id,
    userAgent: headers.get('user-agent'),
    ipAddress: clientAddress ?? null,
    // As old as the key: nobody has just signed in.
    createdAt: key.createdAt,
    updatedAt: key.updatedAt,
    expiresAt: key.expiresAt ?? new Date(kernel.now().getTime() + expiresIn * 1000),
  }
  return { session, user }
}

/** The first key on the request of a kind that stands for sessions. */
export async function findKey(
  auth: AuthContext,
  configurations: readonly KeyConfiguration[],
): Promise<{ secret: string; configuration: KeyConfiguration } | undefined> {
  for (const configuration of configurations) {
    if (!configuration.enableSessionForAPIKeys) continue
    const secret = await keyOn(auth, configuration)
    if (!secret) continue
    if (typeof secret !== 'string') throw new AuthError(apiKeyErrors.INVALID_API_KEY_GETTER_RETURN_TYPE)
    return { secret, configuration }
  }
  return undefined
}

async function keyOn(auth: AuthContext, { customAPIKeyGetter, headers }: KeyConfiguration): Promise<unknown> {
  if (customAPIKeyGetter) return askApplication(() => customAPIKeyGetter(hookContextOf(auth)))
  for (const header of headers) {
    const value = auth.headers.get(header)
    if (value) return value
  }
  return undefined
}
