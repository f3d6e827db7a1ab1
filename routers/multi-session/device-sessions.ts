import type { AuthContext, SessionData } from '../../src/context.ts'
import { deleteSession, findSession, sessionTokenOf } from '../../src/sessions.ts'
import { deviceTokens, forgetOnDevice, keepOnDevice } from './device-cookies.ts'

/** The sessions that the device keeps and that are alive, in the order of their cookies. */
export async function findDeviceSessions(auth: AuthContext): Promise<SessionData[]> {
  const found = await Promise.all(deviceTokens(auth).map(token => findSession(auth, token)))
  return found.filter(data => data !== null).filter(data => data.session.expiresAt > auth.kernel.now())
}

/**
 * Keeps a session that is being sent, in the place of an earlier one of the same user. What is there no more is forgotten
 * and does not count.
 */
export async function keepSession(
  auth: AuthContext,
  { session, user }: SessionData,
  maximumSessions: number,
): Promise<void> {
  const tokens = deviceTokens(auth)
  // Its cookie is to live as long as the session, which may just have been extended.
  if (tokens.includes(session.token)) return keepOnDevice(auth, session.token)
  const kept = await findDeviceSessions(auth)
  const others = kept.filter(other => other.user.id !== user.id)
  for (const earlier of kept.filter(other => other.user.id === user.id)) {
    await auth.kernel.sessions.delete(earlier.session.token)
  }
  for (const token of tokens) {
    if (!others.some(other => other.session.token === token)) forgetOnDevice(auth, token)
  }
  if (others.length < maximumSessions) keepOnDevice(auth, session.token)
}

/** Ends all sessions that the device keeps. */
export async function endDeviceSessions(auth: AuthContext): Promise<void> {
  for (const token of deviceTokens(auth)) {
    await deleteSession(auth, token)
    forgetOnDevice(auth, token)
  }
}

/** Forgets the session that the request came with. */
export function forgetCurrent(auth: AuthContext): void {
  const token = sessionTokenOf(auth)
  if (token !== undefined && deviceTokens(auth).includes(token)) forgetOnDevice(auth, token)
}
