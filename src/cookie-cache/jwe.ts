import { createHash, hkdfSync, randomUUID } from 'node:crypto'
import { keyIdOf, openA256CbcHs512 } from '../crypto/compact-jose.ts'
import { loadJose } from '../crypto/jose.ts'
import { type CacheFormat, contentOf } from './format.ts'

const SALT = 'better-auth-session'
const INFO = 'BetterAuth.js Generated Encryption Key'

interface Key {
  bytes: Uint8Array
  /** RFC 7638 thumbprint: tells which of several keys a token was made with. */
  id: string
}

/** An encrypted JWT (RFC 7516): `dir` with A256CBC-HS512, under a key derived from the secret (HKDF-SHA256, RFC 5869). */
export function jweFormat(secrets: readonly string[]): CacheFormat {
  const keys = secrets.map(deriveKey)
  return {
    write: async (payload, { now, seconds }) => {
      const { EncryptJWT } = await loadJose()
      const [newest] = keys as [Key]
      const issuedAt = Math.floor(now.getTime() / 1000)
      return new EncryptJWT({ ...payload })
        .setProtectedHeader({ alg: 'dir', enc: 'A256CBC-HS512', kid: newest.id })
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + Math.floor(seconds))
        .setJti(randomUUID())
        .encrypt(newest.bytes)
    },
    read: text => {
      const keyId = keyIdOf(text)
      for (const { bytes, id } of keys) {
        const claims = keyId === undefined || keyId === id ? openA256CbcHs512(text, bytes) : undefined
        if (claims) return contentOf(claims)
      }
      return undefined
    },
  }
}

function deriveKey(secret: string): Key {
  const bytes = new Uint8Array(hkdfSync('sha256', secret, SALT, INFO, 64))
  const k = Buffer.from(bytes).toString('base64url')
  // RFC 7638: the members that define the key, in lexical order, without spaces.
  return {
    bytes,
    id: createHash('sha256')
      .update(JSON.stringify({ k, kty: 'oct' }))
      .digest('base64url'),
  }
}
