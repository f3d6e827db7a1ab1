import { exportJWK, generateKeyPair } from 'jose'
import type { Jwks } from '../../entities/jwt.ts'
import type { Kernel } from '../../src/context.ts'
import type { KeyPairConfig } from './options.ts'

const PURPOSE = 'jwks-private-key'

/** A key as JSON (RFC 7517): what is read of one here, and its numbers. */
export interface Jwk {
  kty?: string
  alg?: string
  crv?: string
  [member: string]: unknown
}

/** A key pair as it is stored, opened. */
export interface SigningKey {
  id: string
  generation: number
  alg: string
  createdAt: Date
  publicJwk: Jwk
  /** Absent when it cannot be opened: the secret that sealed it is gone, or another program wrote it. */
  privateJwk?: Jwk
}

/** Makes a key pair and what is stored of it. */
export async function generateKey(
  kernel: Kernel,
  { alg, ...config }: KeyPairConfig,
  isPlain: boolean,
): Promise<Pick<Jwks, 'publicKey' | 'privateKey'>> {
  const pair = await generateKeyPair(alg, { ...config, extractable: true })
  const privateKey = JSON.stringify(await exportJWK(pair.privateKey))
  return {
    publicKey: JSON.stringify({ alg, ...(await exportJWK(pair.publicKey)) }),
    privateKey: isPlain ? privateKey : kernel.keys.seal(PURPOSE, privateKey),
  }
}

/**
 * A stored key; `undefined` when not even its public half can be read.
 * @param alg what an RSA key is used with, where its row does not tell
 */
export function openKey(kernel: Kernel, row: Jwks, alg: string): SigningKey | undefined {
  const publicJwk = parseJwk(row.publicKey)
  if (!publicJwk) return undefined
  // Read whichever way it was stored, whatever the option says now.
  const text = row.privateKey.startsWith('{') ? row.privateKey : kernel.keys.open(PURPOSE, row.privateKey)
  const privateJwk = text === undefined ? undefined : parseJwk(text)
  return {
    id: row.id,
    generation: row.generation ?? 0,
    alg: publicJwk.alg ?? algorithmOf(publicJwk, alg),
    createdAt: row.createdAt,
    publicJwk,
    ...(privateJwk && { privateJwk }),
  }
}

function parseJwk(text: string): Jwk | undefined {
  try {
    const jwk: unknown = JSON.parse(text)
    return typeof jwk === 'object' && jwk !== null && 'kty' in jwk ? (jwk as Jwk) : undefined
  } catch {
    return undefined
  }
}

function algorithmOf({ kty, crv }: Jwk, rsa: string): string {
  if (kty === 'OKP') return 'EdDSA'
  if (kty === 'EC') return crv === 'P-521' ? 'ES512' : 'ES256'
  return rsa === 'PS256' ? rsa : 'RS256'
}
