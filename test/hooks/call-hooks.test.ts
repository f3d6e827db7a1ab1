import { APIError, createAuthMiddleware } from 'better-auth/api'
import { describe, expect, it } from 'vitest'
import type { HookContext, HookOptions } from '../../src/index.ts'
import { AuthError, defineErrors } from '../../src/index.ts'
import { startServer } from '../support/start-server.ts'
import { ann, createTestAuth } from '../support/test-auth.ts'
import { visit } from '../support/visitor.ts'

const refusals = defineErrors({ ONLY_EXAMPLE_COM: [403, 'Only addresses of example.com may sign up'] })

// Hooks written for Better Auth are its own functions, whose types name its own context.
const official = (hooks: unknown) => hooks as HookOptions

describe('hooks.before', () => {
  it('sees each call, with its path and its input in camelCase before any schema has', async () => {
    const seen: Pick<HookContext, 'path' | 'operationId' | 'body' | 'query' | 'method'>[] = []
    const { auth } = createTestAuth({
      hooks: {
        before: ({ path, operationId, body, query, method }) =>
          void seen.push({ path, operationId, body, query, method: method ?? '(none)' }),
      },
    })
    const browser = visit(auth)
    await browser.post('/sign-in/email', { email: 'nobody', remember_me: 1 })
    await browser.get('/get-session?disableRefresh=true')
    await auth.caller().session.get()
    expect(seen).toEqual([
      {
        path: '/sign-in/email',
        operationId: 'signInEmail',
        method: 'POST',
        body: { email: 'nobody', rememberMe: 1 },
        query: undefined,
      },
      {
        path: '/get-session',
        operationId: 'getSession',
        method: 'GET',
        query: { disableRefresh: true },
        body: undefined,
      },
      { path: '/get-session', operationId: 'getSession', method: '(none)', query: undefined, body: undefined },
    ])
  })

  it('refuses by throwing, alike over REST and tRPC', async () => {
    const before = ({ body }: HookContext) => {
      const { email } = (body ?? {}) as { email?: string }
      if (email && !email.endsWith('@example.com')) throw new AuthError(refusals.ONLY_EXAMPLE_COM)
    }
    const { auth, client } = await startServer({ hooks: { before } })
    const foreign = { ...ann, email: 'ann@other.example' }
    const rest = await visit(auth).post('/sign-up/email', foreign)
    expect([rest.status, rest.body]).toEqual([
      403,
      { code: 'ONLY_EXAMPLE_COM', message: refusals.ONLY_EXAMPLE_COM.message },
    ])
    await expect(client().signUp.email.mutate(foreign)).rejects.toMatchObject({
      data: { authCode: 'ONLY_EXAMPLE_COM', httpStatus: 403 },
    })
    expect((await visit(auth).post('/sign-up/email', ann)).status).toBe(200)
  })

  it('changes the input; what it writes is checked like what a client sends', async () => {
    let callbackURL: string | undefined
    const { auth } = createTestAuth({
      hooks: {
        before: ({ path, body }) =>
          path === '/sign-up/email'
            ? { context: { body: { name: `Dr. ${(body as typeof ann).name}`, callbackURL } } }
            : undefined,
      },
    })
    const answer = await visit(auth).post('/sign-up/email', ann)
    expect(answer.body).toMatchObject({ user: { name: 'Dr. Ann' } })
    callbackURL = 'https://evil.example/'
    const redirected = await visit(auth).post('/sign-up/email', { ...ann, email: 'other@example.com' })
    expect(redirected.body).toMatchObject({ code: 'INVALID_CALLBACK_URL' })
  })

  it('answers in the place of the procedure, which then does not run', async () => {
    const { auth } = createTestAuth({
      hooks: { before: ({ path, json }) => (path === '/sign-up/email' ? json({ isClosed: true }) : undefined) },
    })
    const answer = await visit(auth).post('/sign-up/email', ann)
    expect([answer.status, answer.body]).toEqual([200, { isClosed: true }])
    expect(await auth.context.adapter.count({ model: 'user' })).toBe(0)
  })

  it('runs after the origin check', async () => {
    let calls = 0
    const { auth } = createTestAuth({ hooks: { before: () => void calls++ } })
    const answer = await visit(auth).post('/sign-in/email', ann, {
      headers: { origin: 'https://evil.example', cookie: 'any=thing' },
    })
    expect(answer.status).toBe(403)
    expect(calls).toBe(0)
  })
})

describe('hooks.after', () => {
  it('sees what the procedure answered, who came and which session began', async () => {
    const seen: unknown[] = []
    const { auth } = createTestAuth({
      hooks: {
        after: ({ path, context: { returned, session, newSession } }) =>
          void seen.push([path, Object.keys(returned as object), session?.user.name, newSession?.user.name]),
      },
    })
    const browser = visit(auth)
    await browser.post('/sign-up/email', ann)
    await browser.post('/update-user', { name: 'Anne' })
    expect(seen).toEqual([
      ['/sign-up/email', ['token', 'user'], undefined, 'Ann'],
      ['/update-user', ['status'], 'Ann', 'Anne'],
    ])
  })

  it('sees what the procedure refused with, and may answer instead', async () => {
    const codes: string[] = []
    const { auth } = createTestAuth({
      hooks: {
        after: ({ context: { returned } }) => {
          if (!(returned instanceof AuthError)) return undefined
          codes.push(returned.authCode)
          return { sorry: returned.message }
        },
      },
    })
    const answer = await visit(auth).post('/sign-in/email', ann)
    expect([answer.status, answer.body]).toEqual([200, { sorry: 'Invalid email or password' }])
    expect(codes).toEqual(['INVALID_CREDENTIALS'])
  })

  it('replaces the answer and adds headers and cookies', async () => {
    const { origin, client } = await startServer({
      hooks: {
        after: ({ path, context: { returned }, setHeader, setCookie }) => {
          if (path !== '/ok') return undefined
          setHeader('x-seen', 'yes')
          setCookie('seen', 'yes', { maxAge: 60 })
          return { ...(returned as object), isSeen: true }
        },
      },
    })
    const response = await fetch(`${origin}/api/auth/ok`)
    expect(await response.json()).toEqual({ ok: true, isSeen: true })
    expect(response.headers.get('x-seen')).toBe('yes')
    expect(response.headers.getSetCookie()).toEqual(['seen=yes; Max-Age=60; Path=/'])
    expect(await client().system.ok.query()).toEqual({ ok: true, isSeen: true })
  })
})

describe("hooks made with Better Auth's createAuthMiddleware", () => {
  it('run as they are: they refuse with APIError, change the body and set headers', async () => {
    const { auth } = createTestAuth({
      hooks: official({
        before: createAuthMiddleware(async ctx => {
          if (ctx.path !== '/sign-up/email') return
          if (!ctx.body?.email.endsWith('@example.com')) {
            throw new APIError('BAD_REQUEST', { message: 'Email must end with @example.com', code: 'WRONG_DOMAIN' })
          }
          return { context: { ...ctx, body: { ...ctx.body, name: 'John Doe' } } }
        }),
        after: createAuthMiddleware(async ctx => {
          if (!ctx.path.startsWith('/sign-up')) return
          ctx.setHeader('x-new-user', ctx.context.newSession?.user.name ?? '')
        }),
      }),
    })
    const refused = await visit(auth).post('/sign-up/email', { ...ann, email: 'ann@other.example' })
    expect([refused.status, refused.body]).toEqual([
      400,
      { code: 'WRONG_DOMAIN', message: 'Email must end with @example.com' },
    ])
    const answer = await visit(auth).post('/sign-up/email', ann)
    expect(answer.body).toMatchObject({ user: { name: 'John Doe' } })
    expect(answer.headers.get('x-new-user')).toBe('John Doe')
  })

  it('redirect', async () => {
    const { auth } = createTestAuth({
      hooks: official({
        before: createAuthMiddleware(async ctx => {
          if (ctx.path === '/ok') throw ctx.redirect('/elsewhere')
        }),
      }),
    })
    const answer = await visit(auth).get('/ok')
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/elsewhere'])
  })

  it('an APIError of a callback is answered as it says', async () => {
    const { auth } = createTestAuth({
      databaseHooks: {
        user: {
          create: {
            before: () => {
              throw new APIError('UNPROCESSABLE_ENTITY', { message: 'Not in your country' })
            },
          },
        },
      },
    })
    const answer = await visit(auth).post('/sign-up/email', ann)
    expect([answer.status, answer.body]).toEqual([
      422,
      { code: 'UNPROCESSABLE_ENTITY', message: 'Not in your country' },
    ])
  })
})
