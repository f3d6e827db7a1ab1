import { openHs256 } from '../crypto/compact-jose.ts'
import { loadJose } from '../crypto/jose.ts'
import { type CacheFormat, contentOf } from './format.ts'

/** A JWT (RFC 7519), HS256 with the secret itself as its key, so that any JWT library of the application reads it. */
export function jwtFormat(secrets: readonly string[]): CacheFormat {
  const newest = new TextEncoder().encode(secrets[0])
  return {
    write: async (payload, { now, seconds }) => {
      const { SignJWT } = await loadJose()
      const issuedAt = Math.floor(now.getTime() / 1000)
      return new SignJWT({ ...payload })
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + Math.floor(seconds))
        .sign(newest)
    },
    read: text => {
      for (const secret of secrets) {
        const claims = openHs256(text, secret)
        if (claims) return contentOf(claims)
      }
      return undefined
    },
  }
}
