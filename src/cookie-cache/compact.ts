import { createHmac } from 'node:crypto'
import { equalInConstantTime } from '../crypto/hmac.ts'
import { type CacheFormat, isRecord, payloadOf } from './format.ts'

/**
 * Base64url of `{ session: payload, expiresAt, signature }`. The signature is that of the payload's JSON with
 * `expiresAt` as its last key, so it holds for one order of keys only: the one in which it was written.
 */
export function compactFormat(secrets: readonly string[]): CacheFormat {
  const [newest = ''] = secrets
  return {
    write: (payload, { now, seconds }) => {
      const expiresAt = now.getTime() + Math.floor(seconds * 1000)
      const signature = signatureOf(newest, JSON.stringify({ ...payload, expiresAt }))
      return encode({ session: payload, expiresAt, signature })
    },
    read: text => {
      const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
      if (!isRecord(parsed) || !isRecord(parsed.session)) return undefined
      const { session, expiresAt, signature } = parsed
      // One content has one form: a letter that Node overlooks, or a key that nobody signed, is a change all the same.
      if (encode({ session, expiresAt, signature }) !== text) return undefined
      if (typeof expiresAt !== 'number' || typeof signature !== 'string') return undefined
      const signed = JSON.stringify({ ...session, expiresAt })
      if (!secrets.some(secret => equalInConstantTime(signatureOf(secret, signed), signature))) return undefined
      const payload = payloadOf(session)
      return payload && { payload, expiresAt }
    },
  }
}

function encode(content: { session: object; expiresAt: unknown; signature: unknown }): string {
  return Buffer.from(JSON.stringify(content)).toString('base64url')
}

function signatureOf(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text, 'utf8').digest('base64url')
}
