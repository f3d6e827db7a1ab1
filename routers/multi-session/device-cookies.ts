import type { AuthContext, RequestContext } from '../../src/context.ts'
import { serializeCookie, verifySignedValue } from '../../src/cookies.ts'
import { setHeader } from '../../src/response.ts'

// Beside the cookie of its current session, a device has one for each of its sessions. It is named after the session's
// token and has it as its signed value: a cookie that was not signed here, or has another name, is not looked at.

/** The name of the cookie that keeps the session of `token` on a device; official servers name it so too. */
function cookieNameOf(auth: RequestContext, token: string): string {
  return `${auth.kernel.cookies('session_token', auth.origin).name}_multi-${token.toLowerCase()}`
}

/** Tokens of the sessions that the request's device keeps, be they alive or not. */
export function deviceTokens(auth: RequestContext): string[] {
  const start = cookieNameOf(auth, '')
  return [...auth.cookies].flatMap(([name, value]) => {
    if (!name.startsWith(start)) return []
    const token = verifySignedValue(value, ...auth.kernel.keys.secrets)
    return token !== undefined && name === cookieNameOf(auth, token) ? [token] : []
  })
}

/** Keeps a session on the device, for as long as the session's own cookie, which this call has set. */
export function keepOnDevice(auth: AuthContext, token: string): void {
  const own = `${auth.kernel.cookies('session_token', auth.origin).name}=`
  const line = auth.outgoing.findLast(([name, value]) => name === 'set-cookie' && value.startsWith(own))?.[1]
  if (line) setHeader(auth, 'set-cookie', `${cookieNameOf(auth, token)}=${line.slice(own.length)}`)
}

/** Makes the device forget a session that it keeps. */
export function forgetOnDevice(auth: AuthContext, token: string): void {
  const { attributes } = auth.kernel.cookies('session_token', auth.origin)
  const line = serializeCookie(cookieNameOf(auth, token), '', { ...attributes, maxAge: 0 })
  if (!auth.outgoing.some(([, value]) => value === line)) setHeader(auth, 'set-cookie', line)
}
