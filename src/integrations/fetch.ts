import { type AnyRouter, getTRPCErrorShape } from '@trpc/server'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import {
  createRestHandler,
  type OpenApiDocument,
  openApiDocument,
  readText,
  referencePage,
  referenceScript,
} from '../../openapi/index.ts'
import { errorPage } from '../../routers/system/error-page.ts'
import type { Kernel } from '../context.ts'
import { AuthError, errors, toAuthError } from '../errors.ts'
import { createRequestContext } from '../request.ts'
import { t } from '../trpc.ts'
import { VERSION } from '../version.ts'

/** What the server knows of the connection beside the request. */
export interface Connection {
  /** Address of the peer. */
  socketAddress?: string
}

/** Answers every request under the base path: REST, tRPC at `/trpc`, the document, the reference and the error page. */
export type FetchHandler = (request: Request, connection?: Connection) => Promise<Response>

/** One batch may hold this many calls. */
const LARGEST_BATCH = 20

export function createFetchHandler(kernel: Kernel, router: AnyRouter): FetchHandler {
  const { basePath } = kernel.options
  const connections = new WeakMap<Request, Connection>()
  const rest = createRestHandler({
    router,
    basePath,
    skipTrailingSlashes: kernel.options.advanced.skipTrailingSlashes,
    createContext: (request, sendHeader) => ({
      auth: createRequestContext(kernel, {
        headers: request.headers,
        method: request.method,
        request,
        socketAddress: connections.get(request)?.socketAddress,
        sendHeader,
      }),
    }),
  })
  const pages: Record<string, (url: URL) => Response | Promise<Response>> = {
    '/openapi.json': () => Response.json(documentOf(kernel, router)),
    '/reference': () => {
      const path = `${basePath}/reference`
      return referencePage({ title: kernel.options.appName, path, documentPath: `${basePath}/openapi.json` })
    },
    '/reference/scalar.js': referenceScript,
    '/error': url => errorPage(url, kernel.options),
  }
  return async (request, connection = {}) => {
    const url = new URL(request.url)
    const path = url.pathname.startsWith(`${basePath}/`) ? url.pathname.slice(basePath.length) : ''
    const page = request.method === 'GET' && Object.hasOwn(pages, path) ? pages[path] : undefined
    if (page) return page(url)
    connections.set(request, connection)
    if (!path.startsWith('/trpc/')) return rest(request)
    return answerTrpc({ kernel, router, request, connection })
  }
}

/** The OpenAPI document of an instance. */
export function documentOf(kernel: Kernel, router: AnyRouter): OpenApiDocument {
  const { appName, baseURL, dialect } = kernel.options
  const sessionCookie = kernel.cookies('session_token').name
  const { hookErrors } = kernel
  return openApiDocument({ router, title: appName, version: VERSION, baseURL, sessionCookie, dialect, hookErrors })
}

async function answerTrpc({
  kernel,
  router,
  request,
  connection,
}: {
  kernel: Kernel
  router: AnyRouter
  request: Request
  connection: Connection
}): Promise<Response> {
  let limited: Request
  try {
    limited = await withLimitedBody(request)
  } catch (thrown) {
    return refuseTrpc(toAuthError(thrown))
  }
  return fetchRequestHandler({
    endpoint: `${kernel.options.basePath}/trpc`,
    req: limited,
    router,
    maxBatchSize: LARGEST_BATCH,
    createContext: ({ req, resHeaders, info }) => ({
      auth: createRequestContext(kernel, {
        headers: req.headers,
        method: req.method,
        request: req,
        socketAddress: connection.socketAddress,
        isStreamed: info.accept === 'application/jsonl',
        sendHeader: (name, value) => resHeaders.append(name, value),
      }),
    }),
    responseMeta: () => ({ headers: { 'cache-control': 'no-store' } }),
  })
}

/** An error met before tRPC has the request, in the form that tRPC's clients read. */
function refuseTrpc(error: AuthError): Response {
  const shape = getTRPCErrorShape({
    config: t._config,
    error,
    type: 'unknown',
    path: undefined,
    input: undefined,
    ctx: undefined,
  })
  return Response.json({ error: shape }, { status: error.status, headers: { 'cache-control': 'no-store' } })
}

/** The request with its body read, so that a large one is refused before anything else looks at it. */
async function withLimitedBody(request: Request): Promise<Request> {
  if (!request.body) return request
  const type = request.headers.get('content-type') ?? ''
  if (!type.startsWith('application/json')) {
    throw new AuthError(errors.UNSUPPORTED_MEDIA_TYPE, { message: 'Only application/json is allowed' })
  }
  const { url, method, headers, signal } = request
  return new Request(url, { method, headers, signal, body: await readText(request) })
}
