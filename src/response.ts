import type { AuthContext, RequestContext } from './context.ts'
import { serializeCookie, signValue, verifySignedValue } from './cookies.ts'

/** The value of a signed cookie of this instance; `undefined` when absent, foreign or tampered with. */
export function readSignedCookie(auth: RequestContext, key: string): string | undefined {
  const { cookies, options } = auth.kernel
  return verifySignedValue(auth.cookies.get(cookies(key).name), options.secret)
}

/** Sets a signed cookie; without `maxAge` (seconds) it ends with the browser's session. */
export function setSignedCookie(auth: AuthContext, key: string, cookie: { value: string; maxAge?: number }): void {
  const { name, attributes } = auth.kernel.cookies(key)
  const value = signValue(cookie.value, auth.kernel.options.secret)
  setHeader(auth, 'set-cookie', serializeCookie(name, value, { ...attributes, maxAge: cookie.maxAge }))
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
  auth.outgoing.push([name, value])
}
