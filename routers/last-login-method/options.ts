import type { HookContext } from '../../src/options/hooks.ts'

/** Browsers cut cookies at 400 days. */
const LONGEST_SECONDS = 400 * 86_400

export interface LastLoginMethodOptions {
  /** Default `better-auth.last_used_login_method`. The cookie's prefix of the options is not added. */
  cookieName?: string
  /** Seconds; default 30 days. */
  maxAge?: number
  /** What to remember of a sign-in; without an answer it is `method`, which is absent where nobody told one. */
  customResolveMethod?(ctx: HookContext, method: string | undefined): string | null | undefined
  /** Keep it with the user, too, as `lastLoginMethod`; default false. */
  storeInDatabase?: boolean
  /** Name of the column. */
  schema?: { user?: { lastLoginMethod?: string } }
}

export interface LastLoginMethodSettings extends Pick<LastLoginMethodOptions, 'customResolveMethod'> {
  cookieName: string
  maxAge: number
}

/** @throws when browsers would not take the cookie */
export function resolveLastLoginMethod(options: LastLoginMethodOptions): LastLoginMethodSettings {
  const { cookieName = 'better-auth.last_used_login_method', maxAge = 2_592_000, customResolveMethod } = options
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(cookieName))
    throw new Error(`lastLoginMethod: "${cookieName}" cannot name a cookie`)
  if (!(maxAge > 0 && maxAge <= LONGEST_SECONDS)) throw new Error('lastLoginMethod: maxAge is not within 400 days')
  return { cookieName, maxAge, ...(customResolveMethod && { customResolveMethod }) }
}
