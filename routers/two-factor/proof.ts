import type { Session } from '../../entities/index.ts'
import type { AuthContext, Draft, SessionData } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import { forgetSession, isMadeSession } from '../../src/sessions.ts'
import { twoFactorErrors } from './errors.ts'
import type { TwoFactorUser } from './store.ts'

/** A session, as this plugin knows one that was read from where it is stored. */
type TwoFactorSession = Session & { twoFactorVerifiedAt?: Date | null }

/** What a session keeps that the second factor is proved for at this moment. */
export function proofOf({ kernel }: AuthContext): Draft {
  return { twoFactorVerifiedAt: kernel.now() }
}

/** What a session keeps whose user has no second factor any more. */
export const NO_PROOF: Draft = { twoFactorVerifiedAt: null }

/** When the second factor was last proved for a session. One that is off now proves nothing. */
export function provedAt({ session, user }: { session: TwoFactorSession; user: TwoFactorUser }): Date | null {
  return user.twoFactorEnabled ? (session.twoFactorVerifiedAt ?? null) : null
}

/**
 * The user has just proved the second factor for a session that is there already.
 * @throws INVALID_TWO_FACTOR_COOKIE when it has ended meanwhile
 */
export async function noteProof(auth: AuthContext, data: SessionData): Promise<void> {
  // An API key is no session, and nobody signs in with it.
  if (isMadeSession(auth, data)) return
  const session = await auth.kernel.sessions.update(data, proofOf(auth))
  if (!session) {
    forgetSession(auth)
    throw new AuthError(twoFactorErrors.INVALID_TWO_FACTOR_COOKIE)
  }
  auth.session.stored = Promise.resolve({ session, user: data.user })
}
