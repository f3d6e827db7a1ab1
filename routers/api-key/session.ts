import type { AuthContext, SessionData, SessionUse } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import { isMadeSession } from '../../src/sessions.ts'
import { apiKeyErrors, notAKey } from './errors.ts'
import type { Parts } from './parts.ts'
import { findKey } from './stand-in.ts'
import { passesOwnCheck, validateKey } from './validate.ts'

/**
 * The session of a request that has a key and no session: that of the key's user.
 * @throws what is wrong with the key
 */
export async function sessionOfKey(auth: AuthContext, parts: Parts): Promise<SessionData | undefined> {
  const presented = await findKey(auth, parts.configurations)
  if (!presented) return undefined
  const { secret, configuration } = presented
  const isTooShort = secret.length < configuration.keyLength
  if (isTooShort || !(await passesOwnCheck(auth, presented))) throw new AuthError(notAKey)
  // Before it is counted: an organization is nobody.
  if (configuration.references !== 'user') throw new AuthError(apiKeyErrors.INVALID_REFERENCE_ID_FROM_API_KEY)
  return (await validateKey(auth, parts, presented)).session
}

/**
 * Whoever finds a key must not be able to keep the account: neither change how its owner signs in, nor get a session.
 * @throws SIGN_IN_REQUIRED
 */
export function refuseOwnersActs({ session, user, ownerOnly }: SessionUse, auth: AuthContext): void {
  if (ownerOnly && isMadeSession(auth, { session, user })) throw new AuthError(apiKeyErrors.SIGN_IN_REQUIRED)
}

/**
 * A list of sessions has their tokens, with which somebody else could go on as the user when the key is long deleted.
 * @throws SIGN_IN_REQUIRED
 */
export function refuseTokens({ session: { made } }: AuthContext): undefined {
  if (made) throw new AuthError(apiKeyErrors.SIGN_IN_REQUIRED)
}
