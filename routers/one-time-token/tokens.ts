import type { AuthContext, SessionData } from '../../src/context.ts'
import { randomString } from '../../src/crypto/random.ts'
import { AuthError, askApplication } from '../../src/errors.ts'
import { hookContextOf } from '../../src/hook-context.ts'
import { findSession } from '../../src/sessions.ts'
import { createVerification, type Secret, takeVerification } from '../../src/verifications.ts'
import { oneTimeTokenErrors } from './errors.ts'
import { DEFAULT_MINUTES, type OneTimeTokenOptions, TOKEN_LENGTH } from './options.ts'

const PURPOSE = 'one-time-token'

/** Makes a token that stands for a session, once. */
export async function createToken(auth: AuthContext, data: SessionData, options: OneTimeTokenOptions): Promise<string> {
  const { generateToken, expiresIn = DEFAULT_MINUTES } = options
  const token = generateToken
    ? await askApplication(() => generateToken(data, hookContextOf(auth)))
    : randomString(TOKEN_LENGTH)
  // Sealed: whoever reads the table must not find a session's token beside the hash.
  const value = auth.kernel.keys.seal(PURPOSE, data.session.token)
  await createVerification(auth, await secretOf(token, options), { value, expiresIn: expiresIn * 60 })
  return token
}

/**
 * The session that a token stands for. From now on it stands for none: of any number of calls at once one gets it.
 * @throws INVALID_TOKEN, ONE_TIME_TOKEN_EXPIRED, SESSION_NOT_FOUND, SESSION_OVER
 */
export async function redeemToken(
  auth: AuthContext,
  token: string,
  options: OneTimeTokenOptions,
): Promise<SessionData> {
  const taken = await takeVerification(auth, await secretOf(token, options))
  if (taken === 'expired') throw new AuthError(oneTimeTokenErrors.ONE_TIME_TOKEN_EXPIRED)
  const sessionToken = taken && auth.kernel.keys.open(PURPOSE, taken.value)
  if (!sessionToken) throw new AuthError(oneTimeTokenErrors.INVALID_TOKEN)
  const found = await findSession(auth, sessionToken)
  if (!found) throw new AuthError(oneTimeTokenErrors.SESSION_NOT_FOUND)
  if (found.session.expiresAt <= auth.kernel.now()) throw new AuthError(oneTimeTokenErrors.SESSION_OVER)
  // As when it is read: whoever may not use it any more must not come to it this way.
  await auth.kernel.hooks.ask('sessionRead', found, auth)
  return found
}

async function secretOf(token: string, { storeToken }: OneTimeTokenOptions): Promise<Secret> {
  if (typeof storeToken !== 'object') return { purpose: PURPOSE, secret: token, store: storeToken }
  return { purpose: PURPOSE, secret: await askApplication(() => storeToken.hash(token)), store: 'plain' }
}
