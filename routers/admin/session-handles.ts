import type { Session } from '../../entities/index.ts'
import type { AuthContext } from '../../src/context.ts'

const PURPOSE = 'admin-session'

/**
 * A session as administrators see it. Its token would be worth more than impersonating the user, without a trace of who
 * uses it: in its place is the same sealed, which only this plugin opens.
 */
export function withoutToken({ kernel }: AuthContext, session: Session): Session {
  return { ...session, token: kernel.keys.seal(PURPOSE, session.token) }
}

/** The token of the session that is meant: by what `withoutToken` gave, or by the token itself. */
export function tokenBehind({ kernel }: AuthContext, given: string): string {
  return kernel.keys.open(PURPOSE, given) ?? given
}
