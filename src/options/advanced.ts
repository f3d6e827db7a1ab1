import type { CookieAttributes } from '../cookies.ts'

export interface AdvancedOptions {
  ipAddress?: {
    /** Headers that your proxy sets and overwrites, tried in order. Default none: only the socket's address counts. */
    ipAddressHeaders?: readonly string[]
    disableIpTracking?: boolean
  }
  /** Default: true when `baseURL` is https. */
  useSecureCookies?: boolean
  disableCSRFCheck?: boolean
  disableOriginCheck?: boolean
  crossSubDomainCookies?: { enabled: boolean; domain?: string }
  /** Name and attributes of single cookies, by key: `session_token`, `dont_remember`, ... */
  cookies?: Record<string, { name?: string; attributes?: Partial<CookieAttributes> } | undefined>
  defaultCookieAttributes?: Partial<CookieAttributes>
  /** Default `better-auth`, the name official clients know. */
  cookiePrefix?: string
  /** `/ok/` is `/ok`. Default false: a trailing slash is another path, and unknown. */
  skipTrailingSlashes?: boolean
  /** Keeps the process alive for work that goes on after the response, such as `waitUntil` of a serverless host. */
  backgroundTasks?: { handler: (task: Promise<unknown>) => void }
  /**
   * Ids of new rows: 32 random characters (default), `uuid` (version 7, so that they sort by time), `serial`
   * (numbers that the database counts, not on MongoDB), or a function.
   */
  database?: { generateId?: 'uuid' | 'serial' | ((input: { model: string }) => string) }
}

export function resolveAdvanced(advanced: AdvancedOptions = {}, origin: string) {
  return {
    ...advanced,
    useSecureCookies: advanced.useSecureCookies ?? origin.startsWith('https://'),
    cookiePrefix: advanced.cookiePrefix ?? 'better-auth',
  }
}
