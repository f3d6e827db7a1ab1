import { type BetterAuthClientPlugin, createAuthClient } from 'better-auth/client'
import { type CookieJar, createCookieJar } from './cookie-jar.ts'
import { type Coverage, createCoverage } from './coverage.ts'
import { type Exchange, fromResponse, send, type WireRequest } from './exchange.ts'
import { createNormaliser } from './normalise.ts'
import { type StepRecord, toRecord } from './record.ts'
import { basePath, type RunningServer } from './servers.ts'

type Client<P extends BetterAuthClientPlugin[]> = ReturnType<typeof createAuthClient<{ plugins: P }>>

/** One of the two servers while a scenario runs against it. */
export interface Side {
  origin: string
  records: Map<string, StepRecord>
  /** A new browser: no cookies yet. */
  visitor(): Visitor
  /** The last message the server sent; throws when there is none. */
  lastMail(): Record<string, unknown>
}

export interface Visitor {
  jar: CookieJar
  /** Runs one call of the official client, with these plugins, as a step. */
  client<P extends BetterAuthClientPlugin[] = []>(
    step: string,
    call: (client: Client<P>) => Promise<unknown>,
    plugins?: P,
  ): Promise<Exchange>
  get(step: string, path: string, extra?: Extra): Promise<Exchange>
  /** Posts JSON with this browser's cookies and the page's own Origin. */
  post(step: string, path: string, body?: unknown, extra?: Extra): Promise<Exchange>
  /** Sends a request as it is given; only the cookies are added. */
  raw(step: string, request: WireRequest, extra?: Extra): Promise<Exchange>
}

export interface Extra {
  headers?: Record<string, string | undefined>
  probes?: string[]
}

export function createSide(server: RunningServer, coverage = createCoverage()): Side {
  const { origin, mails, settled } = server
  const normaliser = createNormaliser(origin)
  const records = new Map<string, StepRecord>()
  const record = async (
    step: string,
    exchange: Exchange,
    sentBefore: number,
    more: { client?: unknown; probes?: string[] },
  ) => {
    if (records.has(step)) throw new Error(`two steps are called ${step}`)
    await settled()
    await settle()
    records.set(step, toRecord({ step, exchange, mails: mails.slice(sentBefore), ...more }, normaliser))
    return exchange
  }
  const visitor = (): Visitor => {
    const jar = createCookieJar()
    const raw: Visitor['raw'] = async (step, request, extra = {}) => {
      const sentBefore = mails.length
      const host = new URL(origin).host
      const headers = { host, cookie: jar.header(), ...request.headers, ...extra.headers }
      const exchange = await send(origin, { ...request, path: absolute(request.path), headers })
      jar.store(exchange.setCookies)
      coverage.note(request.method ?? 'GET', request.path, exchange)
      return record(step, exchange, sentBefore, { probes: extra.probes })
    }
    return {
      jar,
      raw,
      get: (step, path, extra) => raw(step, { path }, extra),
      post: (step, path, body, extra) => {
        const json = body === undefined ? {} : { body: JSON.stringify(body) }
        const type = body === undefined ? undefined : 'application/json'
        return raw(step, { method: 'POST', path, headers: { origin, 'content-type': type }, ...json }, extra)
      },
      async client(step, call, plugins) {
        const sentBefore = mails.length
        const { exchanges, result } = await callClient({ origin, jar, coverage, plugins }, call)
        const exchange = exchanges[0]
        if (!exchange || exchanges.length > 1) throw new Error(`${step}: the client sent ${exchanges.length} requests`)
        return record(step, exchange, sentBefore, { client: describeResult(result) })
      },
    }
  }
  const lastMail = () => {
    const mail = mails.at(-1)
    if (!mail) throw new Error('no message was sent')
    return mail
  }
  return { origin, records, visitor, lastMail }
}

interface Page<P extends BetterAuthClientPlugin[]> {
  origin: string
  jar: CookieJar
  coverage: Coverage
  plugins: P | undefined
}

async function callClient<P extends BetterAuthClientPlugin[]>(
  { origin, jar, coverage, plugins }: Page<P>,
  call: (client: Client<P>) => Promise<unknown>,
) {
  const exchanges: Exchange[] = []
  // What a browser does for the client: cookies in and out, and the Origin of the page.
  const customFetchImpl = async (input: string | URL | Request, init?: RequestInit) => {
    const headers = new Headers(init?.headers)
    const cookie = jar.header()
    if (cookie) headers.set('cookie', cookie)
    headers.set('origin', origin)
    const response = await fetch(input, { ...init, headers, redirect: 'manual' })
    const exchange = await fromResponse(response)
    exchanges.push(exchange)
    const { pathname } = new URL(input instanceof Request ? input.url : input)
    coverage.note(init?.method ?? 'GET', pathname, exchange)
    jar.store(exchange.setCookies)
    return response
  }
  const baseURL = `${origin}${basePath}`
  const client = createAuthClient({ baseURL, fetchOptions: { customFetchImpl }, plugins: plugins ?? [] })
  // Without plugins the list is empty and `P` is, too, which the compiler does not see.
  return { result: await call(client as unknown as Client<P>), exchanges }
}

// The body is compared as it came over the wire; of the client's view only what the client adds to it is kept.
function describeResult(result: unknown): unknown {
  const { data, error } = result as { data?: unknown; error?: Record<string, unknown> | null }
  return {
    data: data === null ? null : typeof data,
    dates: listDates(data, ''),
    error: error ? Object.keys(error) : null,
  }
}

function listDates(value: unknown, path: string): string[] {
  if (value instanceof Date) return [path]
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value)
    .flatMap(([key, item]) => listDates(item, `${path}.${key}`))
    .sort()
}

function absolute(path: string): string {
  return path.startsWith('^') ? path.slice(1) : `${basePath}${path}`
}

// Messages may be sent in the background, just after the answer.
function settle(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, 5))
}
