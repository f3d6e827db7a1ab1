import { importJWK, SignJWT } from 'jose'
import type { AuthContext, SessionData } from '../../src/context.ts'
import type { JwtClaims } from '../../src/crypto/jwt-claims.ts'
import { AuthError, askApplication } from '../../src/errors.ts'
import { jwtErrors } from './errors.ts'
import type { KeyStore } from './key-store.ts'
import type { JwtOptions, JwtSettings } from './options.ts'
import { expirationOf } from './time-span.ts'

/** What signs and verifies the tokens of one plugin. */
export interface Issuer {
  settings: JwtSettings
  keys: KeyStore
}

/** What one token may have otherwise than the options say. */
export type TokenOverrides = Pick<NonNullable<JwtOptions['jwt']>, 'issuer' | 'audience' | 'expirationTime'>

/**
 * Signs claims. Registered ones that are not given (RFC 7519, section 4.1) come from the options.
 * @throws TOKEN_OUTLIVES_KEY when it would end after its key may be gone
 */
export async function signClaims(
  auth: AuthContext,
  claims: JwtClaims,
  { settings, keys, overrides = {} }: Issuer & { overrides?: TokenOverrides },
): Promise<string> {
  const { options, grace, fixedEnd } = settings
  const now = Math.floor(auth.kernel.now().getTime() / 1000)
  const iat = claims.iat ?? now
  const exp = claims.exp ?? expirationOf(overrides.expirationTime ?? settings.expirationTime, iat)
  const iss = claims.iss ?? overrides.issuer ?? options.jwt?.issuer ?? auth.origin
  const aud = claims.aud ?? overrides.audience ?? options.jwt?.audience ?? auth.origin
  const complete = { ...claims, iat, exp, iss, aud }
  const sign = options.jwt?.sign
  if (sign) return askApplication(() => sign(complete))
  if (exp > Math.max(now + grace, fixedEnd)) throw new AuthError(jwtErrors.TOKEN_OUTLIVES_KEY)
  const { alg, id: kid, privateJwk } = await keys.current(auth.kernel)
  if (!privateJwk) throw new Error('jwt: the current key has no private half')
  return new SignJWT(complete).setProtectedHeader({ alg, kid }).sign(await importJWK(privateJwk, alg))
}

/** The claims that say who issued a token, to whom and for how long: never taken from a user or a custom payload. */
const ISSUER_CLAIMS = new Set(['iss', 'sub', 'aud', 'exp', 'nbf', 'iat'])

/** The token of a session: a proof of who the user is, for other services. */
export async function signSession(auth: AuthContext, data: SessionData, issuer: Issuer): Promise<string> {
  const { definePayload, getSubject } = issuer.settings.options.jwt ?? {}
  const given = definePayload ? await askApplication(() => definePayload(data)) : visibleUser(auth, data)
  // As they will be in the token: dates are texts there.
  const plain = JSON.parse(JSON.stringify(given ?? {})) as Record<string, unknown>
  const custom = Object.entries(plain).filter(([name]) => !ISSUER_CLAIMS.has(name))
  const sub = (await askApplication(() => getSubject?.(data))) ?? data.user.id
  return signClaims(auth, { ...Object.fromEntries(custom), sub }, issuer)
}

/** The user's fields, without those that never leave and those that would pass for a token's own. */
function visibleUser({ kernel }: AuthContext, { user }: SessionData): Record<string, unknown> {
  const fields = kernel.schema.user?.fields ?? {}
  const isVisible = (name: string) => name === 'id' || (fields[name] && fields[name].returned !== false)
  return Object.fromEntries(Object.entries(user).filter(([name]) => isVisible(name) && name !== 'jti'))
}
