import { createAuthClient } from 'better-auth/client'
import { oneTimeTokenClient } from 'better-auth/client/plugins'
import { describe, expect, it } from 'vitest'
import { createCookieFetch } from '../../../clients/cookie-fetch.ts'
import { bearer } from '../../../routers/bearer/index.ts'
import { type OneTimeTokenOptions, oneTimeToken } from '../../../routers/one-time-token/index.ts'
import { sha256 } from '../../../src/crypto/hmac.ts'
import { definePlugin, memoryStorage } from '../../../src/index.ts'
import { startServer } from '../../support/start-server.ts'
import { ann, createTestAuth } from '../../support/test-auth.ts'
import { visit } from '../../support/visitor.ts'
import { describeEveryInstance } from '../every-instance.ts'

const generate = '/one-time-token/generate'
const verify = '/one-time-token/verify'

async function signedIn(options: OneTimeTokenOptions = {}, more: Parameters<typeof createTestAuth>[0] = {}) {
  const test = createTestAuth({ ...more, plugins: [oneTimeToken(options), ...(more.plugins ?? [])] })
  const browser = visit(test.auth)
  const signUp = await browser.post('/sign-up/email', ann)
  const make = async () => String((await browser.get(generate)).body.token)
  const redeem = (token: unknown) => visit(test.auth).post(verify, { token })
  const rows = () => test.auth.context.adapter.findMany({ model: 'verification', where: [] })
  return { ...test, browser, signUp, sessionToken: String(signUp.body.token), make, redeem, rows }
}

describeEveryInstance('a one-time token', start => {
  it('works once: of 50 calls at once exactly one gets the session [control 12, A30]', async () => {
    const { visit, rows } = await start({ plugins: [oneTimeToken()] })
    const browser = visit()
    const { token: sessionToken } = (await browser.post('/sign-up/email', ann)).body
    for (let round = 0; round < 2; round++) {
      const { token } = (await browser.get(generate)).body
      const answers = await Promise.all(Array.from({ length: 50 }, () => visit().post(verify, { token })))
      const won = answers.filter(({ status }) => status === 200)
      expect(won.map(({ body }) => body.session?.token)).toEqual([sessionToken])
      const lost = answers.filter(({ status }) => status !== 200)
      expect(new Set(lost.map(({ status, body }) => `${status} ${body.code}`))).toEqual(new Set(['400 INVALID_TOKEN']))
      expect(lost.flatMap(({ setCookies }) => Object.keys(setCookies))).toEqual([])
    }
    expect(await rows('verification')).toEqual([])
  })
})

it('works once in secondary storage too', async () => {
  const { make, redeem, sessionToken } = await signedIn({}, { secondaryStorage: memoryStorage() })
  const token = await make()
  const answers = await Promise.all(Array.from({ length: 50 }, () => redeem(token)))
  const won = answers.filter(({ status }) => status === 200)
  expect(won.map(({ body }) => body.session?.token)).toEqual([sessionToken])
})

describe('a one-time token', () => {
  it('gives the session to whoever brings it, with its cookie', async () => {
    const { auth, make, sessionToken } = await signedIn()
    const other = visit(auth)
    const answer = await other.post(verify, { token: await make() })
    expect([answer.status, answer.body.session?.token, answer.body.user?.email]).toEqual([200, sessionToken, ann.email])
    expect((await other.get('/get-session')).body.session?.token).toBe(sessionToken)
  })

  it('gives it without a cookie, if the application says so', async () => {
    const { make, redeem, sessionToken } = await signedIn({ disableSetSessionCookie: true })
    const answer = await redeem(await make())
    expect([answer.body.session?.token, answer.setCookies]).toEqual([sessionToken, {}])
  })

  it('needs a session to be made', async () => {
    const { auth } = await signedIn()
    expect((await visit(auth).get(generate)).body.code).toBe('UNAUTHORIZED')
  })

  it('is over after three minutes, or as many as the application says', async () => {
    for (const [options, seconds] of [
      [{}, 180],
      [{ expiresIn: 1 }, 60],
    ] as const) {
      const { make, redeem, clock } = await signedIn(options)
      const [early, late] = [await make(), await make()]
      clock.advance(seconds - 1)
      expect((await redeem(early)).status).toBe(200)
      clock.advance(1)
      const answer = await redeem(late)
      expect([answer.status, answer.body.code, answer.body.message]).toEqual([
        400,
        'ONE_TIME_TOKEN_EXPIRED',
        'Token expired',
      ])
      expect((await redeem(late)).body.code).toBe('INVALID_TOKEN')
    }
  })

  it('is worth nothing without its session', async () => {
    const { make, redeem, browser, auth, clock } = await signedIn({ expiresIn: 60 * 24 * 30 })
    const [revoked, over] = [await make(), await make()]
    clock.advance(8 * 86_400)
    expect((await redeem(over)).body).toMatchObject({ code: 'SESSION_OVER', message: 'Session expired' })
    await auth.context.adapter.deleteMany({ model: 'session', where: [] })
    const answer = await redeem(revoked)
    expect([answer.body.code, answer.setCookies]).toEqual(['SESSION_NOT_FOUND', {}])
    expect((await browser.get('/get-session')).text).toBe('null')
  })

  it('does not get past a plugin that refuses the session', async () => {
    let isBanned = false
    const banning = definePlugin({
      id: 'banning',
      hooks: {
        sessionRead: () => {
          if (isBanned) throw new Error('banned')
        },
      },
    })
    const { make, redeem } = await signedIn({}, { plugins: [banning] })
    const token = await make()
    isBanned = true
    const answer = await redeem(token)
    expect([answer.status, answer.setCookies]).toEqual([500, {}])
  })

  it('that is unknown, of another kind, or no text is refused', async () => {
    const { redeem, sessionToken, auth } = await signedIn()
    await visit(auth).post('/request-password-reset', { email: ann.email })
    const rows = await auth.context.adapter.findMany({ model: 'verification', where: [] })
    const identifier = String(rows[0]?.identifier)
    for (const token of ['', 'unknown', sessionToken, identifier, identifier.split(':')[1], '__proto__', '*', '%']) {
      expect([token, (await redeem(token)).body.code]).toEqual([token, 'INVALID_TOKEN'])
    }
    for (const token of [undefined, null, 7, ['x'], { $ne: null }, 'x'.repeat(513), 'x\u0000']) {
      expect((await redeem(token)).body.code).toBe('VALIDATION_ERROR')
    }
    expect(await auth.context.adapter.count({ model: 'verification' })).toBe(rows.length)
  })

  it('is no token of another kind, and none of another kind is one [A38, control 13]', async () => {
    const { make, redeem, auth, inbox, rows } = await signedIn(
      { storeToken: 'plain' },
      { verification: { storeIdentifier: 'plain' } },
    )
    const token = await make()
    await visit(auth).post('/request-password-reset', { email: ann.email })
    const { token: reset } = await inbox.waitFor(ann.email)
    expect((await redeem(reset)).body.code).toBe('INVALID_TOKEN')
    expect((await redeem(`reset-password:${reset}`)).body.code).toBe('INVALID_TOKEN')
    const answer = await visit(auth).post('/reset-password', { token, newPassword: 'another long password' })
    expect(answer.body.code).toBe('INVALID_TOKEN')
    expect(await rows()).toHaveLength(2)
    expect((await redeem(token)).status).toBe(200)
  })
})

describe('what is stored of a token', () => {
  it("is a hash, and the session's token sealed (control 11)", async () => {
    const { make, rows, sessionToken, auth } = await signedIn()
    const token = await make()
    const [row] = await rows()
    expect(row?.identifier).toBe(`one-time-token:${sha256(token)}`)
    expect(JSON.stringify(row)).not.toContain(token)
    expect(JSON.stringify(row)).not.toContain(sessionToken)
    expect(auth.context.keys.open('one-time-token', String(row?.value))).toBe(sessionToken)
    expect(token).toMatch(/^[a-zA-Z0-9]{32}$/)
  })

  it('is what the application wants', async () => {
    const hash = async (token: string) => `hashed-${token.length}-${token.slice(0, 4)}`
    const forms: [OneTimeTokenOptions['storeToken'], (token: string) => string][] = [
      ['plain', token => token],
      ['hashed', sha256],
      [{ type: 'custom-hasher', hash }, token => `hashed-32-${token.slice(0, 4)}`],
    ]
    for (const [storeToken, expected] of forms) {
      const { make, rows, redeem } = await signedIn({ storeToken }, { verification: { storeIdentifier: 'plain' } })
      const token = await make()
      expect((await rows())[0]?.identifier).toBe(`one-time-token:${expected(token)}`)
      expect((await redeem(token)).status).toBe(200)
      expect((await redeem(token)).body.code).toBe('INVALID_TOKEN')
    }
  })

  it('may be a token that the application made', async () => {
    const { make, redeem } = await signedIn({ generateToken: async ({ user }, { path }) => `${user.email} ${path}` })
    const token = await make()
    expect(token).toBe(`${ann.email} ${generate}`)
    expect((await redeem(token)).status).toBe(200)
  })
})

describe('who may make one', () => {
  it("only the application's own code, if it says so", async () => {
    const { auth, browser, redeem, rows } = await signedIn({ disableClientRequest: true })
    const refused = await browser.get(generate)
    expect([refused.status, refused.body.code]).toEqual([400, 'CLIENT_REQUESTS_DISABLED'])
    const trpc = await browser.post('/trpc/oneTimeToken.generate', {})
    expect(trpc.text).toContain('CLIENT_REQUESTS_DISABLED')
    expect(await rows()).toEqual([])
    const { origin } = new URL(auth.context.options.baseURL)
    const caller = auth.caller({ headers: { cookie: browser.cookieHeader(), origin } }) as unknown as {
      oneTimeToken: { generate(): Promise<{ token: string }> }
    }
    const { token } = await caller.oneTimeToken.generate()
    expect((await redeem(token)).status).toBe(200)
  })
})

describe('with every new session', () => {
  it('comes a token in a header, if the application says so', async () => {
    const { signUp, redeem, sessionToken, browser } = await signedIn(
      { setOttHeaderOnNewSession: true },
      { plugins: [bearer()] },
    )
    const exposed = signUp.headers.get('access-control-expose-headers')?.split(', ')
    expect(exposed?.sort()).toEqual(['set-auth-token', 'set-ott'])
    const answer = await redeem(signUp.headers.get('set-ott'))
    expect(answer.body.session?.token).toBe(sessionToken)
    expect((await browser.get('/get-session')).headers.get('set-ott')).toBeNull()
    expect((await browser.post('/sign-out')).headers.get('set-ott')).toBeNull()
  })

  it('comes none otherwise', async () => {
    const { signUp, rows } = await signedIn()
    expect([signUp.headers.get('set-ott'), await rows()]).toEqual([null, []])
  })
})

it('the official client hands its session over', async () => {
  const { url } = await startServer({ plugins: [oneTimeToken()] })
  const browserAt = () => {
    const keepCookies = createCookieFetch({ url })
    return createAuthClient({
      baseURL: url,
      fetchOptions: {
        customFetchImpl: (input, init) => {
          const headers = new Headers(init?.headers)
          headers.set('origin', new URL(url).origin)
          return keepCookies(input, { ...init, headers })
        },
      },
      plugins: [oneTimeTokenClient()],
    })
  }
  // Its calls' types come from the official server's plugin.
  const tokens = (client: unknown) => (client as { oneTimeToken: TokenClient }).oneTimeToken
  const [browser, application] = [browserAt(), browserAt()]
  await browser.signUp.email(ann)
  const { data } = await tokens(browser).generate()
  const redeemed = await tokens(application).verify({ token: data?.token ?? '' })
  expect(redeemed.data?.user.email).toBe(ann.email)
  expect((await application.getSession()).data?.user.email).toBe(ann.email)
  const again = await tokens(application).verify({ token: data?.token ?? '' })
  expect(again.error).toMatchObject({ status: 400, message: 'Invalid token' })
})

interface TokenClient {
  generate(): Promise<{ data: { token: string } | null }>
  verify(input: { token: string }): Promise<{ data: { user: { email: string } } | null; error: unknown }>
}
