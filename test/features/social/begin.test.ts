import { describe, expect, it } from 'vitest'
import { createTestAuth } from '../../support/test-auth.ts'
import { visit } from '../../support/visitor.ts'
import { startLocalProvider, withLocal } from './local-provider.ts'
import { begin, redirection, signIn } from './signing-in.ts'

async function start(given: object = {}) {
  const local = await startLocalProvider()
  const test = createTestAuth({ plugins: [withLocal(local)], ...given })
  return { ...test, local, visit: () => visit(test.auth) }
}

describe('POST /sign-in/social', () => {
  it('answers where to go, and says so in a header unless it is not to', async () => {
    const { local, visit } = await start()
    const { begun } = await begin(visit(), local, { input: { scopes: ['photos'], loginHint: ' ada@example.com' } })
    expect(begun.body).toEqual({ url: expect.any(String), redirect: true })
    expect(begun.headers.get('location')).toBe(begun.body.url)
    const { origin, pathname, searchParams } = new URL(begun.body.url ?? '')
    expect([origin, pathname]).toEqual([local.origin, '/authorize'])
    expect(Object.fromEntries(searchParams)).toMatchObject({
      response_type: 'code',
      client_id: 'local-client',
      scope: 'openid email photos',
      redirect_uri: 'http://localhost:3000/api/auth/callback/local',
      login_hint: ' ada@example.com',
    })
    const still = await begin(visit(), local, { input: { disableRedirect: true } })
    expect(still.begun.body.redirect).toBe(false)
    expect(still.begun.headers.has('location')).toBe(false)
  })

  it('refuses an unknown provider, one that is not configured, and parameters of the protocol', async () => {
    const { visit } = await start({ socialProviders: { github: { clientId: 'only' }, google: { enabled: false } } })
    const ask = async (input: object) => {
      const { status, body, setCookies } = await visit().post('/sign-in/social', input)
      return [status, body.code, Object.keys(setCookies)]
    }
    expect(await ask({ provider: 'none' })).toEqual([404, 'PROVIDER_NOT_FOUND', []])
    expect(await ask({ provider: 'google' })).toEqual([404, 'PROVIDER_NOT_FOUND', []])
    expect(await ask({ provider: 'github' })).toEqual([400, 'PROVIDER_NOT_CONFIGURED', []])
    const [status, code] = await ask({ provider: 'local', additionalParams: { redirect_uri: 'https://evil.example' } })
    expect([status, code]).toEqual([400, 'RESERVED_PARAMETER'])
    const long = { provider: 'local', additionalData: { text: 'x'.repeat(5000) } }
    expect(await ask(long)).toEqual([400, 'VALIDATION_ERROR', []])
  })

  it.each([
    ['callbackURL', 'INVALID_CALLBACK_URL'],
    ['errorCallbackURL', 'INVALID_ERROR_CALLBACK_URL'],
    ['newUserCallbackURL', 'INVALID_NEW_USER_CALLBACK_URL'],
  ])('leads nowhere else: %s', async (field, code) => {
    const { visit } = await start()
    for (const url of ['https://evil.example', '//evil.example', '/\\evil.example']) {
      const { status, body } = await visit().post('/sign-in/social', { provider: 'local', [field]: url })
      expect([status, body.code]).toEqual([403, code])
    }
  })

  it('leads to the site itself when nothing is said', async () => {
    const { local, visit } = await start()
    const answer = await signIn(visit(), local, { input: { callbackURL: undefined } })
    expect(redirection(answer)).toEqual([302, 'http://localhost:3000'])
  })

  it('is limited like other sign-ins', async () => {
    const { visit } = await start({ rateLimit: { enabled: true } })
    const ask = () => visit().post('/sign-in/social', { provider: 'local' }, { socketAddress: '203.0.113.9' })
    const statuses = [await ask(), await ask(), await ask(), await ask()].map(({ status }) => status)
    expect(statuses).toEqual([200, 200, 200, 429])
  })

  it('hands additionalData to hooks', async () => {
    const seen: unknown[] = []
    const local = await startLocalProvider()
    const watching = {
      id: 'watching',
      hooks: {
        userCreating: (_draft: object, auth: { seen: { additionalData?: object } }) =>
          void seen.push(auth.seen.additionalData),
      },
    }
    const { auth } = createTestAuth({ plugins: [withLocal(local), watching] })
    await signIn(visit(auth), local, { input: { additionalData: { invitation: 'abc' } } })
    expect(seen).toEqual([{ invitation: 'abc' }])
  })
})

it('never asks a private address in production', async () => {
  const local = await startLocalProvider()
  const env = process.env.NODE_ENV
  process.env.NODE_ENV = 'production'
  try {
    const { auth } = createTestAuth({ baseURL: 'https://app.example', plugins: [withLocal(local)] })
    const browser = visit(auth)
    const answer = await signIn(browser, local, { input: { errorCallbackURL: '/oops' } })
    expect(redirection(answer)).toEqual([302, '/oops?error=invalid_code'])
  } finally {
    process.env.NODE_ENV = env
  }
})
