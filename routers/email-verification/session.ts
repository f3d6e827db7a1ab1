import type { Session, User } from '../../entities/index.ts'
import type { AuthContext } from '../../src/context.ts'
import { createSession } from '../../src/sessions.ts'

/** The session of whoever followed a mailed link; none where a plugin asks for a second step, which a link cannot be. */
export async function startSessionByLink(auth: AuthContext, user: User): Promise<Session | undefined> {
  const challenge = await auth.kernel.hooks.ask('credentialVerified', { user, rememberMe: true }, auth)
  return challenge ? undefined : createSession(auth, user)
}
