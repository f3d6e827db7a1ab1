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
import { AuthError, errors, toAuthError } from '../errors.ts'
import type { Connection, Incoming } from '../incoming.ts'
import { headersOf, sendHeaderOf } from './trpc.ts'

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
  return auth.readSession({
    headers: headersOf(req),
    method: req.method,
    ...connectionOf(req),
    sendHeader: res ? sendHeaderOf(res) : () => undefined,
  }) as Promise<D | null>
}

/**
 * Lets only requests with a session pass, and puts it at `res.locals.auth`; `sessionOf(res)` reads it, typed.
 * Others get 401 `UNAUTHORIZED`; while the sessions cannot be read, everyone gets 503 `SERVICE_UNAVAILABLE`.
 */
export const requireSession: RequestHandler = async (req: ExpressRequest, res: ExpressResponse, next: NextFunction) => {
  try {
    const found = await getSession(req, res)
    if (!found) return refuse(res, new AuthError(errors.UNAUTHORIZED))
    res.locals.auth = found
  } catch (thrown) {
    const error = toAuthError(thrown)
    return error.definition === errors.INTERNAL_SERVER_ERROR ? next(thrown) : refuse(res, error)
  }
  next()
}

/** The session that `requireSession` let pass. */
export function sessionOf<D = SessionData>(res: ExpressResponse): D {
  if (!res.locals.auth) throw new Error('sessionOf: put requireSession before this handler')
  return res.locals.auth as D
}

async function answer(auth: AuthHandle, req: ExpressRequest, res: ExpressResponse): Promise<void> {
  // Only the path and the query count. The host is read from its header, where it counts at all.
  const url = new URL(`http://localhost${req.originalUrl.replace(/^\/+(?=\/)/, '//')}`)
  // Another spelling, such as `/x/../sign-in`, would reach the route past whatever guards its path before us.
  if (url.pathname !== req.originalUrl.split('?')[0]) return refuse(res, new AuthError(errors.NOT_FOUND))
  const answered = await auth.answer(incomingOf(url, req, res))
  res.status(answered.status)
  for (const [name, value] of answered.headers) {
    if (name !== 'set-cookie') res.setHeader(name, value)
  }
  const cookies = answered.headers.getSetCookie()
  if (cookies.length > 0) res.setHeader('set-cookie', cookies)
  if (!(answered instanceof Response)) return void res.end(answered.body ?? undefined)
  if (answered.body && isStreamed(answered)) return stream(answered.body, res)
  // Whole, which costs half of what a stream of one piece does.
  res.end(Buffer.from(await answered.arrayBuffer()))
}

/** A streamed batch, or a subscription of the application's own. */
function isStreamed({ headers }: Response): boolean {
  return headers.has('transfer-encoding') || headers.get('content-type') === 'text/event-stream'
}

/** A client that leaves in the middle is no failure. */
async function stream(body: ReadableStream, res: ExpressResponse): Promise<void> {
  await pipeline(Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]), res).catch(error => {
    if (!res.destroyed) throw error
  })
}

function refuse(res: ExpressResponse, { status, message, authCode, headers }: AuthError): void {
  res.status(status).set(headers).json({ message, code: authCode })
}

function connectionOf({ socket }: ExpressRequest): Connection {
  return { socketAddress: socket.remoteAddress, isEncrypted: 'encrypted' in socket && socket.encrypted === true }
}

function incomingOf(url: URL, req: ExpressRequest, res: ExpressResponse): Incoming {
  const { method } = req
  const headers = headersOf(req)
  let request: Request | undefined
  return {
    method,
    url,
    headers,
    ...connectionOf(req),
    get body() {
      return bodyOf(req)
    },
    request: () => (request ??= toRequest({ method, url, headers }, req, res)),
  }
}

/** The body, unless the method has none; as text again where a parser has read it before us. */
function bodyOf(req: ExpressRequest): AsyncIterable<Uint8Array> | null {
  if (req.method === 'GET' || req.method === 'HEAD') return null
  if (req.body === undefined || !req.readableEnded) return req
  const parsed = parsedBody(req)
  return parsed === null ? null : Readable.from([Buffer.from(parsed)])
}

/** With its body, as long as nobody has read that. */
function toRequest(
  { method, url, headers }: Pick<Incoming, 'method' | 'url' | 'headers'>,
  req: ExpressRequest,
  res: ExpressResponse,
): Request {
  const init = { method, headers, ...(url.pathname.includes('/trpc/') && { signal: untilClosed(res) }) }
  const body = bodyOf(req)
  if (!body || (body === req && req.readableDidRead)) return new Request(url, init)
  return new Request(url, { ...init, body: Readable.toWeb(Readable.from(body)), duplex: 'half' } as RequestInit)
}

/** A streamed batch stops when nobody reads it any more; other calls are as good as done. */
function untilClosed(res: ExpressResponse): AbortSignal {
  const aborted = new AbortController()
  res.on('close', () => {
    if (!res.writableFinished) aborted.abort()
  })
  return aborted.signal
}

/** A body that a parser has read before us, as text again. */
function parsedBody(req: ExpressRequest): string | Uint8Array<ArrayBuffer> | null {
  const body: unknown = req.body
  if (typeof body === 'string' || body instanceof Uint8Array) return body as string | Uint8Array<ArrayBuffer>
  if (req.is('application/x-www-form-urlencoded')) return new URLSearchParams(body as Record<string, string>).toString()
  return Number(req.headers['content-length'] ?? 1) === 0 ? null : JSON.stringify(body)
}
