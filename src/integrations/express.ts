import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Express, Request as ExpressRequest, Response as ExpressResponse, RequestHandler } from 'express'
import type { AuthHandle } from '../auth-handle.ts'
import type { SessionData } from '../context.ts'
import { AuthError, errors, toAuthError } from '../errors.ts'
import type { Connection, Incoming } from '../incoming.ts'
import { assertSensible, type StepUp } from '../step-up.ts'
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
    const { path } = req
    const isOurs = path === basePath || path.startsWith(`${basePath}/`)
    if (!isOurs) return next()
    answer(auth, req, res).catch(next)
  })
}

/** The session of a request to the application's own routes, or `null`. The session is extended when it is due. */
export async function getSession<D = SessionData>(req: ExpressRequest, res?: ExpressResponse): Promise<D | null> {
  return readSession(req, res) as Promise<D | null>
}

/**
 * Lets only requests with a session pass, and puts it at `res.locals.auth`; `sessionOf(res)` reads it, typed.
 * Others get 401 `UNAUTHORIZED`; while the sessions cannot be read, everyone gets 503 `SERVICE_UNAVAILABLE`.
 */
export const requireSession: RequestHandler = guard({})

/**
 * `requireSession` for what needs more: lets only sessions pass that were signed in for at most `maxAge` seconds ago, or
 * with a second factor, as a procedure declares it; `requireStepUp({ secondFactor: { maxAge: 300 } })`, for example. A
 * cookie cache is never asked. Others get 401 `STEP_UP_REQUIRED` with the challenge of RFC 9470. Where no plugin knows
 * second factors, the first request tells: it fails, with an error that goes to Express.
 * @throws for ages that make no sense
 */
export function requireStepUp(asked: StepUp): RequestHandler {
  assertSensible('requireStepUp', asked)
  return guard(asked)
}

/** The session that `requireSession` or `requireStepUp` let pass. */
export function sessionOf<D = SessionData>(res: ExpressResponse): D {
  if (!res.locals.auth) throw new Error('sessionOf: put requireSession or requireStepUp before this handler')
  return res.locals.auth as D
}

function guard(asked: StepUp): RequestHandler {
  return async (req, res, next) => {
    try {
      const found = await readSession(req, res, asked)
      if (!found) return refuse(res, new AuthError(errors.UNAUTHORIZED))
      res.locals.auth = found
    } catch (thrown) {
      const error = toAuthError(thrown)
      return error.definition === errors.INTERNAL_SERVER_ERROR ? next(thrown) : refuse(res, error)
    }
    next()
  }
}

function readSession(req: ExpressRequest, res?: ExpressResponse, asked?: StepUp): Promise<SessionData | null> {
  const auth = req.app.locals[HANDLE] as AuthHandle | undefined
  if (!auth) throw new Error('getSession: call mountKernia(app, auth) first')
  const source = {
    headers: headersOf(req),
    method: req.method,
    ...connectionOf(req),
    sendHeader: res ? sendHeaderOf(res) : () => undefined,
  }
  return auth.readSession(source, asked)
}

async function answer(auth: AuthHandle, req: ExpressRequest, res: ExpressResponse): Promise<void> {
  // Only the path and the query count. The host is read from its header, where it counts at all.
  const url = new URL(`http://localhost${req.originalUrl.replace(/^\/+(?=\/)/, '//')}`)
  // Another spelling, such as `/x/../sign-in`, would reach the route past whatever guards its path before us.
  if (url.pathname !== req.originalUrl.split('?')[0]) return refuse(res, new AuthError(errors.NOT_FOUND))
  const answered = await auth.answer(new ExpressIncoming(url, req, res))
  res.status(answered.status)
  for (const [name, value] of answered.headers) {
    if (name === 'set-cookie') res.appendHeader(name, value)
    else res.setHeader(name, value)
  }
  // Its head leaves with the body, not before: middlewares of the application that wrap `end` may still change both.
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

/** A request as Express has it. Of a class, since an object with a getter of its own is slow to make. */
class ExpressIncoming implements Incoming {
  readonly method: string
  readonly url: URL
  readonly headers: Headers
  readonly socketAddress: string | undefined
  readonly isEncrypted: boolean | undefined
  readonly request: () => Request
  readonly #req: ExpressRequest

  constructor(url: URL, req: ExpressRequest, res: ExpressResponse) {
    this.method = req.method
    this.url = url
    this.headers = headersOf(req)
    const { socketAddress, isEncrypted } = connectionOf(req)
    this.socketAddress = socketAddress
    this.isEncrypted = isEncrypted
    this.#req = req
    let request: Request | undefined
    this.request = () => (request ??= toRequest(this, req, res))
  }

  get body() {
    return bodyOf(this.#req)
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
