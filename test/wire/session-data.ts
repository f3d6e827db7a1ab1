import { createDecipheriv, createHmac, hkdfSync } from 'node:crypto'

/** What the cookie cache holds, and the form in which it was written; the signature or encryption has been checked. */
export interface SessionData {
  form: string
  content: unknown
}

/** Reads a value of the session cache cookie: signed JSON, a JWT, or an encrypted JWT; `undefined` if it is none. */
export function readSessionData(value: string, secret: string): SessionData | undefined {
  const parts = value.split('.')
  if (parts.length === 5) {
    // With another key the padding is right once in a while, but the text is none.
    const another = { form: `jwe ${decode(parts[0] ?? '')} under another key`, content: undefined }
    try {
      return readJwe(parts, secret) ?? another
    } catch {
      return another
    }
  }
  if (parts.length === 3) return readJwt(parts, secret)
  return readCompact(value, secret)
}

function readCompact(value: string, secret: string): SessionData | undefined {
  const compact = parseObject(decode(value))
  if (!compact || typeof compact.signature !== 'string') return undefined
  const signed = JSON.stringify({ ...(compact.session as object), expiresAt: compact.expiresAt })
  const expected = createHmac('sha256', secret).update(signed).digest('base64url')
  return { form: 'compact', content: { ...compact, signature: expected === compact.signature } }
}

function readJwt([header = '', payload = '', signature]: string[], secret: string): SessionData | undefined {
  const expected = createHmac('sha256', secret).update(`${header}.${payload}`).digest('base64url')
  const claims = parseObject(decode(payload))
  return claims && { form: `jwt ${decode(header)} ${expected === signature}`, content: withoutTimes(claims) }
}

/** RFC 7518, section 5.2.5, with a key that is derived from the secret. */
function readJwe([header = '', , iv = '', text = '', tag = '']: string[], secret: string): SessionData | undefined {
  const key = Buffer.from(
    hkdfSync('sha256', secret, 'better-auth-session', 'BetterAuth.js Generated Encryption Key', 64),
  )
  const [nonce, encrypted] = [Buffer.from(iv, 'base64url'), Buffer.from(text, 'base64url')]
  const length = Buffer.alloc(8)
  length.writeBigUInt64BE(BigInt(header.length * 8))
  const authenticated = Buffer.concat([Buffer.from(header), nonce, encrypted, length])
  const expected = createHmac('sha512', key.subarray(0, 32)).update(authenticated).digest().subarray(0, 32)
  const form = `jwe ${decode(header)} ${expected.toString('base64url') === tag}`
  const cipher = createDecipheriv('aes-256-cbc', key.subarray(32), nonce)
  const claims = parseObject(Buffer.concat([cipher.update(encrypted), cipher.final()]).toString('utf8'))
  return claims && { form, content: withoutTimes(claims) }
}

// Of the times only the distance is the same on both sides, and of the token's id that there is one.
function withoutTimes({ iat, exp, jti, ...claims }: Record<string, unknown>): unknown {
  const named = jti === undefined ? {} : { jti: typeof jti }
  return { ...claims, iat: typeof iat, exp: Number(exp) - Number(iat), ...named }
}

function decode(text: string): string {
  return Buffer.from(text, 'base64url').toString('utf8')
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
