import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type {
  Express,
  Request as ExpressRequest,
  Response as ExpressResponse,
  NextFunction,
  RequestHandler,
} from 'express'
import type { AuthHandle } from '../auth-handle.ts'
import type { SessionData } from '../context.ts'
import { type ErrorDefinition, errors } from '../errors.ts'
import { headersOf } from './trpc.ts'

const HANDLE = 'kernia'

/**
 * Serves all routes of `auth` under its base path, and lets `getSession` and `requireSession` find it.
 * Works before or after a body parser.
 */
export function mountKernia(app: Express, auth: AuthHandle): void {
  app.locals[HANDLE] = auth
  const { basePath } = auth.context.options
  app.use((req, res, next) => {
    // Not `app.use(basePath, ...)`: that matches without regard to case, which the routes do not.
    const isOurs = req.path === basePath || req.path.startsWith(`${basePath}/`)
    if (!isOurs) return next()
    answer(auth, req, res).catch(next)
  })
}

/** The session of a request to the application's own routes, or `null`. The session is extended when it is due. */
export async function getSession<D = SessionData>(req: ExpressRequest, res?: ExpressResponse): Promise<D | null> {
  const auth = req.app.locals[HANDLE] as AuthHandle | undefined
  if (!auth) throw new Error('getSession: call mountKernia(app, auth) first')
  const sendHeader = (name: string, value: string) => res?.appendHeader(name, value)
  const socketAddress = req.socket.remoteAddress
  return auth.readSession({
    headers: headersOf(req),
    method: req.method,
    socketAddress,
    sendHeader,
  }) as Promise<D | null>
}

/**
 * Lets only requests with a session pass, and puts it at `res.locals.auth`; `sessionOf(res)` reads it, typed.
 * Others get 401 `UNAUTHORIZED`.
 */
export const requireSession: RequestHandler = async (req: ExpressRequest, res: ExpressResponse, next: NextFunction) => {
  const found = await getSession(req, res)
  if (found) {
    res.locals.auth = found
    return next()
  }
  refuse(res, errors.UNAUTHORIZED)
}

/** The session that `requireSession` let pass. */
export function sessionOf<D = SessionData>(res: ExpressResponse): D {
  if (!res.locals.auth) throw new Error('sessionOf: put requireSession before this handler')
  return res.locals.auth as D
}

async function answer(auth: AuthHandle, req: ExpressRequest, res: ExpressResponse): Promise<void> {
  const request = toRequest(req, res)
  // Another spelling, such as `/x/../sign-in`, would reach the route past whatever guards its path before us.
  if (new URL(request.url).pathname !== req.originalUrl.split('?')[0]) return refuse(res, errors.NOT_FOUND)
  const response = await auth.handler(request, { socketAddress: req.socket.remoteAddress })
  res.status(response.status)
  for (const [name, value] of response.headers) {
    if (name !== 'set-cookie') res.setHeader(name, value)
  }
  for (const cookie of response.headers.getSetCookie()) res.appendHeader('set-cookie', cookie)
  if (!response.body) return void res.end()
  await pipeline(Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]), res)
}

function refuse(res: ExpressResponse, definition: ErrorDefinition): void {
  const { code, status, message } = definition
  res.status(status).json({ message, code })
}

function toRequest(req: ExpressRequest, res: ExpressResponse): Request {
  // Only the path and the query count; the host a client names is never used.
  const url = new URL(`http://localhost${req.originalUrl.replace(/^\/+(?=\/)/, '//')}`)
  const aborted = new AbortController()
  res.on('close', () => {
    if (!res.writableFinished) aborted.abort()
  })
  const headers = headersOf(req)
  const init = { method: req.method, headers, signal: aborted.signal }
  if (req.method === 'GET' || req.method === 'HEAD') return new Request(url, init)
  if (req.body !== undefined && req.readableEnded) return new Request(url, { ...init, body: parsedBody(req) })
  const body = Readable.toWeb(req) as unknown as ReadableStream
  return new Request(url, { ...init, body, duplex: 'half' } as RequestInit)
}

/** A body that a parser has read before us, as text again. */
function parsedBody(req: ExpressRequest): string | Uint8Array<ArrayBuffer> | null {
  const body: unknown = req.body
  if (typeof body === 'string' || body instanceof Uint8Array) return body as string | Uint8Array<ArrayBuffer>
  if (req.is('application/x-www-form-urlencoded')) return new URLSearchParams(body as Record<string, string>).toString()
  return Number(req.headers['content-length'] ?? 1) === 0 ? null : JSON.stringify(body)
}
