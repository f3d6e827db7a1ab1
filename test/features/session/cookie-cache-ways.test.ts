import { createTRPCClient, httpBatchLink } from '@trpc/client'
import { initTRPC } from '@trpc/server'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import { betterAuth } from 'better-auth'
import { memoryAdapter as officialMemoryAdapter } from 'better-auth/adapters/memory'
import { createAuthClient } from 'better-auth/client'
import express from 'express'
import superjson from 'superjson'
import { describe, expect, it } from 'vitest'
import { createCookieFetch } from '../../../clients/cookie-fetch.ts'
import { formatError, type KerniaContext, memoryAdapter } from '../../../src/index.ts'
import { mountKernia, requireSession, sessionOf } from '../../../src/integrations/express.ts'
import { countingDatabase } from '../../support/counting-database.ts'
import { serve } from '../../support/http-server.ts'
import { startServer } from '../../support/start-server.ts'
import { ann, createTestAuth, secret } from '../../support/test-auth.ts'
import { visit } from '../../support/visitor.ts'

const cacheName = 'better-auth.session_data'

function withCache(strategy: 'compact' | 'jwt' | 'jwe') {
  const database = countingDatabase(memoryAdapter())
  const options = { database, session: { cookieCache: { enabled: true, strategy } } } as const
  const queries = async <T>(run: () => Promise<T>): Promise<[T, string[]]> => {
    database.calls.length = 0
    return [await run(), database.calls.splice(0)]
  }
  return { options, queries }
}

/** What a browser would send after these. */
function cookieOf(headers: Headers): string {
  const pairs = headers.getSetCookie().map(line => line.split(';')[0])
  return pairs.join('; ')
}

describe.each(['compact', 'jwt', 'jwe'] as const)('a cached session (%s)', strategy => {
  it('is read by the official client without a query, and follows what it changes', async () => {
    const { options, queries } = withCache(strategy)
    const { url } = await startServer(options)
    const keepCookies = createCookieFetch({ url })
    const browser = createAuthClient({
      baseURL: url,
      fetchOptions: {
        customFetchImpl: (input, init) => {
          const headers = new Headers(init?.headers)
          headers.set('origin', new URL(url).origin)
          return keepCookies(input, { ...init, headers })
        },
      },
    })
    await browser.signUp.email(ann)
    const [session, calls] = await queries(() => browser.getSession())
    expect([session.data?.user.name, calls]).toEqual(['Ann', []])
    expect(session.data?.session.expiresAt).toBeInstanceOf(Date)
    await browser.updateUser({ name: 'Anna' })
    expect((await queries(() => browser.getSession()))[0].data?.user.name).toBe('Anna')
    await browser.signOut()
    expect((await browser.getSession()).data).toBeNull()
  })

  it('is read by the tRPC client without a query', async () => {
    const { options, queries } = withCache(strategy)
    const { client } = await startServer(options)
    const backend = client()
    await backend.signUp.email.mutate(ann)
    const [both, calls] = await queries(() => Promise.all([backend.session.get.query(), backend.session.get.query()]))
    expect([both.map(found => found?.user.name), calls]).toEqual([['Ann', 'Ann'], []])
    const [, stored] = await queries(() => backend.session.get.query({ disableCookieCache: true }))
    expect(stored).toEqual(['findOne session'])
    await backend.signOut.mutate()
    expect(await backend.session.get.query()).toBeNull()
  })

  it('is read in an application that nests the router, without a query', async () => {
    const { options, queries } = withCache(strategy)
    const url = await startNested(options)
    const client = createTRPCClient<ReturnType<typeof nest>>({
      links: [
        httpBatchLink({
          url,
          transformer: superjson,
          headers: { origin: new URL(url).origin },
          fetch: createCookieFetch({ url }),
        }),
      ],
    })
    await client.accounts.signUp.email.mutate(ann)
    const [found, calls] = await queries(() => client.accounts.session.get.query())
    expect([found?.user.name, found?.user.createdAt instanceof Date, calls]).toEqual(['Ann', true, []])
    await client.accounts.user.update.mutate({ name: 'Anna' })
    expect((await client.accounts.session.get.query())?.user.name).toBe('Anna')
  })

  it('is read by a caller within the process, and by guards, without a query', async () => {
    const { options, queries } = withCache(strategy)
    const { auth } = createTestAuth(options)
    const resHeaders = new Headers()
    await auth.caller({ headers: {}, resHeaders }).signUp.email(ann)
    const headers = { cookie: cookieOf(resHeaders), origin: 'http://localhost:3000' }
    const [found, calls] = await queries(() => auth.caller({ headers }).session.get())
    expect([found?.user.name, calls]).toEqual(['Ann', []])
    expect((await queries(() => auth.getSession(headers)))[1]).toEqual([])
    const origin = await serve(() => {
      const app = express()
      mountKernia(app, auth)
      app.get('/me', requireSession, (_req, res) => void res.json({ name: sessionOf(res).user.name }))
      return app
    })
    const [me, ofGuard] = await queries(async () => (await fetch(`${origin}/me`, { headers })).json())
    expect([me, ofGuard]).toEqual([{ name: 'Ann' }, []])
  })

  it('made by an official server with the same secret is read here, and the other way round', async () => {
    const official = betterAuth({
      baseURL: 'http://localhost:3000',
      secret,
      database: officialMemoryAdapter({ user: [], session: [], account: [], verification: [] }),
      emailAndPassword: { enabled: true },
      session: { cookieCache: { enabled: true, strategy } },
      logger: { disabled: true },
    })
    const { options, queries } = withCache(strategy)
    const { auth } = createTestAuth({ ...options, clock: () => new Date() })
    const body = JSON.stringify({ name: 'Olga', email: 'olga@example.com', password: ann.password })
    const headers = { origin: 'http://localhost:3000', 'content-type': 'application/json' }
    const theirs = await official.handler(
      new Request('http://localhost:3000/api/auth/sign-up/email', { method: 'POST', headers, body }),
    )
    const [found, calls] = await queries(() => auth.getSession({ cookie: cookieOf(theirs.headers) }))
    expect([found?.user.name, found?.user.createdAt instanceof Date, calls]).toEqual(['Olga', true, []])

    const browser = visit(auth)
    await browser.post('/sign-up/email', ann)
    expect(browser.cookies.has(cacheName)).toBe(true)
    const answer = await official.handler(
      new Request('http://localhost:3000/api/auth/get-session', { headers: { cookie: browser.cookieHeader() } }),
    )
    expect(await answer.json()).toMatchObject({ user: { email: ann.email }, session: { userId: expect.any(String) } })
  })
})

type TestOptions = ReturnType<typeof withCache>['options']

const authOf = (options: TestOptions & { baseURL: string }) => createTestAuth({ ...options, plugins: [] })

function nest(auth: ReturnType<typeof authOf>['auth']) {
  const t = initTRPC.context<KerniaContext>().create({
    transformer: superjson,
    errorFormatter: ({ shape, error }) => formatError(shape, error),
  })
  return t.router({ accounts: auth.router })
}

async function startNested(options: TestOptions): Promise<string> {
  const origin = await serve(baseURL => {
    const { auth } = authOf({ ...options, baseURL })
    const createContext = (given: Parameters<typeof auth.createContext>[0]) => auth.createContext(given)
    return createHTTPHandler({ router: nest(auth), basePath: '/trpc/', createContext })
  })
  return `${origin}/trpc`
}
