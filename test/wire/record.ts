import type { Exchange } from './exchange.ts'
import { listStrings, type Normaliser } from './normalise.ts'
import { secret } from './servers.ts'
import { type CookieRecord, describeCookies, describeSigned, parseSetCookie } from './set-cookie.ts'

/** What one step did on one server, normalised. */
export interface StepRecord {
  status: number
  headers: Record<string, string>
  cookies: CookieRecord[]
  body: unknown
  /** Messages the step made the server send. */
  mail: unknown[]
  /** What the official client made of the answer. */
  client?: unknown
}

// Everything the contract or the client gives a meaning to; the rest (Date, ETag, ...) is the HTTP server's own affair.
const comparedHeaders = [
  'content-type',
  'location',
  'x-retry-after',
  'retry-after',
  'set-auth-token',
  'set-auth-jwt',
  'set-ott',
  'access-control-expose-headers',
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'cache-control',
  'www-authenticate',
  'allow',
]

export interface StepResult {
  step: string
  exchange: Exchange
  mails: unknown[]
  client?: unknown
  /** Looked for in an HTML page, which is otherwise not compared: markup, or text that a visitor reads. */
  probes?: string[]
}

export function toRecord(result: StepResult, normaliser: Normaliser): StepRecord {
  const { exchange, step, mails } = result
  const headers = comparedHeaders.filter(name => exchange.headers[name] !== undefined)
  const known = listStrings(exchange.json, 'body', new Map())
  for (const line of exchange.setCookies) {
    const cookie = parseSetCookie(line)
    known.set(`cookie.${cookie.name}`, decodeURIComponent(cookie.value))
  }
  for (const name of headers) known.set(`header.${name}`, exchange.headers[name] ?? '')
  listStrings(mails, 'mail', known)
  normaliser.learn(step, known)
  return {
    status: exchange.status,
    headers: Object.fromEntries(
      headers.map(name => [name, describeHeader(name, exchange.headers[name] ?? '', normaliser)]),
    ),
    cookies: describeCookies(exchange.setCookies, secret, normaliser),
    body: describeBody(exchange, normaliser, result.probes ?? []),
    mail: mails.map(mail => normaliser.value(mail)),
    ...(result.client === undefined ? {} : { client: normaliser.value(result.client) }),
  }
}

// The seconds left of a window depend on how fast the requests before came.
function describeHeader(name: string, value: string, normaliser: Normaliser): string {
  if (name === 'set-auth-token') return describeSigned(value, secret, normaliser) ?? normaliser.text(value)
  if (!name.endsWith('retry-after') || !/^\d+$/.test(value)) return normaliser.text(value)
  return Number(value) < 3 ? 'under 3 s' : `about ${Math.round(Number(value) / 5) * 5} s`
}

function describeBody(exchange: Exchange, normaliser: Normaliser, probes: string[]): unknown {
  if (exchange.text === '') return '(empty)'
  if (exchange.headers['content-type']?.startsWith('text/html')) {
    const title = /<title>(.*?)<\/title>/s.exec(exchange.text)?.[1]
    const visible = readPage(exchange.text)
    const found = (probe: string) => (probe.startsWith('<') ? exchange.text : visible).includes(probe)
    return { title, ...Object.fromEntries(probes.map(probe => [probe, found(probe)])) }
  }
  return exchange.json === undefined ? normaliser.text(exchange.text) : normaliser.value(exchange.json)
}

// What a visitor reads: no markup, whichever way the special characters were escaped.
function readPage(html: string): string {
  const names: Record<string, string> = { lt: '<', gt: '>', quot: '"', amp: '&' }
  return html
    .replace(/<[^>]*>/g, '')
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
    .replace(/&(lt|gt|quot|amp);/g, (_, name) => names[name] ?? '')
}
