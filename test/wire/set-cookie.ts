import { createHmac } from 'node:crypto'
import type { Normaliser } from './normalise.ts'

/** One Set-Cookie line, ready to be compared. */
export interface CookieRecord {
  name: string
  /** Value and attributes in the order they were sent. */
  line: string
}

export interface CookieParts {
  name: string
  value: string
  attributes: string[]
}

export function parseSetCookie(line: string): CookieParts {
  const [pair = '', ...attributes] = line.split('; ')
  const at = pair.indexOf('=')
  return { name: pair.slice(0, at), value: pair.slice(at + 1), attributes }
}

/** Signs a cookie value the way the official server does; the result still has to be percent-encoded. */
export function signCookie(value: string, secret: string): string {
  return `${value}.${createHmac('sha256', secret).update(value).digest('base64')}`
}

export function describeCookie(line: string, secret: string, normaliser: Normaliser): CookieRecord {
  const { name, value, attributes } = parseSetCookie(line)
  const parts = [describeValue(value, secret, normaliser), ...attributes.map(describeAttribute)]
  return { name, line: parts.join('; ') }
}

function describeValue(value: string, secret: string, normaliser: Normaliser): string {
  if (value === '') return '(empty)'
  const decoded = decodeURIComponent(value)
  const at = decoded.lastIndexOf('.')
  const payload = decoded.slice(0, at)
  if (at > 0 && decoded === signCookie(payload, secret)) {
    const encoding = encodeURIComponent(decoded) === value ? '' : ' oddly encoded'
    return `signed(${normaliser.text(payload)})${encoding}`
  }
  return describeSessionData(decoded, secret, normaliser) ?? normaliser.text(decoded)
}

// The three strategies of the session cache cookie: compact (our own JSON with a signature), jwt, jwe.
function describeSessionData(value: string, secret: string, normaliser: Normaliser): string | undefined {
  const parts = value.split('.')
  if (parts.length === 5) return `jwe(${decodeBase64(parts[0] ?? '')})`
  if (parts.length === 3) {
    const expected = createHmac('sha256', secret).update(`${parts[0]}.${parts[1]}`).digest('base64url')
    const claims = parseObject(decodeBase64(parts[1] ?? ''))
    const rest = claims && { ...claims, exp: Number(claims.exp) - Number(claims.iat), iat: typeof claims.iat }
    return `jwt(${decodeBase64(parts[0] ?? '')} ${show(rest, normaliser)} ${expected === parts[2]})`
  }
  const compact = parseObject(decodeBase64(value))
  if (!compact || typeof compact.signature !== 'string') return undefined
  const signed = JSON.stringify({ ...(compact.session as object), expiresAt: compact.expiresAt })
  const expected = createHmac('sha256', secret).update(signed).digest('base64url')
  return `compact(${show({ ...compact, signature: expected === compact.signature }, normaliser)})`
}

function show(value: unknown, normaliser: Normaliser): string {
  return JSON.stringify(normaliser.value(value))
}

function decodeBase64(text: string): string {
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

// A second may pass between computing an expiry and writing what is left of it.
function describeAttribute(attribute: string): string {
  const seconds = /^Max-Age=(\d+)$/i.exec(attribute)?.[1]
  if (seconds !== undefined && (Number(seconds) + 1) % 60 === 0) return `Max-Age=${Number(seconds) + 1}`
  return attribute.replace(/^Expires=.*/i, 'Expires=<date>')
}
