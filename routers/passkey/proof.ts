import type { Session, User } from '../../entities/index.ts'
import type { AuthContext, Draft } from '../../src/context.ts'

/** A session, as this plugin knows one that was read from where it is stored. */
type PasskeySession = Session & { passkeyVerifiedAt?: Date | null }
type PasskeyUser = User & { passkeyRemovedAt?: Date | null }

/** What a session keeps that begins with a passkey which has verified its owner: that is two factors at once. */
export function proofOf({ kernel }: AuthContext): Draft {
  return { passkeyVerifiedAt: kernel.now() }
}

/** When a passkey has verified its owner for a session. It may be one that was deleted since: then it proves nothing. */
export function provedAt({ session, user }: { session: PasskeySession; user: PasskeyUser }): Date | null {
  const at = session.passkeyVerifiedAt
  if (!at) return null
  return user.passkeyRemovedAt && at <= user.passkeyRemovedAt ? null : at
}
