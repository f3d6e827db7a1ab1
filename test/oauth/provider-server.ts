import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { createSafeFetch, type SafeFetch } from '../../src/safe-fetch.ts'

export interface SeenRequest {
  method: string
  /** The address that was meant, without its query. */
  url: string
  query: Record<string, string>
  headers: Record<string, string | undefined>
  body: string
  /** The body as form fields. */
  form: Record<string, string>
}

export interface Answer {
  status?: number
  headers?: Record<string, string>
  /** Sent as JSON. */
  json?: unknown
  /** Sent as it is. */
  text?: string | Buffer
}

/** `GET https://api.example/path` to what is answered there. */
export type Routes = Record<string, Answer | ((request: SeenRequest) => Answer | Promise<Answer>)>

export interface ProviderServer {
  /** Sends what is meant for `https://host/path` to this machine's `/host/path`. */
  fetch: SafeFetch
  seen: SeenRequest[]
  routes: Routes
}

/** Providers on a real server of this machine, until the test ends. What has no route is answered 404. */
export async function startProviders(routes: Routes = {}): Promise<ProviderServer> {
  const seen: SeenRequest[] = []
  const server = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', async () => {
      const body = Buffer.concat(chunks).toString('utf8')
      const url = new URL(`https:/${req.url}`)
      const request: SeenRequest = {
        method: req.method ?? '',
        url: url.origin + url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers: req.headers as SeenRequest['headers'],
        body,
        form: Object.fromEntries(new URLSearchParams(body)),
      }
      seen.push(request)
      const route = routes[`${request.method} ${request.url}`] ?? { status: 404, json: { message: 'no such route' } }
      const answer = typeof route === 'function' ? await route(request) : route
      const content = answer.text ?? JSON.stringify(answer.json ?? {})
      const type = answer.text === undefined ? { 'content-type': 'application/json' } : {}
      res.writeHead(answer.status ?? 200, { ...type, ...answer.headers }).end(content)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    return new Promise<void>(resolve => server.close(() => resolve()))
  })
  const { port } = server.address() as AddressInfo
  const send = createSafeFetch({ allowLoopback: true, timeoutMs: 3000 })
  const fetch: SafeFetch = (target, init) => {
    const url = new URL(target)
    if (url.protocol !== 'https:') throw new Error(`not https: ${url}`)
    return send(`http://127.0.0.1:${port}/${url.host}${url.pathname}${url.search}`, init)
  }
  return { fetch, seen, routes }
}
