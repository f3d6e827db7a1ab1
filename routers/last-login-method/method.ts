import type { AuthContext } from '../../src/context.ts'
import { serializeCookie } from '../../src/cookies.ts'
import { hookContextOf } from '../../src/hook-context.ts'
import { setHeader } from '../../src/response.ts'
import { signInMethodOf } from '../../src/sign-in-method.ts'
import type { LastLoginMethodSettings } from './options.ts'

/** Longer ones are no names of ways to sign in. */
const LONGEST_METHOD = 128

/** As Better Auth's clients know it, where that is another name than the way's own. */
const NAMES: ReadonlyMap<string, string> = new Map([['email-password', 'email']])

/** The way in which this call signs somebody in, as the application calls it. */
export function methodOf(auth: AuthContext, { customResolveMethod }: LastLoginMethodSettings): string | undefined {
  const own = signInMethodOf(auth)
  const method = own && (NAMES.get(own) ?? own)
  const chosen = customResolveMethod?.(hookContextOf(auth), method) ?? method
  return chosen?.slice(0, LONGEST_METHOD)
}

/** Keeps it in a cookie that the pages of the site can read: it names no user, and is no secret. */
export function sendMethod(auth: AuthContext, settings: LastLoginMethodSettings): void {
  // Sessions are also sent again, when they are extended.
  if (auth.meta?.sessionCookie !== 'set') return
  const method = methodOf(auth, settings)
  if (!method) return
  const { attributes } = auth.kernel.cookies('session_token', auth.origin)
  const own = { ...attributes, maxAge: settings.maxAge, httpOnly: false }
  setHeader(auth, 'set-cookie', serializeCookie(settings.cookieName, method, own))
}
