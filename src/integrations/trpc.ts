import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Kernel, KerniaContext, RequestSource } from '../context.ts'
import { createRequestContext } from '../request.ts'

/** What tRPC's fetch adapter gives to `createContext`. */
export interface FetchContextOptions {
  req: Request
  resHeaders: Headers
  info?: { accept?: string | null }
}

/** What tRPC's Express, standalone and Next.js (pages) adapters give to `createContext`. */
export interface NodeContextOptions {
  req: IncomingMessage
  res: ServerResponse
  info?: { accept?: string | null }
}

/** For any other adapter, or a call within the process. */
export interface HeadersContextOptions {
  headers: Headers | Record<string, string>
  /** Takes the response's headers, `set-cookie` among them. */
  resHeaders?: Headers
}

export type ContextOptions = FetchContextOptions | NodeContextOptions | HeadersContextOptions

/** The context of one request, from what the host's tRPC adapter gives to its `createContext`. */
export function createTrpcContext(kernel: Kernel, options: ContextOptions): KerniaContext {
  return { auth: createRequestContext(kernel, sourceOf(options)) }
}

function sourceOf(options: ContextOptions): RequestSource {
  if ('headers' in options) {
    const headers = new Headers(options.headers)
    return { headers, sendHeader: (name, value) => options.resHeaders?.append(name, value) }
  }
  // httpBatchStreamLink asks for this type; its response starts before the procedures end.
  const isStreamed = options.info?.accept === 'application/jsonl'
  if ('resHeaders' in options) {
    const { req, resHeaders } = options
    const sendHeader = (name: string, value: string) => resHeaders.append(name, value)
    return { headers: req.headers, method: req.method, request: req, isStreamed, sendHeader }
  }
  const { req, res } = options
  return {
    headers: headersOf(req),
    method: req.method ?? 'GET',
    socketAddress: req.socket.remoteAddress,
    isStreamed,
    sendHeader: (name, value) => res.appendHeader(name, value),
  }
}

/** Node's headers as fetch's. */
export function headersOf(req: IncomingMessage): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(req.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  return headers
}
