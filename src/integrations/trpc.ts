import type { IncomingHttpHeaders } from 'node:http'
import type { Kernel, KerniaContext, RequestSource } from '../context.ts'
import { createRequestContext } from '../request.ts'
import { sendHeaderTo } from '../send-header.ts'

/** What tRPC's fetch adapter gives to `createContext`. */
export interface FetchContextOptions {
  req: Request
  resHeaders: Headers
  /** Address of the peer, which the request does not tell. Limits count by it. */
  socketAddress?: string
}

/** What tRPC's Express, standalone (HTTP/2 included) and Next.js (pages) adapters give to `createContext`. */
export interface NodeContextOptions {
  req: NodeRequest & { method?: string; socket: { remoteAddress?: string; encrypted?: boolean } }
  res: { appendHeader(name: string, value: string): unknown; setHeader(name: string, value: string): unknown }
}

interface NodeRequest {
  headers: IncomingHttpHeaders
}

/** For any other adapter, or a call within the process. */
export interface HeadersContextOptions {
  headers: Headers | Record<string, string>
  /** Takes the response's headers, `set-cookie` among them. */
  resHeaders?: Headers
  /** Address of the client, if it is not one of the headers that the options name. Limits count by it. */
  socketAddress?: string
}

export type ContextOptions = FetchContextOptions | NodeContextOptions | HeadersContextOptions

/** The context of one request, from what the host's tRPC adapter gives to its `createContext`. */
export function createTrpcContext(kernel: Kernel, options: ContextOptions): KerniaContext {
  return { auth: createRequestContext(kernel, sourceOf(options)) }
}

function sourceOf(options: ContextOptions): RequestSource {
  if ('headers' in options) {
    const { resHeaders = new Headers(), socketAddress } = options
    const headers = new Headers(options.headers)
    return { headers, socketAddress, isStreamed: isStreamed(headers), sendHeader: sendHeaderTo(resHeaders) }
  }
  if ('resHeaders' in options) {
    const { req: request, resHeaders, socketAddress } = options
    const { headers, method } = request
    return {
      headers,
      method,
      url: new URL(request.url),
      request: () => request,
      socketAddress,
      isStreamed: isStreamed(headers),
      sendHeader: sendHeaderTo(resHeaders),
    }
  }
  const { req, res } = options
  const headers = headersOf(req)
  return {
    headers,
    method: req.method ?? 'GET',
    socketAddress: req.socket.remoteAddress,
    isEncrypted: req.socket.encrypted === true,
    isStreamed: isStreamed(headers),
    sendHeader: sendHeaderOf(res),
  }
}

/** The same for a response of Node's server. */
export function sendHeaderOf(res: NodeContextOptions['res']): RequestSource['sendHeader'] {
  return sendHeaderTo({
    append: (name, value) => res.appendHeader(name, value),
    set: (name, value) => res.setHeader(name, value),
  })
}

// httpBatchStreamLink asks for this type; its response starts before the procedures end. Read from the headers, since
// not every host hands on what its adapter says.
function isStreamed(headers: Headers): boolean {
  const accepted = headers.get('trpc-accept') ?? headers.get('accept') ?? ''
  return accepted.split(',').some(type => type.trim() === 'application/jsonl')
}

/** Node's headers as fetch's. */
export function headersOf(req: NodeRequest): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(req.headers)) {
    // Those of HTTP/2 that begin with a colon are no headers to fetch.
    if (value === undefined || name.startsWith(':')) continue
    headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  // HTTP/2 has the host there.
  const authority = req.headers[':authority']
  if (typeof authority === 'string' && !headers.has('host')) headers.set('host', authority)
  return headers
}
