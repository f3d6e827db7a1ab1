import express, { type Express, type RequestHandler } from 'express'
import { describe, expect, it } from 'vitest'
import { bearer } from '../../routers/bearer/index.ts'
import { oneTimeToken } from '../../routers/one-time-token/index.ts'
import { getSession, mountKernia, requireSession, sessionOf } from '../../src/integrations/express.ts'
import { serve } from '../support/http-server.ts'
import { cookieOf, postJson, rawRequest } from '../support/raw-request.ts'
import { ann, createTestAuth } from '../support/test-auth.ts'

const ORDERS: [name: string, before: RequestHandler[], after: RequestHandler[]][] = [
  ['no parser', [], []],
  ['parsers before', [express.json({ limit: '2mb' }), express.urlencoded()], []],
  ['extended parsers before', [express.json(), express.urlencoded({ extended: true })], []],
  ['a text parser before', [express.text({ type: '*/*' })], []],
  ['a raw parser before', [express.raw({ type: '*/*' })], []],
  ['parsers after', [], [express.json(), express.urlencoded()]],
]

const form = { 'content-type': 'application/x-www-form-urlencoded' }

function start(
  before: RequestHandler[] = [],
  extend: (app: Express) => void = () => undefined,
  options: Parameters<typeof createTestAuth>[0] = {},
): Promise<string> {
  return serve(baseURL => {
    const { auth } = createTestAuth({ ...options, baseURL })
    const app = express()
    for (const parser of before) app.use(parser)
    mountKernia(app, auth)
    extend(app)
    return app
  })
}

it('sends all values of a header, beside what the application has set', async () => {
  const cookies: RequestHandler = (_req, res, next) => {
    res.setHeader('set-cookie', 'theme=dark')
    next()
  }
  const origin = await start([cookies], () => undefined, {
    plugins: [bearer(), oneTimeToken({ setOttHeaderOnNewSession: true })],
  })
  const { headers } = await postJson(origin, '/api/auth/sign-up/email', ann)
  expect(headers['access-control-expose-headers']?.split(', ').sort()).toEqual(['set-auth-token', 'set-ott'])
  const names = headers['set-cookie']?.map(cookie => cookie.split('=')[0])
  expect(names).toEqual(['theme', 'better-auth.session_token'])
})

it("lets the application's middlewares change an answer until its end", async () => {
  const changing: RequestHandler = (_req, res, next) => {
    const end = res.end.bind(res) as (body?: string) => typeof res
    res.end = ((body?: string) => {
      res.setHeader('x-late', 'yes')
      return end(`${body} `)
    }) as typeof res.end
    next()
  }
  const origin = await start([changing])
  const { status, headers, text } = await postJson(origin, '/api/auth/sign-up/email', { ...ann, name: 'Änn 😀' })
  expect(status).toBe(200)
  expect(text).toMatch(/"Änn 😀".* $/)
  expect(headers).toMatchObject({ 'content-length': String(Buffer.byteLength(text)), 'x-late': 'yes' })
  expect(headers['set-cookie']).toHaveLength(1)
})

describe.each(ORDERS)('mountKernia, %s', (_name, before, after) => {
  const startOrder = () =>
    start(before, app => {
      for (const parser of after) app.use(parser)
      app.post('/echo', (req, res) => void res.json({ body: req.body ?? null }))
    })

  it('takes JSON and forms, and calls without a body', async () => {
    const origin = await startOrder()
    const signedUp = await postJson(origin, '/api/auth/sign-up/email', ann)
    expect(signedUp.status).toBe(200)

    const fields = new URLSearchParams({ email: ann.email, password: ann.password, callbackURL: '/home?a=1&b=2' })
    const path = '/api/auth/sign-in/email'
    const signedIn = await rawRequest(origin, { method: 'POST', path, headers: form, body: fields.toString() })
    expect(signedIn.status).toBe(200)
    expect(signedIn.headers.location).toBe('/home?a=1&b=2')

    const headers = { cookie: cookieOf(signedIn), origin }
    const signedOut = await rawRequest(origin, { method: 'POST', path: '/api/auth/sign-out', headers })
    expect([signedOut.status, signedOut.text]).toEqual([200, '{"success":true}'])
  })

  it('tells callbacks of the application about the request, whose body has been read by then', async () => {
    const told: (Request | undefined)[] = []
    const sendResetPassword = (_mail: unknown, request?: Request) => void told.push(request)
    const origin = await start(before, () => undefined, { emailAndPassword: { enabled: true, sendResetPassword } })
    await postJson(origin, '/api/auth/sign-up/email', ann)
    const body = JSON.stringify({ email: ann.email })
    const headers = { 'content-type': 'application/json', 'x-from': 'the test', origin }
    const path = '/api/auth/request-password-reset?lang=de'
    expect((await rawRequest(origin, { method: 'POST', path, headers, body })).status).toBe(200)
    await expect.poll(() => told.length).toBe(1)
    const [request] = told
    expect([request?.method, request?.headers.get('x-from')]).toEqual(['POST', 'the test'])
    expect(new URL(request?.url ?? '').search).toBe('?lang=de')
  })
})

describe('mountKernia', () => {
  it("leaves the application's own routes and their bodies alone", async () => {
    const origin = await start([], app => {
      app.use(express.json())
      app.post('/api/authors', (req, res) => void res.json(req.body))
    })
    const answer = await postJson(origin, '/api/authors', { name: 'Ann' })
    expect([answer.status, answer.text]).toEqual([200, '{"name":"Ann"}'])
    expect((await rawRequest(origin, { path: '/nowhere' })).headers['content-type']).toContain('text/html')
  })

  it('answers routes that the application mounted later under the base path with 404', async () => {
    const origin = await start([], app => app.get('/api/auth/mine', (_req, res) => void res.json({})))
    expect((await rawRequest(origin, { path: '/api/auth/mine' })).status).toBe(404)
  })
})

describe('the session in an Express application', () => {
  const startApp = () =>
    start([], app => {
      app.get('/maybe', async (req, res) => void res.json((await getSession(req, res))?.user.email ?? null))
      app.get('/private', requireSession, (_req, res) => void res.json(sessionOf(res).user.email))
      app.get('/forgotten', (_req, res) => void res.json(sessionOf(res)))
    })

  it('is read by getSession', async () => {
    const origin = await startApp()
    const cookie = cookieOf(await postJson(origin, '/api/auth/sign-up/email', ann))
    expect((await rawRequest(origin, { path: '/maybe' })).text).toBe('null')
    expect((await rawRequest(origin, { path: '/maybe', headers: { cookie } })).text).toBe(`"${ann.email}"`)
  })

  it('is demanded by requireSession, with 401 UNAUTHORIZED as JSON', async () => {
    const origin = await startApp()
    const refused = await rawRequest(origin, { path: '/private' })
    expect(refused.status).toBe(401)
    expect(refused.headers['content-type']).toContain('application/json')
    expect(JSON.parse(refused.text)).toEqual({ message: 'Unauthorized', code: 'UNAUTHORIZED' })

    const cookie = cookieOf(await postJson(origin, '/api/auth/sign-up/email', ann))
    expect((await rawRequest(origin, { path: '/private', headers: { cookie } })).text).toBe(`"${ann.email}"`)
    const forged = await rawRequest(origin, { path: '/private', headers: { cookie: `${cookie}x` } })
    expect(forged.status).toBe(401)
  })

  it('is missing loudly where requireSession was forgotten, or mountKernia', async () => {
    const origin = await startApp()
    expect((await rawRequest(origin, { path: '/forgotten' })).status).toBe(500)
    const bare = await serve(() => {
      const app = express()
      app.get('/', requireSession, (_req, res) => void res.end())
      return app
    })
    expect((await rawRequest(bare, { path: '/' })).status).toBe(500)
  })

  it('is extended on the way, and the browser gets the new cookie', async () => {
    const { auth, clock } = createTestAuth()
    const origin = await serve(() => {
      const app = express()
      mountKernia(app, auth)
      app.get('/private', requireSession, (_req, res) => void res.json({}))
      return app
    })
    const cookie = cookieOf(await postJson(origin, '/api/auth/sign-up/email', ann))
    clock.advance(2 * 86_400)
    const answer = await rawRequest(origin, { path: '/private', headers: { cookie } })
    expect(answer.headers['set-cookie']).toHaveLength(1)
    expect(answer.headers['set-cookie']?.[0]).toContain('Max-Age=604800')
    clock.advance(8 * 86_400)
    expect((await rawRequest(origin, { path: '/private', headers: { cookie } })).status).toBe(401)
  })
})
