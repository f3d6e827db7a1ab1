import { createHash } from 'node:crypto'
import type { JWTVerifyGetKey } from 'jose'
import { loadJose } from '../crypto/jose.ts'
import type { JwtClaims } from '../crypto/jwt-claims.ts'
import type { SafeFetch } from '../safe-fetch.ts'
import { clientIdsOf, primaryClientId } from './client.ts'
import type { IdTokenRules } from './definition.ts'
import { type IdTokenCheck, repeatsNonce, verifyIdToken } from './id-token.ts'
import { askerOf, type Instance } from './instance.ts'
import { OAuthError } from './oauth-error.ts'
import type { SocialProviderOptions } from './options.ts'
import type { UserInfoRequest } from './provider.ts'

/**
 * Verifies one that a client brings, or lets the application do so.
 * @returns its claims, or `null`
 * @throws OAuthError PROVIDER_UNAVAILABLE
 */
export async function verifyForSignIn<O extends SocialProviderOptions>(
  instance: Instance<O>,
  { idToken, nonce }: { idToken: string; nonce: string | undefined },
  fetch: SafeFetch,
): Promise<JwtClaims | null> {
  const { definition, options } = instance
  const rules = definition.idToken
  if (!rules || options.disableIdTokenSignIn) return null
  if (options.verifyIdToken) return (await options.verifyIdToken(idToken, nonce)) ? decode(idToken) : null
  const audiences = rules.audiences?.(options) ?? clientIdsOf(options)
  return verifyByRules(instance, { idToken, nonce, rules, audiences, fetch })
}

/**
 * The claims of the id token that came from the token endpoint, or was verified before.
 * @returns `null` when there is none
 * @throws OAuthError ID_TOKEN_INVALID, PROVIDER_UNAVAILABLE
 */
export async function claimsForProfile<O extends SocialProviderOptions>(
  instance: Instance<O>,
  request: UserInfoRequest,
  fetch: SafeFetch,
): Promise<JwtClaims | null> {
  const { definition, options, usesNonce } = instance
  const { idToken, idTokenVerified } = request
  const rules = definition.idToken
  if (!idToken || !rules) return null
  if (idTokenVerified) return decode(idToken)
  const nonce = usesNonce ? request.nonce : undefined
  // The application's own check is there for tokens that ours refuses.
  if (await options.verifyIdToken?.(idToken, nonce)) return decode(idToken)
  const audiences = [primaryClientId(options) ?? '', ...(rules.audiences?.(options) ?? clientIdsOf(options))]
  const claims = await verifyByRules(instance, { idToken, nonce, rules, audiences, fetch })
  if (claims) return claims
  throw new OAuthError('ID_TOKEN_INVALID', 'the id token is not valid', { provider: definition.id })
}

interface Reading<O> extends Pick<IdTokenCheck, 'audiences'> {
  idToken: string
  nonce: string | undefined
  rules: IdTokenRules<O>
  fetch: SafeFetch
}

async function verifyByRules<O extends SocialProviderOptions>(
  instance: Instance<O>,
  { idToken, nonce, rules, audiences, fetch }: Reading<O>,
): Promise<JwtClaims | null> {
  const { definition, options, now } = instance
  const meantFor = audiences.filter(Boolean)
  if (meantFor.length === 0) return null
  const call = { options, ask: askerOf(instance, fetch) }
  const asked = await rules.ask?.(idToken, nonce, call)
  if (asked !== undefined) return asked
  const claims = await verifyIdToken(idToken, {
    provider: definition.id,
    keys: keysOf(instance, rules, fetch),
    algorithms: rules.algorithms,
    audiences: meantFor,
    issuers: rules.issuers(options),
    now: now(),
  })
  if (!claims || !isOfThisSignIn(claims, nonce, rules)) return null
  return (await (rules.accepts?.(claims, call) ?? true)) ? claims : null
}

/** The keys of what was agreed on with the provider: which it is, is never the token's to say (RFC 8725, section 3.1). */
function keysOf<O extends SocialProviderOptions>(
  { options, keySets }: Instance<O>,
  { algorithms, keySet }: IdTokenRules<O>,
  fetch: SafeFetch,
): JWTVerifyGetKey | undefined {
  if (algorithms?.includes('HS256')) return async () => new TextEncoder().encode(options.clientSecret)
  const url = keySet?.(options)
  return url === undefined ? undefined : keySets(url, fetch)
}

function isOfThisSignIn<O>(claims: JwtClaims, nonce: string | undefined, rules: IdTokenRules<O>): boolean {
  if (nonce === undefined) return true
  if (claims.nonce === undefined) return rules.mayLackNonce?.(claims) ?? false
  const hashed = rules.allowsHashedNonce ? createHash('sha256').update(nonce).digest('hex') : undefined
  return repeatsNonce(claims, nonce, hashed)
}

/** Claims of a token that somebody vouched for; none when it is not a JWT. */
async function decode(token: string): Promise<JwtClaims> {
  const { decodeJwt } = await loadJose()
  try {
    return decodeJwt(token)
  } catch {
    return {}
  }
}
