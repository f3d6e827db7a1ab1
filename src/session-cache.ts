import type { AuthContext, SessionData } from './context.ts'
import { expireLongCookie, hasLongCookie, readLongCookie, readSignedCookie, setLongCookie } from './response.ts'

const COOKIE = 'session_data'

/**
 * The session that the client's cookie cache holds, if it may be believed; one that may not is taken back.
 * @param request `token` is that of the session which the request is made with
 */
export async function readSessionCache(
  auth: AuthContext,
  { token, isShort }: { token: string | undefined; isShort: boolean },
): Promise<SessionData | null> {
  const { cookieCache } = auth.kernel
  if (!token || !cookieCache || !hasLongCookie(auth, COOKIE)) return null
  // Another session's cache is right where it is: the request names a session beside the browser's own.
  if ((readSignedCookie(auth, 'session_token') ?? token) !== token) return null
  const text = readLongCookie(auth, COOKIE)
  const found = text === undefined ? undefined : await cookieCache.read(text, { token, isShort })
  if (!found && !auth.isStreamed) expireLongCookie(auth, COOKIE)
  return found ?? null
}

/** Has the client cache a session. */
export function cacheSession(auth: AuthContext, data: SessionData, known: { readAt: Date; isShort: boolean }): void {
  const { cookieCache } = auth.kernel
  if (cookieCache && !auth.isStreamed) setLongCookie(auth, COOKIE, () => cookieCache.write(data, known))
}

/** Makes the client ask the store at its next request, if it caches a session. */
export function forgetSessionCache(auth: AuthContext): void {
  if (!auth.isStreamed && hasLongCookie(auth, COOKIE)) expireLongCookie(auth, COOKIE)
}
