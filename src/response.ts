import { chunkNames, isChunkOf, type LongCookie, readChunked, serializeChunked } from './chunked-cookies.ts'
import type { AuthContext, RequestContext } from './context.ts'
import { type CookieDefinition, serializeCookie, verifySignedValue } from './cookies.ts'

function definitionOf(auth: RequestContext, key: string): CookieDefinition {
  return auth.kernel.cookies(key, auth.origin)
}

/** The value of a signed cookie of this instance; `undefined` when absent, foreign or tampered with. */
export function readSignedCookie(auth: RequestContext, key: string): string | undefined {
  const { name } = definitionOf(auth, key)
  const { verified, cookies, kernel } = auth
  // Several parts of one call ask for the same cookie.
  if (!verified.has(name)) verified.set(name, verifySignedValue(cookies.get(name), ...kernel.keys.secrets))
  return verified.get(name)
}

/**
 * Sets a signed cookie. `maxAge` is in seconds; given as `undefined` it makes the cookie end with the browser's
 * session, left out it is what the application configured for this cookie.
 */
export function setSignedCookie(auth: AuthContext, key: string, cookie: { value: string; maxAge?: number }): void {
  const { name, attributes } = definitionOf(auth, key)
  const value = `${cookie.value}.${auth.kernel.keys.sign(cookie.value)}`
  setHeader(
    auth,
    'set-cookie',
    serializeCookie(name, value, 'maxAge' in cookie ? { ...attributes, maxAge: cookie.maxAge } : attributes),
  )
}

/** Makes the browser forget a cookie of this instance. */
export function expireCookie(auth: AuthContext, key: string): void {
  const { name, attributes } = definitionOf(auth, key)
  setHeader(auth, 'set-cookie', serializeCookie(name, '', { ...attributes, maxAge: 0 }))
}

/** The value of a cookie that may be in chunks; it is neither signed nor encrypted here. */
export function readLongCookie(auth: RequestContext, key: string): string | undefined {
  return readChunked(auth.cookies, definitionOf(auth, key).name)
}

/** Whether the client holds a cookie that may be in chunks, or any of its chunks. */
export function hasLongCookie(auth: RequestContext, key: string): boolean {
  return chunkNames(auth.cookies, definitionOf(auth, key).name).length > 0
}

/** Makes the browser forget a cookie and all of its chunks; one that is still to be set by this call is not set. */
export function expireLongCookie(auth: AuthContext, key: string): void {
  const { name, attributes } = definitionOf(auth, key)
  auth.unfinished.delete(key)
  takeBack(auth, name)
  for (const held of new Set([name, ...chunkNames(auth.cookies, name)])) {
    setHeader(auth, 'set-cookie', serializeCookie(held, '', { ...attributes, maxAge: 0 }))
  }
}

/**
 * Sets a cookie whose value takes time to make: `make` runs when the procedure has ended. Until then, when it fails
 * and when it makes nothing, the browser is told to forget the one it has.
 */
export function setLongCookie(auth: AuthContext, key: string, make: () => Promise<LongCookie | undefined>): void {
  expireLongCookie(auth, key)
  auth.unfinished.set(key, async () => {
    const cookie = await make()
    if (cookie) putLongCookie(auth, key, cookie)
  })
}

/** Makes the cookies that take time: the last step before the headers leave. */
export async function finishCookies(auth: AuthContext): Promise<void> {
  for (const [key, finish] of auth.unfinished) {
    auth.unfinished.delete(key)
    await finish().catch(error => auth.kernel.log.error(`the cookie "${key}" could not be made`, error))
  }
}

function putLongCookie(auth: AuthContext, key: string, { value, maxAge, mostChunks }: LongCookie): void {
  const { name, attributes } = definitionOf(auth, key)
  const lines = serializeChunked({ name, value, attributes: { ...attributes, maxAge } }, mostChunks)
  if (!lines) {
    auth.kernel.log.warn?.(`the cookie "${key}" is not set: ${value.length} characters are too many`)
    return
  }
  const isSet = new Set(lines.map(([chunk]) => chunk))
  const stale = chunkNames(auth.cookies, name).filter(held => !isSet.has(held))
  const expiring = stale.map(held => serializeCookie(held, '', { ...attributes, maxAge: 0 }))
  const all = [...expiring, ...lines.map(([, line]) => line)]
  const place = takeBack(auth, name)
  auth.outgoing.splice(place, 0, ...all.map((line): [string, string] => ['set-cookie', line]))
}

/** Removes what this call has set so far of a cookie and its chunks, and tells where that stood. */
function takeBack(auth: AuthContext, name: string): number {
  const isOfIt = ([header, line]: [string, string]) =>
    header === 'set-cookie' && isChunkOf(name, line.slice(0, line.indexOf('=')))
  const first = auth.outgoing.findIndex(isOfIt)
  for (let index = auth.outgoing.length - 1; index >= 0; index--) {
    const entry = auth.outgoing[index]
    if (entry && isOfIt(entry)) auth.outgoing.splice(index, 1)
  }
  return first < 0 ? auth.outgoing.length : first
}

/** Sets a response header that scripts of other origins may read as well, in place of one set before by this call. */
export function setExposedHeader(auth: AuthContext, name: string, value: string): void {
  const earlier = auth.outgoing.find(([other]) => other === name)
  if (earlier) {
    earlier[1] = value
    return
  }
  setHeader(auth, name, value)
  setHeader(auth, 'access-control-expose-headers', name)
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
  const earlier = auth.outgoing.findIndex(([other, line]) => cookie && other === name && line.startsWith(cookie))
  if (earlier >= 0) auth.outgoing.splice(earlier, 1)
  auth.outgoing.push([name, value])
}
