import { describe, expect, it } from 'vitest'
import { memoryAdapter } from '../../src/index.ts'
import { ann, createTestAuth, secret } from '../support/test-auth.ts'
import { visit } from '../support/visitor.ts'

const liesAboutTheHost: Record<string, string> = {
  host: 'evil.com',
  'x-forwarded-host': 'evil.com',
  'x-forwarded-proto': 'https',
  'x-forwarded-port': '8443',
  'x-forwarded-prefix': '/evil',
  'x-original-url': 'https://evil.com/api/auth/error',
  'x-rewrite-url': '/api/auth/error',
  forwarded: 'host=evil.com;proto=https',
}

describe('the configuration [A9, controls 43 and 44]', () => {
  it('is not changed by the first request, nor by any other', async () => {
    const { auth, inbox } = createTestAuth()
    const before = JSON.stringify(auth.context.options)
    const evil = new Request('https://evil.com/other/base/ok', { headers: liesAboutTheHost })
    expect((await auth.handler(evil)).status).toBe(404)
    const visitor = visit(auth)
    await visitor.post('/sign-up/email', ann, { headers: liesAboutTheHost })
    await visitor.post('/request-password-reset', { email: ann.email }, { headers: liesAboutTheHost })
    expect((await inbox.waitFor(ann.email)).url).toMatch(/^http:\/\/localhost:3000\/api\/auth\/reset-password\//)
    expect(JSON.stringify(auth.context.options)).toBe(before)
    expect((await visitor.get('/ok')).status).toBe(200)
  })

  it('alone says where redirects and links lead', async () => {
    const { auth } = createTestAuth()
    const { headers } = await visit(auth).get('/reset-password/x?callbackURL=/next', { headers: liesAboutTheHost })
    expect(headers.get('location')).toBe('http://localhost:3000/next?error=INVALID_TOKEN')
  })

  it('alone says which origin is ours', async () => {
    const { auth } = createTestAuth()
    const visitor = visit(auth)
    await visitor.post('/sign-up/email', ann)
    const headers = { ...liesAboutTheHost, origin: 'https://evil.com', host: 'evil.com' }
    expect((await visitor.post('/sign-out', undefined, { headers })).body.code).toBe('INVALID_ORIGIN')
  })

  it('alone says whether cookies are secure', async () => {
    const { setCookies } = await visit(createTestAuth().auth).post('/sign-up/email', ann, { headers: liesAboutTheHost })
    expect(Object.entries(setCookies)[0]).toEqual([
      'better-auth.session_token',
      expect.not.stringMatching(/Secure|Domain/),
    ])
  })
})

describe('two instances in one process', () => {
  const createTwo = () => {
    const one = createTestAuth()
    const two = createTestAuth({ secret: `${secret}-two`, advanced: { cookiePrefix: 'two' } })
    return [one, two] as const
  }

  it('do not share users, sessions or secrets', async () => {
    const [one, two] = createTwo()
    const visitor = visit(one.auth)
    await visitor.post('/sign-up/email', ann)
    expect((await visit(two.auth).post('/sign-in/email', ann)).status).toBe(401)
    const value = visitor.cookies.get('better-auth.session_token')
    const cookie = `two.session_token=${value}; better-auth.session_token=${value}`
    expect((await visit(two.auth).get('/get-session', { headers: { cookie } })).text).toBe('null')
    expect(await two.auth.context.adapter.count({ model: 'user' })).toBe(0)
  })

  it('do not share sessions even on one database, unless they share the secret', async () => {
    const adapter = memoryAdapter()
    let shared: ReturnType<typeof adapter.connect> | undefined
    const database = {
      connect: (schema: Parameters<typeof adapter.connect>[0]) => (shared ??= adapter.connect(schema)),
    }
    const [one, two, three] = [secret, `${secret}-two`, secret].map(
      key => createTestAuth({ database, secret: key }).auth,
    )
    const visitor = visit(one as NonNullable<typeof one>)
    await visitor.post('/sign-up/email', ann)
    const read = async (auth: typeof one) => {
      const headers = { cookie: visitor.cookieHeader() }
      return (await visit(auth as NonNullable<typeof auth>).get('/get-session', { headers })).text !== 'null'
    }
    expect([await read(one), await read(two), await read(three)]).toEqual([true, false, true])
  })

  it('do not share options, tables, routers or the clock', async () => {
    const one = createTestAuth({
      user: { modelName: 'people', additionalFields: { nick: { type: 'string', required: false } } },
    })
    const two = createTestAuth()
    expect(two.auth.context.schema.user).toMatchObject({ modelName: 'user' })
    expect(two.auth.context.schema.user?.fields).not.toHaveProperty('nick')
    expect(one.auth.router).not.toBe(two.auth.router)
    one.clock.advance(1000)
    expect(one.auth.context.now().getTime() - two.auth.context.now().getTime()).toBe(1_000_000)
  })
})
