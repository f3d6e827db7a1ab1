import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { onTestFinished } from 'vitest'

export type FetchHandler = (request: Request, connection: { socketAddress?: string }) => Promise<Response>

/**
 * Serves on a free port of this machine until the test ends.
 * @param build is given the server's origin, which an auth instance must know, and returns what answers
 */
export async function serve(build: (origin: string) => RequestListener | Promise<RequestListener>): Promise<string> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    return new Promise<void>(resolve => server.close(() => resolve()))
  })
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  server.on('request', await build(origin))
  return origin
}

/** A fetch-style handler behind Node's own HTTP server. */
export function toListener(handler: FetchHandler): RequestListener {
  return (req, res) => {
    answer(handler, req, res).catch(error => res.destroy(error))
  }
}

async function answer(handler: FetchHandler, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const headers = new Headers()
  for (const [name, values] of Object.entries(req.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value)
  }
  const hasBody = req.method !== 'GET' && req.method !== 'HEAD'
  const body = hasBody ? (Readable.toWeb(req) as ReadableStream) : undefined
  const init = { method: req.method, headers, body, duplex: 'half' }
  const request = new Request(`http://${req.headers.host}${req.url}`, init as RequestInit)
  const response = await handler(request, { socketAddress: req.socket.remoteAddress })
  res.writeHead(response.status, [...response.headers].flat())
  res.end(Buffer.from(await response.arrayBuffer()))
}
