import { createDecipheriv, createHmac } from 'node:crypto'
import { equalBytes } from './hmac.ts'

// Reading only, and at once: through WebCrypto, which works on other threads, it takes longer than a query.

/**
 * The claims of a JWT (RFC 7519) in JWS compact form, if `key` signed it with HS256.
 * @throws when it is none that could have been
 */
export function openHs256(token: string, key: string): Record<string, unknown> | undefined {
  const [header = '', payload = '', signature = '', ...rest] = token.split('.')
  const { alg } = headerOf(header)
  if (alg !== 'HS256' || rest.length > 0) return undefined
  const expected = createHmac('sha256', key).update(`${header}.${payload}`).digest()
  return equalBytes(expected, decode(signature)) ? parse(decode(payload)) : undefined
}

/** The `kid` of a token; `undefined` when it has none. */
export function keyIdOf(token: string): string | undefined {
  return headerOf(token.slice(0, token.indexOf('.'))).kid
}

/**
 * The claims of a JWT in JWE compact form (RFC 7516), `dir` with A256CBC-HS512 (RFC 7518, section 5.2).
 * @param key 64 octets: the first half authenticates, the second encrypts
 * @throws when it is none that could have been made with the key
 */
export function openA256CbcHs512(token: string, key: Uint8Array): Record<string, unknown> | undefined {
  const [header = '', encryptedKey, iv = '', text = '', tag = '', ...rest] = token.split('.')
  const { alg, enc, zip } = headerOf(header)
  if (alg !== 'dir' || enc !== 'A256CBC-HS512' || zip !== undefined) return undefined
  if (encryptedKey !== '' || rest.length > 0) return undefined
  const [nonce, encrypted] = [decode(iv), decode(text)]
  const lengthInBits = Buffer.alloc(8)
  lengthInBits.writeBigUInt64BE(BigInt(header.length * 8))
  const authenticated = createHmac('sha512', key.subarray(0, 32))
    .update(header, 'latin1')
    .update(nonce)
    .update(encrypted)
    .update(lengthInBits)
    .digest()
  // Before anything is decrypted, so that nothing is learned from how that fails.
  if (!equalBytes(authenticated.subarray(0, 32), decode(tag))) return undefined
  const cipher = createDecipheriv('aes-256-cbc', key.subarray(32), nonce)
  return parse(Buffer.concat([cipher.update(encrypted), cipher.final()]))
}

interface Header {
  alg?: string
  enc?: string
  kid?: string
  zip?: string
}

function headerOf(encoded: string): Header {
  const header = parse(decode(encoded)) as Header & { crit?: unknown }
  // RFC 7515, section 4.1.11: what is critical must be understood, and no extension is.
  return header.crit === undefined ? header : {}
}

function parse(json: Buffer): Record<string, unknown> {
  const value: unknown = JSON.parse(json.toString('utf8'))
  if (typeof value !== 'object' || value === null) throw new Error('not an object')
  return value as Record<string, unknown>
}

function decode(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url')
  // What Node overlooks, such as a letter too many, is a change all the same.
  if (bytes.toString('base64url') !== text) throw new Error('not base64url')
  return bytes
}
