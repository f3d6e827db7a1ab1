import type { AuthContext, RequestContext } from '../../src/context.ts'
import { verifySignedValue } from '../../src/cookies.ts'
import { setExposedHeader } from '../../src/response.ts'
import type { BearerOptions } from './options.ts'

const SCHEME = /^bearer +/i

/** The characters of RFC 6750, section 2.1, and the percent sign of a token that was copied out of a cookie. */
const TOKEN = /^[\w.~+/%-]{1,512}=*$/

/** The session token in the request's Authorization header; `undefined` for whatever is not one of ours. */
export function readBearerToken(
  { headers, kernel }: RequestContext,
  { requireSignature = false }: BearerOptions,
): string | undefined {
  const header = headers.get('authorization') ?? ''
  if (!SCHEME.test(header)) return undefined
  const given = header.replace(SCHEME, '').trim()
  if (!TOKEN.test(given)) return undefined
  if (given.includes('.')) return verifySignedValue(decode(given), ...kernel.keys.secrets)
  return requireSignature ? undefined : given
}

function decode(token: string): string | undefined {
  try {
    return decodeURIComponent(token)
  } catch {
    return undefined
  }
}

/** Hands out the token that the session cookie has, as it is signed there. */
export function sendBearerToken(auth: AuthContext, token: string): void {
  setExposedHeader(auth, 'set-auth-token', `${token}.${auth.kernel.keys.sign(token)}`)
}
