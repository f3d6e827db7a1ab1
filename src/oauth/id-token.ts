import type { JWTVerifyGetKey } from 'jose'
import { equalInConstantTime } from '../crypto/hmac.ts'
import { loadJose } from '../crypto/jose.ts'
import type { JwtClaims } from '../crypto/jwt-claims.ts'
import { ASYMMETRIC } from './asymmetric-algorithms.ts'
import { OAuthError } from './oauth-error.ts'

type Jose = Awaited<ReturnType<typeof loadJose>>

/** How far clocks may be apart. */
const SKEW_SECONDS = 60

/** One that is older was kept, and not just given to a user who signs in. */
const OLDEST_SECONDS = 3600

export interface IdTokenCheck {
  provider: string
  /** Absent for a token that came from the token endpoint over TLS (OpenID Connect Core, section 3.1.3.7, rule 6). */
  keys: JWTVerifyGetKey | undefined
  algorithms?: readonly string[] | undefined
  /** One of them must be in `aud`. */
  audiences: readonly string[]
  /** One of them is `iss`, exactly; empty when the caller checks it. */
  issuers: readonly string[]
  now: Date
}

/**
 * Verifies an id token (OpenID Connect Core, section 3.1.3.7; RFC 7519; RFC 8725).
 * @returns its claims, or `null` when anything about it is not right
 * @throws OAuthError PROVIDER_UNAVAILABLE when the keys cannot be fetched
 */
export async function verifyIdToken(token: string, check: IdTokenCheck): Promise<JwtClaims | null> {
  const jose = await loadJose()
  try {
    // Tokens of another kind, such as `at+jwt` (RFC 9068), may carry the same claims.
    const { typ = 'JWT' } = jose.decodeProtectedHeader(token)
    if (String(typ).toUpperCase() !== 'JWT') return null
    const claims = check.keys
      ? await verifySignature(jose, token, { ...check, keys: check.keys })
      : readUnsigned(jose.decodeJwt(token), check)
    return claims && isForUs(claims, check) ? claims : null
  } catch (error) {
    if (error instanceof OAuthError) throw error
    if (isAboutKeySet(error, jose)) {
      throw new OAuthError('PROVIDER_UNAVAILABLE', 'its keys cannot be read', { provider: check.provider })
    }
    return null
  }
}

async function verifySignature(
  { jwtVerify }: Jose,
  token: string,
  { keys, algorithms, now }: IdTokenCheck & { keys: JWTVerifyGetKey },
) {
  const { payload } = await jwtVerify(token, keys, {
    algorithms: [...(algorithms ?? ASYMMETRIC)],
    requiredClaims: ['exp', 'iat', 'sub', 'aud', 'iss'],
    clockTolerance: SKEW_SECONDS,
    maxTokenAge: OLDEST_SECONDS,
    currentDate: now,
  })
  return payload
}

function readUnsigned(claims: JwtClaims, { now }: IdTokenCheck): JwtClaims | null {
  const seconds = now.getTime() / 1000
  const { exp, iat, nbf = 0 } = claims
  if (typeof exp !== 'number' || typeof iat !== 'number' || typeof nbf !== 'number') return null
  const isInTime = seconds < exp + SKEW_SECONDS && seconds > nbf - SKEW_SECONDS && seconds > iat - SKEW_SECONDS
  return isInTime && seconds < iat + OLDEST_SECONDS + SKEW_SECONDS ? claims : null
}

function isForUs({ sub, iss, aud, azp }: JwtClaims, { audiences, issuers }: IdTokenCheck): boolean {
  if (typeof sub !== 'string' || sub === '' || typeof iss !== 'string') return false
  if (issuers.length > 0 && !issuers.includes(iss)) return false
  const meantFor = [aud ?? []].flat()
  if (!meantFor.some(audience => audiences.includes(audience))) return false
  // Rules 4 and 5: with several audiences, the one it was issued to.
  return meantFor.length === 1 || (typeof azp === 'string' && audiences.includes(azp))
}

/** Whether the token repeats the nonce; `hashed` also takes its SHA-256 in hexadecimal. */
export function repeatsNonce({ nonce: claim }: JwtClaims, nonce: string, hashed?: string): boolean {
  if (typeof claim !== 'string') return false
  return equalInConstantTime(nonce, claim) || (hashed !== undefined && equalInConstantTime(hashed, claim))
}

function isAboutKeySet(error: unknown, { errors }: Jose): boolean {
  // The general class itself is what jose throws about the answer that should have been a key set.
  const isGeneral = error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC'
  return isGeneral || error instanceof errors.JWKSInvalid || error instanceof errors.JWKSTimeout
}
