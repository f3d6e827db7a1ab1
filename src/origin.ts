import { AuthError, errors } from './errors.ts'
import { originGlob, pathGlob } from './glob.ts'
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
const LONGEST_PATH = 1024

function matchesPattern(url: URL, pattern: string): boolean {
  const isWeb = url.protocol === 'http:' || url.protocol === 'https:'
  if (/[*?]/.test(pattern)) {
    if (url.host.length > LONGEST_HOST) return false
    if (!isWeb) return matchesCustomPattern(url, pattern)
    return pattern.includes('://') ? originGlob(pattern).test(url.origin) : originGlob(pattern).test(url.host)
  }
  if (isWeb) return URL.canParse(pattern) && new URL(pattern).origin === url.origin
  return matchesCustomScheme(url, pattern)
}

// `exp://192.168.*.*:*` trusts these hosts, and `exp://*/app/*` only what is under such a path. The scheme is exact.
function matchesCustomPattern(url: URL, pattern: string): boolean {
  const [, scheme, authority = '', path = ''] = /^([^:/*?]+):\/\/([^/]*)(\/.*)?$/.exec(pattern) ?? []
  if (!scheme || `${scheme.toLowerCase()}:` !== url.protocol || !originGlob(authority).test(url.host)) return false
  return path === '' || (url.pathname.length <= LONGEST_PATH && pathGlob(path).test(url.pathname))
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

/** Which checks the application left on for a procedure. */
export interface OriginChecks {
  /** Where the call comes from. */
  source: boolean
  /** That a login is no navigation of another site. */
  navigation: boolean
  /** Addresses to go to. */
  targets: boolean
}

interface OriginSwitches {
  disableCSRFCheck?: boolean
  disableOriginCheck?: boolean | readonly string[]
}

/**
 * Better Auth's switches: `disableCSRFCheck` is about where calls come from, `disableOriginCheck` about that and about
 * addresses to go to; `true` and not the other named, it is everything.
 * @param paths REST paths of the procedure
 */
export function originChecks(
  { disableCSRFCheck, disableOriginCheck = false }: OriginSwitches,
  paths: readonly string[],
): OriginChecks {
  const isOff = typeof disableOriginCheck === 'boolean' ? disableOriginCheck : liesUnder(paths, disableOriginCheck)
  const isAllOff = disableOriginCheck === true && disableCSRFCheck === undefined
  return { source: !isOff && !disableCSRFCheck, navigation: !isAllOff && !disableCSRFCheck, targets: !isOff }
}

// `/sign-in` covers `/sign-in/email`, and not `/sign-in-anywhere`.
function liesUnder(paths: readonly string[], prefixes: readonly string[]): boolean {
  const starts = prefixes.map(prefix => prefix.replace(/\/+$/, ''))
  return paths.some(path => starts.some(start => path === start || path.startsWith(`${start}/`)))
}

/** What the origin check looks at. */
export interface OriginCheck {
  headers: Headers
  trusted: TrustedOrigins
  /** The origin under which the request reached this instance. */
  own: string
  /** The procedure establishes a session, so it is guarded without a cookie too. */
  isLoginForm: boolean
}

/**
 * Refuses calls that a foreign site made a browser send: any call with a cookie must come from a trusted origin,
 * and a login must, whenever the browser tells where it comes from.
 * @throws MISSING_OR_NULL_ORIGIN, INVALID_ORIGIN, CROSS_SITE_NAVIGATION_LOGIN_BLOCKED
 */
export function checkOrigin({ headers, trusted, own, isLoginForm }: OriginCheck): void {
  const origin = sentOrigin(headers, own)
  if (headers.has('cookie')) assertTrusted(origin, trusted)
  if (headers.has('cookie') || !isLoginForm) return
  checkNavigation(headers)
  const isBrowser = ['sec-fetch-site', 'sec-fetch-mode', 'sec-fetch-dest'].some(name => headers.has(name))
  if (isBrowser || origin) assertTrusted(origin, trusted)
}

/**
 * Refuses a form of another site that navigates here, which would sign the visitor in as someone else.
 * @throws CROSS_SITE_NAVIGATION_LOGIN_BLOCKED
 */
export function checkNavigation(headers: Headers): void {
  if (headers.get('sec-fetch-site') === 'cross-site' && headers.get('sec-fetch-mode') === 'navigate') {
    throw new AuthError(errors.CROSS_SITE_NAVIGATION_LOGIN_BLOCKED)
  }
}

// A page whose policy is to tell no address says `null` even to its own site, and the browser vouches that it is its own.
function sentOrigin(headers: Headers, own: string): string | undefined {
  const origin = headers.get('origin') ?? refererOrigin(headers)
  return origin === 'null' && headers.get('sec-fetch-site') === 'same-origin' ? own : origin
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
