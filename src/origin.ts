import { AuthError, errors } from './errors.ts'
import { originGlob } from './glob.ts'
import { URL_FIELDS } from './meta.ts'

/** Origins that may call with cookies and be redirected to: exact, or with `*` for any characters within a host. */
export type TrustedOrigins = readonly string[]

// A path of this site: no scheme-relative form, no backslash, encoded or not, no characters that a browser re-reads.
const RELATIVE_PATH = /^\/(?!\/|\\|%2f|%5c)[\w\-.+/@]*(?:\?[\w\-.+/=&%@]*)?$/i

/** Whether `url` may be redirected to: a path of this site, or an address on a trusted origin. */
export function isTrustedUrl(url: string, trusted: TrustedOrigins): boolean {
  if (url.startsWith('/')) return RELATIVE_PATH.test(url)
  // Browsers drop these characters before they parse, so what is checked would not be what is followed.
  if (/[\s\\\p{Cc}]/u.test(url) || !URL.canParse(url)) return false
  const parsed = new URL(url)
  if (parsed.username || parsed.password) return false
  return trusted.some(pattern => matchesPattern(parsed, pattern))
}

/** Whether `origin`, as a browser sends it, is trusted. */
export function isTrustedOrigin(origin: string, trusted: TrustedOrigins): boolean {
  return !origin.startsWith('/') && isTrustedUrl(origin, trusted)
}

// A DNS name has at most 253 characters, a port six. Several `*` would take minutes to compare with a longer text.
const LONGEST_HOST = 259

function matchesPattern(url: URL, pattern: string): boolean {
  const isWeb = url.protocol === 'http:' || url.protocol === 'https:'
  if (/[*?]/.test(pattern)) {
    if (!isWeb || url.host.length > LONGEST_HOST) return false
    return pattern.includes('://') ? originGlob(pattern).test(url.origin) : originGlob(pattern).test(url.host)
  }
  if (isWeb) return URL.canParse(pattern) && new URL(pattern).origin === url.origin
  return matchesCustomScheme(url, pattern)
}

// `myapp://` trusts the scheme; `myapp://host/path` trusts that host and what lies under that path.
function matchesCustomScheme(url: URL, pattern: string): boolean {
  const [scheme, rest = ''] = pattern.split('://')
  if (`${scheme}:` !== url.protocol) return false
  const [authority = '', ...path] = rest.split('/')
  if (authority && authority !== url.host) return false
  const prefix = path.join('/').replace(/\/$/, '')
  return !prefix || url.pathname === `/${prefix}` || url.pathname.startsWith(`/${prefix}/`)
}

/** What the origin check looks at. */
export interface OriginCheck {
  headers: Headers
  trusted: TrustedOrigins
  /** The procedure establishes a session, so it is guarded without a cookie too. */
  isLoginForm: boolean
}

/**
 * Refuses calls that a foreign site made a browser send: any call with a cookie must come from a trusted origin,
 * and a login must, whenever the browser tells where it comes from.
 * @throws MISSING_OR_NULL_ORIGIN, INVALID_ORIGIN, CROSS_SITE_NAVIGATION_LOGIN_BLOCKED
 */
export function checkOrigin({ headers, trusted, isLoginForm }: OriginCheck): void {
  const origin = headers.get('origin') ?? refererOrigin(headers)
  if (headers.has('cookie')) assertTrusted(origin, trusted)
  if (headers.has('cookie') || !isLoginForm) return
  if (headers.get('sec-fetch-site') === 'cross-site' && headers.get('sec-fetch-mode') === 'navigate') {
    throw new AuthError(errors.CROSS_SITE_NAVIGATION_LOGIN_BLOCKED)
  }
  const isBrowser = ['sec-fetch-site', 'sec-fetch-mode', 'sec-fetch-dest'].some(name => headers.has(name))
  if (isBrowser || origin) assertTrusted(origin, trusted)
}

function assertTrusted(origin: string | undefined, trusted: TrustedOrigins): void {
  if (!origin || origin === 'null') throw new AuthError(errors.MISSING_OR_NULL_ORIGIN)
  if (!isTrustedOrigin(origin, trusted)) throw new AuthError(errors.INVALID_ORIGIN)
}

function refererOrigin(headers: Headers): string | undefined {
  const referer = headers.get('referer')
  if (!referer) return undefined
  return URL.canParse(referer) ? new URL(referer).origin : referer
}

/**
 * Checks every address in the input that a browser may later be sent to.
 * @throws INVALID_CALLBACK_URL and its kin for an untrusted one, VALIDATION_ERROR for one that is no text
 */
export function checkUrlFields(input: Record<string, unknown>, trusted: TrustedOrigins): void {
  for (const [field, refusal] of Object.entries(URL_FIELDS)) {
    const value = Object.hasOwn(input, field) ? input[field] : undefined
    if (value === undefined || value === null || value === '') continue
    if (typeof value !== 'string') {
      throw new AuthError(errors.VALIDATION_ERROR, { message: `Invalid ${field}: expected a string` })
    }
    if (!isTrustedUrl(value, trusted)) throw new AuthError(refusal)
  }
}
