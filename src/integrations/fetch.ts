import { type AnyRouter, getTRPCErrorShape } from '@trpc/server'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { createRestHandler, type RestAnswer, readText } from '../../openapi/index.ts'
import type { Kernel } from '../context.ts'
import { AuthError, errors, toAuthError } from '../errors.ts'
import type { Incoming } from '../incoming.ts'
import { listProcedures, restRoutes } from '../meta.ts'
import { jsonPage, mergePages, type Page, type PageVisit, type PluginPages } from '../pages.ts'
import { createRequestContext, originOf } from '../request.ts'
import { sendHeaderTo } from '../send-header.ts'
import { t } from '../trpc.ts'
import type { Documents } from './documents.ts'

/** Answers every request under the base path: REST, tRPC at `/trpc`, the document and the plugins' pages. */
export type RequestHandler = (incoming: Incoming) => Promise<Response | RestAnswer>

/** An answer as fetch has it. */
export function asResponse(answer: Response | RestAnswer): Response {
  if (answer instanceof Response) return answer
  const { status, headers, body } = answer
  return new Response(body, { status, headers: [...headers] })
}

/** One batch may hold this many calls. */
const LARGEST_BATCH = 20

export function createRequestHandler(
  kernel: Kernel,
  router: AnyRouter,
  { plugins, documents }: { plugins: readonly PluginPages[]; documents: Documents },
): RequestHandler {
  const { basePath } = kernel.options
  const rest = createRestHandler({
    router,
    basePath,
    skipTrailingSlashes: kernel.options.advanced.skipTrailingSlashes,
    throwsFailures: kernel.options.onAPIError?.throw,
    createContext: (incoming, headers) => ({
      auth: createRequestContext(kernel, { ...sourceOf(incoming), sendHeader: sendHeaderTo(headers) }),
    }),
  })
  const pages = pagesOf(kernel, router, plugins)
  return async incoming => {
    const { url, method } = incoming
    const path = url.pathname.startsWith(`${basePath}/`) ? url.pathname.slice(basePath.length) : ''
    const page = method === 'GET' ? pages.get(path) : undefined
    if (page) {
      const document = () => documents(originOf(kernel, sourceOf(incoming)))
      return show(page, { url, kernel, document })
    }
    return path.startsWith('/trpc/') ? answerTrpc({ kernel, router, incoming }) : rest(incoming)
  }
}

function sourceOf({ method, url, headers, request, socketAddress, isEncrypted }: Incoming) {
  return { method, url, headers, request, socketAddress, isEncrypted }
}

/** The plugins' pages and the document, without those that the application switched off. */
function pagesOf(kernel: Kernel, router: AnyRouter, plugins: readonly PluginPages[]): ReadonlyMap<string, Page> {
  const routes = listProcedures(router).flatMap(({ meta }) => restRoutes(meta))
  const taken = routes.filter(({ method }) => method === 'GET').map(({ path }) => path)
  const document = {
    id: 'document',
    pages: { '/openapi.json': ({ document }: PageVisit) => jsonPage(document()) },
  }
  const all = mergePages([document, ...plugins], taken)
  const { disabledPaths = [] } = kernel.options
  return new Map([...all].filter(([path]) => !disabledPaths.includes(path)))
}

async function show(page: Page, visit: PageVisit): Promise<Response> {
  try {
    return await page(visit)
  } catch (thrown) {
    const { message, authCode: code, status, cause } = toAuthError(thrown)
    if (status >= 500) visit.kernel.log.error(`the page ${visit.url.pathname} failed`, cause ?? thrown)
    return Response.json({ message, code }, { status })
  }
}

async function answerTrpc({
  kernel,
  router,
  incoming,
}: {
  kernel: Kernel
  router: AnyRouter
  incoming: Incoming
}): Promise<Response> {
  let limited: Request
  try {
    limited = await withLimitedBody(incoming.request())
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
        ...sourceOf(incoming),
        headers: req.headers,
        request: () => req,
        isStreamed: info.accept === 'application/jsonl',
        sendHeader: sendHeaderTo(resHeaders),
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
