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
      return Buffer.from(JSON.stringify({ session: payload, expiresAt, signature })).toString('base64url')
    },
    read: text => {
      const bytes = Buffer.from(text, 'base64url')
      // What Node overlooks, such as a letter too many, is a change all the same.
      if (bytes.toString('base64url') !== text) return undefined
      const json = bytes.toString('utf8')
      const parsed: unknown = JSON.parse(json)
      if (!isRecord(parsed) || !isRecord(parsed.session)) return undefined
      const { session, expiresAt, signature } = parsed
      // What else may stand there is not signed: one content has one form.
      if (JSON.stringify({ session, expiresAt, signature }) !== json) return undefined
      if (typeof expiresAt !== 'number' || typeof signature !== 'string') return undefined
      const signed = JSON.stringify({ ...session, expiresAt })
      if (!secrets.some(secret => equalInConstantTime(signatureOf(secret, signed), signature))) return undefined
      const payload = payloadOf(session)
      return payload && { payload, expiresAt }
    },
  }
}

function signatureOf(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text, 'utf8').digest('base64url')
}
