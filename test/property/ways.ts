import { Agent } from 'node:http'
import { createTRPCUntypedClient, httpBatchLink, TRPCClientError } from '@trpc/client'
import { initTRPC } from '@trpc/server'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import superjson, { type SuperJSONResult } from 'superjson'
import { AuthError, formatError, type KerniaContext } from '../../src/index.ts'
import { type ProcedureRecord, restRoutes } from '../../src/meta.ts'
import { serve } from '../support/http-server.ts'
import { type RawRequest, type RawResponse, rawRequest } from '../support/raw-request.ts'
import { mounts } from '../support/start-server.ts'
import { type ComparedAuth, createComparedAuth } from './seed.ts'

/** One call, as every way is asked to make it. */
export interface Call {
  headers: Record<string, string>
  /** JSON text; `undefined` for no input at all. Parsed anew by each way, so that none can spoil it for another. */
  input: string | undefined
  /**
   * By REST the input of a GET is its path and its query string: text, which is coerced by the schema. These are the
   * texts; `input` is what they mean.
   */
  query?: Record<string, string>
}

export interface Answer {
  /** 200 for any success: that REST redirects is no difference in what was answered. */
  status: number
  code?: string
  message?: string
  data?: unknown
  cookies: string[]
}

export interface Way {
  name: string
  instance: ComparedAuth
  call(procedure: ProcedureRecord, call: Call): Promise<Answer>
}

/** One of the address's ways in for each instance; they end with the test. */
export async function openWays(): Promise<Way[]> {
  return [await openRest(), await openTrpc(), await openEmbedded(), openCaller()]
}

/** All instances believe to be there, so that the same `Origin` is theirs. */
export const BASE = 'http://auth.example'

const agent = new Agent({ keepAlive: true })

/** A server that dies with the test, and requests to it. */
async function serveInstance(listen: (instance: ComparedAuth) => Parameters<typeof serve>[0]) {
  const instance = createComparedAuth(BASE)
  const origin = await serve(listen(instance))
  const send = (request: RawRequest) => rawRequest(origin, { ...request, agent })
  return { instance, send }
}

function cookiesOf({ headers }: RawResponse): string[] {
  return headers['set-cookie'] ?? []
}

async function openRest(): Promise<Way> {
  const { instance, send } = await serveInstance(
    ({ auth }) =>
      () =>
        mounts.express(auth),
  )
  const call: Way['call'] = async (procedure, request) => {
    const response = await send(restRequest(procedure, request))
    const cookies = cookiesOf(response)
    // REST sends the browser where the others say it should go.
    if (response.status === 302) return { status: 200, data: { url: response.headers.location }, cookies }
    const body = JSON.parse(response.text)
    if (response.status === 200) return { status: 200, data: body, cookies }
    return { status: response.status, code: body.code, message: body.message, cookies }
  }
  return { name: 'REST', instance, call }
}

function restRequest(procedure: ProcedureRecord, { headers, input, query = {} }: Call): RawRequest {
  const [route] = restRoutes(procedure.meta)
  if (!route) throw new Error(`"${procedure.path}" has no REST line`)
  const { method } = route
  if (method === 'POST') {
    const type: Record<string, string> = input === undefined ? {} : { 'content-type': 'application/json' }
    return { method, path: `/api/auth${route.path}`, headers: { ...headers, ...type }, body: input }
  }
  const rest = new URLSearchParams(query)
  const path = route.path.replace(/:(\w+)/g, (_match, name: string) => {
    rest.delete(name)
    return encodeURIComponent(query[name] ?? '')
  })
  return { method, path: `/api/auth${path}?${rest}`, headers }
}

async function openTrpc(): Promise<Way> {
  const { instance, send } = await serveInstance(
    ({ auth }) =>
      () =>
        mounts.express(auth),
  )
  const call: Way['call'] = async (procedure, { headers, input }) => {
    let cookies: string[] = []
    // Node's own `fetch` would add headers that only browsers send.
    const plainFetch = async (address: unknown, init?: { method?: string; headers?: unknown; body?: unknown }) => {
      const { pathname, search } = new URL(String(address))
      const sent = init?.headers as Record<string, string>
      const body = init?.body as string | undefined
      const response = await send({ method: init?.method, path: pathname + search, headers: sent, body })
      cookies = cookiesOf(response)
      return new Response(response.text, { status: response.status })
    }
    const link = httpBatchLink({ url: 'http://server/api/auth/trpc', headers, fetch: plainFetch })
    const client = createTRPCUntypedClient({ links: [link] })
    try {
      const data = await client[procedure.type](procedure.path, parse(input))
      return { status: 200, data, cookies }
    } catch (error) {
      if (!(error instanceof TRPCClientError)) throw error
      const { httpStatus, authCode } = error.data ?? {}
      return { status: httpStatus, code: authCode, message: error.message, cookies }
    }
  }
  return { name: 'tRPC', instance, call }
}

interface HostContext extends KerniaContext {
  requestId: string
}

async function openEmbedded(): Promise<Way> {
  const { instance, send } = await serveInstance(({ auth }) => () => {
    const [dated, plain] = [hostOf(auth, superjson), hostOf(auth)]
    return (req, res) => (req.url?.startsWith('/plain/') ? plain : dated)(req, res)
  })
  const call: Way['call'] = async (procedure, { headers, input }) => {
    // superjson drops a `__proto__` before anyone sees it, so a host without it has to show that it is refused.
    const isHostile = input?.includes('__proto__') ?? false
    const decode = (value: unknown) => (isHostile ? value : superjson.deserialize(value as SuperJSONResult))
    const payload = input === undefined || isHostile ? input : `{"json":${input}}`
    const isQuery = procedure.type === 'query'
    const search = isQuery && payload !== undefined ? `?input=${encodeURIComponent(payload)}` : ''
    const path = `/${isHostile ? 'plain' : 'dated'}/accounts.${procedure.path}${search}`
    const typed = { ...headers, 'content-type': 'application/json' }
    const response = await send(isQuery ? { path, headers } : { method: 'POST', path, headers: typed, body: payload })
    const body = JSON.parse(response.text)
    const cookies = cookiesOf(response)
    if (!body.error) return { status: 200, data: decode(body.result.data), cookies }
    const { data, message } = decode(body.error) as { data: { httpStatus: number; authCode?: string }; message: string }
    return { status: data.httpStatus, code: data.authCode, message, cookies }
  }
  return { name: 'embedded', instance, call }
}

/** Another application's tRPC server, with the auth router inside. */
function hostOf(auth: ComparedAuth['auth'], transformer?: typeof superjson) {
  const t = initTRPC.context<HostContext>().create({
    transformer,
    errorFormatter: ({ shape, error }) => formatError(shape, error),
  })
  const router = t.router({ health: t.procedure.query(() => 'well'), accounts: auth.router })
  return createHTTPHandler({
    router,
    basePath: `/${transformer ? 'dated' : 'plain'}/`,
    createContext: options => ({ requestId: '1', ...auth.createContext(options) }),
  })
}

function openCaller(): Way {
  const instance = createComparedAuth(BASE)
  const call: Way['call'] = async (procedure, { headers, input }) => {
    const resHeaders = new Headers()
    const caller = instance.auth.caller({ headers, resHeaders })
    const find = (node: unknown, key: string) => (node as Record<string, unknown>)[key]
    const run = procedure.path.split('.').reduce(find, caller) as (input: unknown) => Promise<unknown>
    try {
      const data = await run(parse(input))
      return { status: 200, data, cookies: resHeaders.getSetCookie() }
    } catch (error) {
      if (!(error instanceof AuthError)) throw error
      const { status, authCode, message } = error
      return { status, code: authCode, message, cookies: resHeaders.getSetCookie() }
    }
  }
  return { name: 'in process', instance, call }
}

function parse(input: string | undefined): unknown {
  return input === undefined ? undefined : JSON.parse(input)
}
