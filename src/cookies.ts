import { isSignedBy, sign } from './crypto/hmac.ts'

/** Attributes of a cookie (RFC 6265bis). */
export interface CookieAttributes {
  /** Seconds; without it the cookie ends with the browser's session. */
  maxAge?: number
  domain?: string
  path?: string
  expires?: Date
  httpOnly?: boolean
  secure?: boolean
  sameSite?: 'lax' | 'strict' | 'none' | 'Lax' | 'Strict' | 'None'
  partitioned?: boolean
}

/** A cookie of this instance: its name on the wire and its usual attributes. */
export interface CookieDefinition {
  name: string
  attributes: CookieAttributes
}

interface CookieSettings {
  origin: string
  advanced: {
    /** Default: whether the origin is https. */
    useSecureCookies?: boolean
    cookiePrefix: string
    cookies?: Record<string, { name?: string; attributes?: Partial<CookieAttributes> } | undefined>
    defaultCookieAttributes?: Partial<CookieAttributes>
    crossSubDomainCookies?: { enabled: boolean; domain?: string }
  }
}

/** RFC 6265bis caps a cookie's life at 400 days. In seconds. */
export const LONGEST_MAX_AGE = 400 * 86_400

/**
 * The definition of the cookie `key`, such as `session_token`. Its name is `<prefix>.<key>`,
 * with `__Secure-` before it when cookies are secure: official clients rely on these names.
 */
export function defineCookie({ origin, advanced }: CookieSettings, key: string): CookieDefinition {
  const custom = advanced.cookies?.[key]
  const { crossSubDomainCookies: shared, useSecureCookies: secure = origin.startsWith('https://') } = advanced
  const domain = shared?.enabled ? (shared.domain ?? new URL(origin).hostname) : undefined
  return {
    name: `${secure ? '__Secure-' : ''}${custom?.name ?? `${advanced.cookiePrefix}.${key}`}`,
    attributes: {
      secure,
      sameSite: 'lax',
      path: '/',
      httpOnly: true,
      ...(domain && { domain }),
      ...advanced.defaultCookieAttributes,
      ...custom?.attributes,
    },
  }
}

/** RFC 9110's token: what the name of a cookie may be. */
const NAME = /^[\w!#$%&'*+.^`|~-]+$/

/**
 * Checks the application's cookie settings, so that a mistake shows when the server starts and not at every sign-in.
 * @throws when browsers would refuse a cookie, or cut its life
 */
export function assertCookies({
  cookiePrefix,
  cookies = {},
  defaultCookieAttributes,
}: CookieSettings['advanced']): void {
  const own = Object.entries(cookies).map(([key, { name, attributes } = {}]) => ({
    at: `cookies.${key}`,
    name,
    attributes,
  }))
  const all: { at: string; name?: string; attributes?: Partial<CookieAttributes> }[] = [
    { at: 'cookiePrefix', name: cookiePrefix },
    { at: 'defaultCookieAttributes', attributes: defaultCookieAttributes },
    ...own,
  ]
  for (const { at, name, attributes } of all) {
    if (name !== undefined && !NAME.test(name)) throw new Error(`init: advanced.${at}: "${name}" cannot name a cookie`)
    if ((attributes?.maxAge ?? 0) > LONGEST_MAX_AGE) throw new Error(`init: advanced.${at}: maxAge is over 400 days`)
  }
}

/** `value.signature`, where the signature is the base64 HMAC-SHA256 of the value. */
export function signValue(value: string, secret: string): string {
  return `${value}.${sign(secret, value)}`
}

/** The value of `signed` if one of `secrets` signed it, else `undefined`. Anything malformed is `undefined` too. */
export function verifySignedValue(signed: string | undefined, ...secrets: string[]): string | undefined {
  const dot = signed?.lastIndexOf('.') ?? -1
  if (!signed || dot < 1) return undefined
  const value = signed.slice(0, dot)
  const signature = signed.slice(dot + 1)
  if (signature.length !== 44 || !signature.endsWith('=')) return undefined
  return secrets.some(secret => isSignedBy(secret, value, signature)) ? value : undefined
}

/** Reads a `Cookie` header. Values are percent-decoded; the first of several cookies with one name counts. */
export function parseCookies(header: string | null): Map<string, string> {
  const cookies = new Map<string, string>()
  for (const pair of (header ?? '').split(';')) {
    const equals = pair.indexOf('=')
    if (equals < 1) continue
    const name = pair.slice(0, equals).trim()
    if (!cookies.has(name)) cookies.set(name, decode(unquote(pair.slice(equals + 1).trim())))
  }
  return cookies
}

function unquote(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value
}

function decode(value: string): string {
  if (!value.includes('%')) return value
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

/**
 * One `Set-Cookie` header value; the cookie's value is percent-encoded.
 * @throws when `maxAge` is longer than 400 days, which browsers would cut silently
 */
export function serializeCookie(name: string, value: string, attributes: CookieAttributes): string {
  const { maxAge, domain, path, expires, httpOnly, secure, sameSite, partitioned } = attributes
  if (maxAge !== undefined && maxAge > LONGEST_MAX_AGE) throw new Error(`cookie ${name}: Max-Age is over 400 days`)
  const parts = [`${name}=${encodeURIComponent(value)}`]
  if (maxAge !== undefined) parts.push(`Max-Age=${Math.floor(maxAge)}`)
  if (domain) parts.push(`Domain=${domain}`)
  if (path) parts.push(`Path=${path}`)
  if (expires) parts.push(`Expires=${expires.toUTCString()}`)
  if (httpOnly) parts.push('HttpOnly')
  if (secure) parts.push('Secure')
  if (sameSite) parts.push(`SameSite=${sameSite.charAt(0).toUpperCase()}${sameSite.slice(1)}`)
  if (partitioned) parts.push('Partitioned')
  return parts.join('; ')
}
