import { lookup as resolve } from 'node:dns/promises'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** What may be sent out; the part of `fetch`'s that a server calling an API needs. */
export interface SafeFetchInit {
  method?: string
  headers?: HeadersInit
  body?: string | URLSearchParams | null
  signal?: AbortSignal | null
}

/** Every request that Kernia makes to another server goes through one of these. */
export type SafeFetch = (url: string | URL, init?: SafeFetchInit) => Promise<Response>

export interface SafeFetchOptions {
  /** Loopback addresses, by http too: for development and tests. Default false. */
  allowLoopback?: boolean
  /** Host names, or addresses, that may be private, such as an identity provider within one's own network. */
  allowedHosts?: readonly string[]
  /** Milliseconds for the whole exchange; default 5,000. */
  timeoutMs?: number
  /** Bytes of the response's body; default 1 MiB. */
  maxBytes?: number
}

/** A request was not made, or its answer not read. `code` says why; the address is not repeated. */
export class OutboundRefused extends Error {
  override readonly name = 'OutboundRefused'
  readonly code: 'SCHEME' | 'ADDRESS' | 'TOO_LARGE' | 'TIMEOUT' | 'FAILED'
  constructor(code: OutboundRefused['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/**
 * A fetch for addresses that somebody else had a say in. Only https, unless loopback is allowed; never to an address
 * that is not public (RFC 6890), which is checked on what the name resolves to, and that very address is connected to,
 * so that a name cannot resolve anew in between; redirects are not followed, time and size are limited.
 * @throws OutboundRefused
 */
export function createSafeFetch(options: SafeFetchOptions = {}): SafeFetch {
  const { timeoutMs = 5000 } = options
  return async (target, init = {}) => {
    const url = new URL(target)
    const isTrusted = options.allowedHosts?.includes(url.hostname) ?? false
    const mayConnect = (address: string) =>
      isTrusted || isPublic(address) || (options.allowLoopback === true && LOOPBACK.check(address, familyOf(address)))
    await assertScheme(url, options, isTrusted)
    const host = url.hostname.replace(/^\[|\]$/g, '')
    if (isIP(host) && !mayConnect(host)) throw refusedAddress()
    const signals = [AbortSignal.timeout(timeoutMs), ...(init.signal ? [init.signal] : [])]
    return send(url, init, { lookup: checkedLookup(mayConnect), signal: AbortSignal.any(signals), ...options })
  }
}

async function assertScheme(url: URL, { allowLoopback }: SafeFetchOptions, isTrusted: boolean): Promise<void> {
  if (url.username || url.password) throw new OutboundRefused('SCHEME', 'an address with credentials is not called')
  if (url.protocol === 'https:') return
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)
  if (url.protocol === 'http:' && (isTrusted || (allowLoopback && isLoopback))) return
  throw new OutboundRefused('SCHEME', 'only https addresses are called')
}

/** Resolves a name, and lets only addresses pass that may be connected to. */
function checkedLookup(mayConnect: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { all: true, family: options.family as number })
      .then(found => {
        // All of them: one public address beside a private one is no accident.
        if (found.length === 0 || !found.every(({ address }) => mayConnect(address))) throw refusedAddress()
        if (options.all) return callback(null, found)
        callback(null, found[0]?.address ?? '', found[0]?.family)
      })
      .catch((error: Error) => callback(error, '', 0))
  }
}

interface Sending extends SafeFetchOptions {
  lookup: LookupFunction
  signal: AbortSignal
}

function send(url: URL, init: SafeFetchInit, { lookup, signal, maxBytes = 2 ** 20 }: Sending): Promise<Response> {
  const headers = new Headers(init.headers)
  const body = init.body === undefined || init.body === null ? undefined : String(init.body)
  if (init.body instanceof URLSearchParams && !headers.has('content-type')) {
    headers.set('content-type', 'application/x-www-form-urlencoded')
  }
  if (body !== undefined) headers.set('content-length', String(Buffer.byteLength(body)))
  // GitHub refuses callers without a name.
  if (!headers.has('user-agent')) headers.set('user-agent', 'kernia')
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((settle, reject) => {
    const fail = (error: Error) => reject(asRefusal(error, signal))
    const sent = request(url, { method: init.method ?? 'GET', headers: Object.fromEntries(headers), lookup, signal })
    sent.on('error', fail)
    sent.on('response', response => {
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        chunks.push(chunk)
        if (size > maxBytes) response.destroy(new OutboundRefused('TOO_LARGE', `the answer is over ${maxBytes} bytes`))
      })
      response.on('error', fail)
      response.on('end', () => {
        const status = response.statusCode ?? 500
        const hasNoBody = status === 204 || status === 205 || status === 304
        const answered = new Headers(response.rawHeaders.length > 0 ? pairs(response.rawHeaders) : [])
        settle(new Response(hasNoBody ? null : Buffer.concat(chunks), { status, headers: answered }))
      })
    })
    sent.end(body)
  })
}

function pairs(raw: readonly string[]): [string, string][] {
  return raw.flatMap((name, at): [string, string][] => (at % 2 === 0 ? [[name, raw[at + 1] ?? '']] : []))
}

function asRefusal(error: Error, signal: AbortSignal): OutboundRefused {
  if (error instanceof OutboundRefused) return error
  if (signal.aborted) return new OutboundRefused('TIMEOUT', 'the other server took too long', { cause: error })
  return new OutboundRefused('FAILED', 'the other server could not be reached', { cause: error })
}

function refusedAddress(): OutboundRefused {
  return new OutboundRefused('ADDRESS', 'the address is not public')
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}

/** RFC 6890 and its registries: everything that is not globally reachable, and forms that carry another address. */
const NOT_PUBLIC = blockList([
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
])
// Only 2000::/3 is given out for public use; of that, these are not public or carry an IPv4 address.
const PUBLIC_V6 = blockList([['2000::', 3]])
const NOT_PUBLIC_V6 = blockList([
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
])
const LOOPBACK = blockList([
  ['127.0.0.0', 8],
  ['::1', 128],
])

function blockList(ranges: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList()
  for (const [network, prefix] of ranges) list.addSubnet(network, prefix, familyOf(network))
  return list
}

function isPublic(address: string): boolean {
  if (isIP(address) === 4) return !NOT_PUBLIC.check(address, 'ipv4')
  return isIP(address) === 6 && PUBLIC_V6.check(address, 'ipv6') && !NOT_PUBLIC_V6.check(address, 'ipv6')
}
