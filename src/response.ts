import type { AuthContext, RequestContext } from './context.ts'
import { serializeCookie, verifySignedValue } from './cookies.ts'

/** The value of a signed cookie of this instance; `undefined` when absent, foreign or tampered with. */
export function readSignedCookie(auth: RequestContext, key: string): string | undefined {
  const { cookies, keys } = auth.kernel
  return verifySignedValue(auth.cookies.get(cookies(key).name), ...keys.secrets)
}

/**
 * Sets a signed cookie. `maxAge` is in seconds; given as `undefined` it makes the cookie end with the browser's
 * session, left out it is what the application configured for this cookie.
 */
export function setSignedCookie(auth: AuthContext, key: string, cookie: { value: string; maxAge?: number }): void {
  const { name, attributes } = auth.kernel.cookies(key)
  const value = `${cookie.value}.${auth.kernel.keys.sign(cookie.value)}`
  setHeader(
    auth,
    'set-cookie',
    serializeCookie(name, value, 'maxAge' in cookie ? { ...attributes, maxAge: cookie.maxAge } : attributes),
  )
}

/** Makes the browser forget a cookie of this instance. */
export function expireCookie(auth: AuthContext, key: string): void {
  const { name, attributes } = auth.kernel.cookies(key)
  setHeader(auth, 'set-cookie', serializeCookie(name, '', { ...attributes, maxAge: 0 }))
}

/**
 * Adds a response header. It leaves when the procedure has ended.
 * @throws when the response is streamed: its headers are out, and the cookie would be lost silently
 */
export function setHeader(auth: AuthContext, name: string, value: string): void {
  if (auth.isStreamed) {
    throw new Error('a cookie cannot be set on a streamed response; call this procedure through httpBatchLink')
  }
  // A later value of a cookie replaces an earlier one of the same call.
  const cookie = name === 'set-cookie' ? value.slice(0, value.indexOf('=') + 1) : undefined
  const earlier = cookie ? auth.outgoing.findIndex(([, other]) => other.startsWith(cookie)) : -1
  if (earlier >= 0) auth.outgoing.splice(earlier, 1)
  auth.outgoing.push([name, value])
}
