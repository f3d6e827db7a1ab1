import { type Agent, type IncomingHttpHeaders, request } from 'node:http'

export interface RawRequest {
  method?: string
  /** Sent as it is: `fetch` would tidy it up. */
  path: string
  headers?: Record<string, string | string[]>
  body?: string | Buffer
  /** Without a length, in chunks. */
  isChunked?: boolean
  /** Keeps the connection for the next request. Default: a connection of its own. */
  agent?: Agent
}

export interface RawResponse {
  status: number
  headers: IncomingHttpHeaders
  text: string
}

/** A request by Node's own HTTP client, which adds no header and changes no path. */
export function rawRequest(
  origin: string,
  { method = 'GET', path, headers = {}, body, isChunked, agent }: RawRequest,
): Promise<RawResponse> {
  const length = body === undefined || isChunked ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const { hostname, port } = new URL(origin)
  return new Promise((resolve, reject) => {
    const sent = request(
      { hostname, port, method, path, headers: { ...length, ...headers }, agent: agent ?? false },
      response => {
        const chunks: Buffer[] = []
        response.on('data', chunk => chunks.push(chunk))
        response.on('end', () => {
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString(),
          })
        })
        response.on('error', reject)
      },
    )
    // A server that refuses a body early may close before all of it is sent; the answer counts, if there is one.
    sent.on('error', reject)
    sent.end(body)
  })
}

/** Posts JSON. */
export function postJson(
  origin: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<RawResponse> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return rawRequest(origin, {
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json', ...headers },
    body: text,
  })
}

/** What a browser would send after this response. */
export function cookieOf({ headers }: RawResponse): string {
  return (headers['set-cookie'] ?? []).map(header => header.split(';')[0]).join('; ')
}
