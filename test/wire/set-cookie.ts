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
    const { name, value, attributes } = cookie
    const data = readSessionData(isChunk(cookie) ? whole : decodeURIComponent(value), secret)
    const described = data ? `${data.form}${isChunk(cookie) ? ' in chunks' : ''}` : describe(value, secret, normaliser)
    const line = [described, ...attributes.map(describeAttribute)].join('; ')
    return { name, line, ...(data && { content: normaliser.value(data.content) }) }
  })
}

function describe(value: string, secret: string, normaliser: Normaliser): string {
  if (value === '') return '(empty)'
  const decoded = decodeURIComponent(value)
  const at = decoded.lastIndexOf('.')
  const payload = decoded.slice(0, at)
  if (at > 0 && decoded === signCookie(payload, secret)) {
    const encoding = encodeURIComponent(decoded) === value ? '' : ' oddly encoded'
    return `signed(${normaliser.text(payload)})${encoding}`
  }
  return normaliser.text(decoded)
}

// A second may pass between computing an expiry and writing what is left of it.
function describeAttribute(attribute: string): string {
  const seconds = /^Max-Age=(\d+)$/i.exec(attribute)?.[1]
  if (seconds !== undefined && (Number(seconds) + 1) % 60 === 0) return `Max-Age=${Number(seconds) + 1}`
  return attribute.replace(/^Expires=.*/i, 'Expires=<date>')
}
