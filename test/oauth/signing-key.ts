import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose'

export interface SigningKey {
  jwk: JWK
  privateKey: CryptoKey
  publicKey: CryptoKey
  sign(claims: JWTPayload, header?: Record<string, unknown>): Promise<string>
}

// Making one takes long, and none is a secret.
const made = new Map<string, Promise<SigningKey>>()

/** A key of a provider's, as its key set shows it; the same one for the same id. */
export function createSigningKey(kid: string, alg: 'RS256' | 'ES256' = 'RS256'): Promise<SigningKey> {
  const name = `${alg} ${kid}`
  const key = made.get(name) ?? make(kid, alg)
  made.set(name, key)
  return key
}

async function make(kid: string, alg: string): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }
  const sign = (claims: JWTPayload, header: Record<string, unknown> = {}) =>
    new SignJWT(claims).setProtectedHeader({ alg, kid, typ: 'JWT', ...header }).sign(privateKey)
  return { jwk, privateKey, publicKey, sign }
}
