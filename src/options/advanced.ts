import { type AddressOptions, createAddressResolver } from '../client-address.ts'
import { assertCookies, type CookieAttributes } from '../cookies.ts'
import type { OutboundOptions } from './outbound.ts'

export interface AdvancedOptions {
  /** Whose address a request comes from: what limits count by, and what sessions remember. */
  ipAddress?: AddressOptions
  /**
   * With `baseURL.allowedHosts`: take host and protocol from X-Forwarded-Host and X-Forwarded-Proto. Only behind a proxy
   * that sets or removes them. Default false.
   */
  trustedProxyHeaders?: boolean
  /** `Secure`, and `__Secure-` before the name. Default: true when the base URL is https. */
  useSecureCookies?: boolean
  /** Do not look where calls come from. Addresses to go to are checked all the same. Default false. */
  disableCSRFCheck?: boolean
  /**
   * Check neither where calls come from nor addresses to go to: `true` everywhere, or for paths that begin with one of
   * these segments, such as `/sign-in`. Default false.
   */
  disableOriginCheck?: boolean | readonly string[]
  /**
   * Gives cookies a `Domain`, so that its sub-domains have them too: `domain`, by default the base URL's host. All of
   * Kernia's cookies are shared, so that `additionalCookies` has nothing to add.
   */
  crossSubDomainCookies?: {
    /** Sub-domains share the cookies. Default false. */
    enabled: boolean
    /** Default: the host of `baseURL`. */
    domain?: string
    /** Accepted for Better Auth's sake: all cookies are shared. */
    additionalCookies?: readonly string[]
  }
  /** Name and attributes of single cookies, by key: `session_token`, `dont_remember`, ... */
  cookies?: Record<string, { name?: string; attributes?: Partial<CookieAttributes> } | undefined>
  /** Attributes of every cookie, before those of single ones. */
  defaultCookieAttributes?: Partial<CookieAttributes>
  /** Default `better-auth`, the name official clients know. */
  cookiePrefix?: string
  /** `/ok/` is `/ok`. Default false: a trailing slash is another path, and unknown. */
  skipTrailingSlashes?: boolean
  /** Keeps the process alive for work that goes on after the response, such as `waitUntil` of a serverless host. */
  backgroundTasks?: {
    /** Is given every piece of such work. */
    handler: (task: Promise<unknown>) => void
  }
  /** Requests to other servers, such as providers: by default to public addresses only, and https. */
  outbound?: OutboundOptions
  /**
   * Ids of new rows: 32 random characters (default), `uuid` (version 7, so that they sort by time), `serial`
   * (numbers that the database counts, not on MongoDB), or a function.
   */
  database?: {
    /** `uuid`, `serial` or a function; default 32 random characters. */
    generateId?: 'uuid' | 'serial' | ((input: { model: string }) => string)
    /** Rows that the adapter's `findMany` returns when it is not told how many; default 100. */
    defaultFindManyLimit?: number
  }
}

/** @throws when a proxy's address, a number or a cookie makes no sense */
export function resolveAdvanced(advanced: AdvancedOptions = {}) {
  createAddressResolver(advanced.ipAddress)
  const settings = { ...advanced, cookiePrefix: advanced.cookiePrefix ?? 'better-auth' }
  assertCookies(settings)
  return settings
}
