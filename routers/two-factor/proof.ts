import type { Session } from '../../entities/index.ts'
import type { AuthContext, Draft, SessionData } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import { forgetSession, isMadeSession } from '../../src/sessions.ts'
import { twoFactorErrors } from './errors.ts'
import type { TwoFactorUser } from './store.ts'

/** A session, as this plugin knows one that was read from where it is stored. */
type TwoFactorSession = Session & { twoFactorVerifiedAt?: Date | null }

/** What a session keeps that the second factor was proved for at this moment. */
export function proofOf(at: Date): Draft {
  return { twoFactorVerifiedAt: at }
}

/** What a session keeps that it was not proved for. */
export const NO_PROOF: Draft = { twoFactorVerifiedAt: null }

/**
 * When the second factor that the user has now was last proved for a session. One that is off proves nothing, and neither
 * does what was proved before it was turned on again or given another secret.
 */
export function provedAt({ session, user }: { session: TwoFactorSession; user: TwoFactorUser }): Date | null {
  const at = session.twoFactorVerifiedAt
  if (!at || !user.twoFactorEnabled) return null
  return user.twoFactorEnabledAt && at < user.twoFactorEnabledAt ? null : at
}

/**
 * The user has just proved the second factor for a session that is there already.
 * @throws INVALID_TWO_FACTOR_COOKIE when it has ended meanwhile
 */
export async function noteProof(auth: AuthContext, data: SessionData): Promise<void> {
  // An API key is no session, and nobody signs in with it.
  if (isMadeSession(auth, data)) return
  const session = await auth.kernel.sessions.update(data, proofOf(auth.kernel.now()))
  if (!session) {
    forgetSession(auth)
    throw new AuthError(twoFactorErrors.INVALID_TWO_FACTOR_COOKIE)
  }
  auth.session.stored = Promise.resolve({ session, user: data.user })
}
