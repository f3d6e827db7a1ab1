// Sends requests to one address, from a process of its own, and prints what it saw as JSON.

import autocannon from 'autocannon'

/** One round of load: bounded in time or count, to loopback only. */
export interface Load {
  url: string
  method?: 'GET' | 'POST'
  headers?: Record<string, string>
  /** One for each connection in turn, as browsers of different people send them. */
  cookies?: readonly string[]
  /** In a body, `[<id>]` becomes another value for every request. */
  body?: string
  connections: number
  seconds: number
  /** Ends the round when so many were answered. */
  amount?: number
}

export interface LoadResult {
  requests: number
  perSecond: number
  p50: number
  p99: number
  failures: number
}

const given = JSON.parse(process.argv[2] ?? '{}') as Load
const { url, connections, seconds, amount, method = 'GET', headers = {}, cookies = [], body } = given
if (new URL(url).hostname !== '127.0.0.1') throw new Error('the load goes to loopback only')

const bounds = amount ? { amount } : { duration: seconds }
const idReplacement = body?.includes('[<id>]') ?? false
let people = 0
// By a clock of our own: the one of the result ends with a whole second.
const begin = performance.now()
let end = begin
const setupClient = (client: autocannon.Client) => {
  if (cookies.length > 0) client.setHeaders({ ...headers, cookie: cookies[people++ % cookies.length] })
  client.on('response', () => {
    end = performance.now()
  })
}
const result = await autocannon({
  url,
  connections,
  timeout: 120,
  ...bounds,
  method,
  headers,
  body,
  idReplacement,
  setupClient,
})
const seen: LoadResult = {
  requests: result['2xx'],
  perSecond: (result['2xx'] / (end - begin)) * 1000,
  p50: result.latency.p50,
  p99: result.latency.p99,
  failures: result.non2xx + result.errors + result.timeouts,
}
process.stdout.write(JSON.stringify(seen))
