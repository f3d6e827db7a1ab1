import type { IncomingMessage, RequestListener } from 'node:http'
import { createTRPCClient, httpBatchLink, httpBatchStreamLink } from '@trpc/client'
import { initTRPC, TRPCError } from '@trpc/server'
import { createExpressMiddleware } from '@trpc/server/adapters/express'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import express from 'express'
import superjson from 'superjson'
import { createCookieFetch } from '../../clients/cookie-fetch.ts'
import { formatError, type KerniaContext } from '../../src/index.ts'
import { serve, toListener } from '../support/http-server.ts'
import { createTestAuth } from '../support/test-auth.ts'

/** What the host application has in its own context, beside Kernia's one key. */
interface HostContext extends KerniaContext {
  requestId: string
}

function createAuth(baseURL: string) {
  return createTestAuth({
    baseURL,
    rateLimit: { enabled: true, max: 50 },
    user: { additionalFields: { nickname: { type: 'string', required: false, input: true } } },
  })
}

type HostedAuth = ReturnType<typeof createAuth>['auth']

/** The host application's tRPC app: superjson, its own formatter, its own procedures, and the auth router two levels down. */
export function createHostRouter(auth: HostedAuth, composesFormatter = true) {
  const t = initTRPC.context<HostContext>().create({
    transformer: superjson,
    errorFormatter: ({ shape, error }) => {
      const own = { ...shape, data: { ...shape.data, isHost: true } }
      return composesFormatter ? formatError(own, error) : { ...own, data: { ...own.data, authCode: undefined } }
    },
  })
  const guarded = t.procedure.use(async ({ ctx, next }) => {
    const current = await auth.getSession(ctx.auth.headers)
    if (!current) throw new TRPCError({ code: 'UNAUTHORIZED', message: 'The host wants a session' })
    return next({ ctx: current })
  })
  return t.router({
    requestId: t.procedure.query(({ ctx }) => ctx.requestId),
    hasSameContext: t.procedure.query(({ ctx }) => ctx.auth.kernel === auth.context),
    conflict: t.procedure.query(() => {
      throw new TRPCError({ code: 'CONFLICT', message: 'The host is in conflict' })
    }),
    notes: {
      mine: guarded.query(({ ctx }) => ({
        of: ctx.user.email,
        nickname: ctx.user.nickname,
        since: ctx.user.createdAt,
      })),
    },
    accounts: t.router({ auth: auth.router }),
  })
}

export type HostRouter = ReturnType<typeof createHostRouter>

let requests = 0
const requestId = () => `request ${++requests}`

type Serve = (router: HostRouter, auth: HostedAuth) => RequestListener

/** The tRPC adapters a host may use. */
export const adapters: Record<string, Serve> = {
  standalone: (router, auth) =>
    createHTTPHandler({
      router,
      basePath: '/trpc/',
      createContext: options => ({ requestId: requestId(), ...auth.createContext(options) }),
    }),
  express: (router, auth) => {
    const createContext = (options: Parameters<HostedAuth['createContext']>[0]) => ({
      requestId: requestId(),
      ...auth.createContext(options),
    })
    return express().use('/trpc', createExpressMiddleware({ router, createContext }))
  },
  fetch: (router, auth) =>
    toListener((req, connection) =>
      fetchRequestHandler({
        endpoint: '/trpc',
        req,
        router,
        createContext: options => ({ requestId: requestId(), ...auth.createContext({ ...options, ...connection }) }),
      }),
    ),
  'headers only': (router, auth) =>
    toListener((req, connection) =>
      fetchRequestHandler({
        endpoint: '/trpc',
        req,
        router,
        createContext: ({ resHeaders }) => ({
          requestId: requestId(),
          ...auth.createContext({ headers: req.headers, resHeaders, ...connection }),
        }),
      }),
    ),
  'request and response only': (router, auth) =>
    createHTTPHandler({
      router,
      basePath: '/trpc/',
      createContext: ({ req, res }) => ({ requestId: requestId(), ...auth.createContext({ req, res }) }),
    }),
}

/** Starts a host application; it ends with the test. */
export async function startHost(listen: Serve, composesFormatter = true) {
  let made: ReturnType<typeof createAuth> | undefined
  const seen: IncomingMessage['headers'][] = []
  const origin = await serve(baseURL => {
    made = createAuth(baseURL)
    const listener = listen(createHostRouter(made.auth, composesFormatter), made.auth)
    return (req, res) => {
      seen.push(req.headers)
      listener(req, res)
    }
  })
  const url = `${origin}/trpc`
  const setCookies: string[] = []
  const linkOf = () => {
    const keepCookies = createCookieFetch({ url })
    const recorded: typeof fetch = async (input, init) => {
      const response = await keepCookies(input, init)
      setCookies.push(...response.headers.getSetCookie())
      return response
    }
    return { url, transformer: superjson, headers: { origin }, fetch: recorded }
  }
  const client = () => createTRPCClient<HostRouter>({ links: [httpBatchLink(linkOf())] })
  const streamed = () => createTRPCClient<HostRouter>({ links: [httpBatchStreamLink(linkOf())] })
  return { ...(made as ReturnType<typeof createAuth>), origin, url, setCookies, seen, client, streamed }
}
