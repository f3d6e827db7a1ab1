import type { Session } from '../../entities/index.ts'
import type { AuthContext, Draft } from '../../src/context.ts'

/** A session, as this plugin knows one that was read from where it is stored. */
type PasskeySession = Session & { passkeyVerifiedAt?: Date | null }

/** What a session keeps that begins with a passkey which has verified its owner: that is two factors at once. */
export function proofOf({ kernel }: AuthContext): Draft {
  return { passkeyVerifiedAt: kernel.now() }
}

/** When a passkey has verified its owner for a session. */
export function provedAt({ session }: { session: PasskeySession }): Date | null {
  return session.passkeyVerifiedAt ?? null
}
