import { describe, expect, it } from 'vitest'
import { type OneTapOptions, oneTap } from '../../../routers/one-tap/index.ts'
import { startProviders } from '../../oauth/provider-server.ts'
import { createSigningKey } from '../../oauth/signing-key.ts'
import { ann, createTestAuth } from '../../support/test-auth.ts'
import { visit } from '../../support/visitor.ts'
import { describeEveryInstance, type StartInstance, type TestInstance } from '../every-instance.ts'

const KEYS = 'https://www.googleapis.com/oauth2/v3/certs'

/** An instance for which this machine is Google. */
async function startWithGoogle(start: StartInstance, options: OneTapOptions = { clientId: 'CID' }, more: object = {}) {
  const key = await createSigningKey('google')
  const server = await startProviders({ [`GET ${KEYS}`]: { json: { keys: [key.jwk] } } })
  const outbound = { fetch: server.fetch }
  const test = await start({ plugins: [oneTap(options)], advanced: { outbound }, ...more })
  const now = Math.floor(test.clock.now().getTime() / 1000)
  const ada = { sub: 'ada-1', name: 'Ada', email: 'Ada@Example.com', email_verified: true }
  const standard = { iss: 'https://accounts.google.com', aud: 'CID', iat: now, exp: now + 600 }
  const tokenOf = async (claims: object = {}, kid = 'google') =>
    (await createSigningKey(kid)).sign({ ...standard, ...ada, ...claims } as never)
  const tap = async (claims?: object, browser = test.visit(), path = '/one-tap/callback') =>
    browser.post(path, { idToken: await tokenOf(claims) })
  return { ...test, server, tokenOf, tap }
}

describeEveryInstance('POST /one-tap/callback', start => {
  it('signs up and in by the subject, and asks Google for its keys once', async () => {
    const { tap, visit, rows, server } = await startWithGoogle(start)
    const browser = visit()
    const first = await tap({}, browser)
    expect(first.body).toEqual({
      token: expect.any(String),
      user: expect.objectContaining({ email: 'ada@example.com', name: 'Ada', emailVerified: true }),
    })
    expect((await browser.get('/get-session')).body.user?.id).toBe(first.body.user?.id)
    const again = await tap({ email: 'moved@example.com' }, visit(), '/one-tap/verify')
    expect(again.body.user?.id).toBe(first.body.user?.id)
    expect(await rows('account')).toMatchObject([
      { providerId: 'google', accountId: 'ada-1', scope: 'openid,profile,email' },
    ])
    expect(server.seen.map(({ url }) => url)).toEqual([KEYS])
  })

  it('refuses tokens that are not for it [control 73]', async () => {
    const { tap, tokenOf, visit, rows, clock } = await startWithGoogle(start)
    const refusals = [
      await tap({ aud: 'another-application' }),
      await tap({ iss: 'https://evil.example' }),
      await tap({ exp: Math.floor(clock.now().getTime() / 1000) - 3600 }),
      await tap({ sub: '' }),
      await visit().post('/one-tap/callback', { idToken: await tokenOf({}, 'not-google') }),
      await visit().post('/one-tap/callback', { idToken: 'nonsense' }),
    ]
    for (const { status, body } of refusals) expect([status, body.code]).toEqual([400, 'INVALID_ID_TOKEN'])
    expect(await rows('user')).toEqual([])
  })

  it('links to the user with the address only where both sides have proven it [A20, control 73]', async () => {
    const { tap, visit, rows, auth } = await startWithGoogle(start)
    await visit().post('/sign-up/email', { ...ann, email: 'ada@example.com' })
    const planted = await tap()
    expect([planted.status, planted.body.code]).toEqual([401, 'ACCOUNT_NOT_LINKED'])
    const where = [{ field: 'email', value: 'ada@example.com' }]
    await auth.context.adapter.update({ model: 'user', where, update: { emailVerified: true } })
    const unproven = await tap({ email_verified: false })
    expect([unproven.status, unproven.body.code]).toEqual([401, 'ACCOUNT_NOT_LINKED'])
    expect((await tap()).status).toBe(200)
    expect((await rows('account')).map(({ providerId }) => providerId).sort()).toEqual(['credential', 'google'])
  })

  it('makes nobody where sign-up is off, and says so of a token without an address', async () => {
    const { tap, rows } = await startWithGoogle(start, { clientId: ['other', 'CID'], disableSignup: true })
    const closed = await tap()
    expect([closed.status, closed.body]).toEqual([502, { code: 'SIGNUP_DISABLED', message: 'User not found' }])
    expect((await tap({ email: undefined })).body).toEqual({ error: 'Email not available in token' })
    expect(await rows('user')).toEqual([])
  })

  it('makes one user of many first sign-ins at once', async () => {
    const { tap, rows } = await startWithGoogle(start)
    const answers = await Promise.all(Array.from({ length: 5 }, () => tap()))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(await rows('user')).toHaveLength(1)
  })
})

describe('whom id tokens of One Tap are for', () => {
  it.each<[string, OneTapOptions, object, number]>([
    [
      'the client of the provider google',
      {},
      { socialProviders: { google: { clientId: 'CID', clientSecret: 'x' } } },
      200,
    ],
    ['nobody, without one', {}, {}, 400],
    ['nobody, with an empty one', { clientId: '' }, {}, 400],
    [
      'the domain that the provider is limited to',
      {},
      { socialProviders: { google: { clientId: 'CID', hd: 'a.b' } } },
      400,
    ],
    [
      'users who are asked, where the provider has it so',
      {},
      { socialProviders: { google: { clientId: 'CID', disableSignUp: true } } },
      502,
    ],
  ])('%s', async (_case, options, more, status) => {
    const start: StartInstance = async given => {
      const test = createTestAuth(given)
      return { ...test, visit: () => visit(test.auth) } as TestInstance
    }
    const { tap } = await startWithGoogle(start, options, more)
    expect((await tap()).status).toBe(status)
  })
})
