import { createHmac } from 'node:crypto'
import type { Normaliser } from './normalise.ts'
import { readSessionData } from './session-data.ts'

/** One Set-Cookie line, ready to be compared. */
export interface CookieRecord {
  name: string
  /** Value and attributes in the order they were sent. */
  line: string
  /** What a session cache holds. */
  content?: unknown
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

/** Describes the `Set-Cookie` lines of one answer. Chunks of one value are put together and read as a whole. */
export function describeCookies(lines: string[], secret: string, normaliser: Normaliser): CookieRecord[] {
  const cookies = lines.map(parseSetCookie)
  const isChunk = ({ name, value }: CookieParts) => /\.\d+$/.test(name) && value !== ''
  const whole = cookies
    .filter(isChunk)
    .map(({ value }) => decodeURIComponent(value))
    .join('')
  return cookies.map(cookie => {
    const { value, attributes } = cookie
    // The cookies of a device's sessions are named after their tokens.
    const name = cookie.name.replace(/(?<=_multi-)\w+$/, token => normaliser.text(token))
    const data = readSessionData(isChunk(cookie) ? whole : decodeURIComponent(value), secret)
    const described = data ? `${data.form}${isChunk(cookie) ? ' in chunks' : ''}` : describe(value, secret, normaliser)
    const line = [described, ...attributes.map(describeAttribute)].join('; ')
    return { name, line, ...(data && { content: normaliser.value(data.content) }) }
  })
}

function describe(value: string, secret: string, normaliser: Normaliser): string {
  if (value === '') return '(empty)'
  const decoded = decodeURIComponent(value)
  const encoding = encodeURIComponent(decoded) === value ? '' : ' oddly encoded'
  // A whole OAuth state, which only the server reads: in Better Auth's form, or in ours.
  if (/^([0-9a-f]{200,}|k1\.\d+\.[\w-]+)$/.test(decoded)) return `sealed${encoding}`
  const signed = describeSigned(decoded, secret, normaliser)
  return signed ? signed + encoding : normaliser.text(decoded)
}

/** A signed value without its signature; `undefined` when `text` is none. */
export function describeSigned(text: string, secret: string, normaliser: Normaliser): string | undefined {
  const payload = text.slice(0, Math.max(0, text.lastIndexOf('.')))
  return payload && text === signCookie(payload, secret) ? `signed(${normaliser.text(payload)})` : undefined
}

// A second may pass between computing an expiry and writing what is left of it.
function describeAttribute(attribute: string): string {
  const seconds = /^Max-Age=(\d+)$/i.exec(attribute)?.[1]
  if (seconds !== undefined && (Number(seconds) + 1) % 60 === 0) return `Max-Age=${Number(seconds) + 1}`
  return attribute.replace(/^Expires=.*/i, 'Expires=<date>')
}
