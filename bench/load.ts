// Sends requests to one address, from a process of its own, and prints what it saw as JSON.

import autocannon from 'autocannon'

/** One round of load: bounded in time, to loopback only. */
export interface Load {
  url: string
  method?: 'GET' | 'POST'
  headers?: Record<string, string>
  body?: string
  connections: number
  seconds: number
}

export interface LoadResult {
  requests: number
  perSecond: number
  p50: number
  p99: number
  failures: number
}

const { url, connections, seconds, method = 'GET', headers = {}, body } = JSON.parse(process.argv[2] ?? '{}') as Load
if (new URL(url).hostname !== '127.0.0.1') throw new Error('the load goes to loopback only')

const result = await autocannon({ url, connections, duration: seconds, method, headers, body })
const seen: LoadResult = {
  requests: result['2xx'],
  perSecond: result['2xx'] / result.duration,
  p50: result.latency.p50,
  p99: result.latency.p99,
  failures: result.non2xx + result.errors + result.timeouts,
}
process.stdout.write(JSON.stringify(seen))
