import { decodeProtectedHeader } from 'jose'
import { describe, expect, it } from 'vitest'
import { jwt, type KeyPairConfig } from '../../../routers/jwt/index.ts'
import type { HookContext } from '../../../src/index.ts'
import { createTestAuth } from '../../support/test-auth.ts'
import { visit } from '../../support/visitor.ts'
import { claimsOf, issuer, kidOf, startJwt } from './start.ts'

const algorithms: KeyPairConfig[] = [
  { alg: 'EdDSA', crv: 'Ed25519' },
  { alg: 'ES256' },
  { alg: 'ES512' },
  { alg: 'RS256' },
  { alg: 'PS256', modulusLength: 3072 },
]

describe("a session's token", () => {
  it('holds the user as clients see it, for 15 minutes', async () => {
    const { token, browser, clock } = await startJwt()
    const claims = claimsOf(await token())
    const { user } = (await browser.get('/get-session')).body
    const iat = clock.now().getTime() / 1000
    expect(claims).toEqual({ ...user, sub: user?.id, iat, exp: iat + 900, iss: issuer, aud: issuer })
  })

  it.each(algorithms)('is verified with the published keys: $alg', async keyPairConfig => {
    const { token, jwks, verifyAt, browser } = await startJwt({ jwks: { keyPairConfig } })
    const signed = await token()
    const keys = await jwks()
    expect(decodeProtectedHeader(signed)).toEqual({ alg: keyPairConfig.alg, kid: keys.keys[0]?.kid })
    expect((await verifyAt(signed, keys)).email).toBe('ann@example.com')
    // Nothing of the private half (RFC 7518, section 6) leaves.
    for (const name of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(keys.keys[0]).not.toHaveProperty(name)
    expect((await browser.get('/jwks')).headers.get('cache-control')).toBe('public, max-age=300')
  })

  it('comes with get-session, and with nothing else', async () => {
    const { browser, verifyAt, jwks } = await startJwt()
    const { headers } = await browser.get('/get-session')
    const signed = headers.get('set-auth-jwt') ?? ''
    expect((await verifyAt(signed, await jwks())).email).toBe('ann@example.com')
    expect(headers.get('access-control-expose-headers')).toBe('set-auth-jwt')
    expect((await browser.get('/list-sessions')).headers.get('set-auth-jwt')).toBeNull()
    expect((await browser.get('/ok')).headers.get('set-auth-jwt')).toBeNull()
    browser.cookies.clear()
    expect((await browser.get('/get-session')).headers.get('set-auth-jwt')).toBeNull()
  })

  it('does not come with get-session if the application says so', async () => {
    const { browser, token } = await startJwt({ disableSettingJwtHeader: true })
    expect((await browser.get('/get-session')).headers.get('set-auth-jwt')).toBeNull()
    expect(await token()).toMatch(/^ey/)
  })

  it('needs a session that is alive, whatever is cached', async () => {
    const { auth, browser } = await startJwt({}, { session: { cookieCache: { enabled: true, maxAge: 300 } } })
    expect([(await visit(auth).get('/token')).status, (await browser.get('/token')).status]).toEqual([401, 200])
    await auth.context.adapter.deleteMany({ model: 'session', where: [] })
    expect((await browser.get('/token')).body.code).toBe('UNAUTHORIZED')
  })

  it('is as the options say', async () => {
    const { token, browser, clock } = await startJwt({
      jwt: {
        issuer: 'https://issuer.example',
        audience: ['one', 'two'],
        expirationTime: '2 hours',
        definePayload: ({ user, session }) => ({ role: 'reader', mail: user.email, session: session.id, jti: 'mine' }),
        getSubject: async ({ user }) => `user:${user.id}`,
      },
    })
    const { user, session } = (await browser.get('/get-session')).body
    const iat = clock.now().getTime() / 1000
    expect(claimsOf(await token())).toEqual({
      role: 'reader',
      mail: 'ann@example.com',
      session: session?.id,
      jti: 'mine',
      sub: `user:${user?.id}`,
      iat,
      exp: iat + 7200,
      iss: 'https://issuer.example',
      aud: ['one', 'two'],
    })
  })

  it('ends at a moment that the options name', async () => {
    const end = new Date('2026-01-03T00:00:00.000Z')
    const { token } = await startJwt({ jwt: { expirationTime: end } })
    expect(claimsOf(await token()).exp).toBe(end.getTime() / 1000)
  })
})

describe('custom claims cannot override registered ones [control 72, better-auth#10140]', () => {
  const forged = { iss: 'https://evil.example', sub: 'root', aud: 'other', exp: 9_999_999_999, nbf: 1, iat: 1 }
  const real = { iss: issuer, aud: issuer, exp: expect.any(Number), iat: expect.any(Number) }

  it('not from definePayload', async () => {
    const { token, browser } = await startJwt({ jwt: { definePayload: () => ({ ...forged, role: 'reader' }) } })
    const { user } = (await browser.get('/get-session')).body
    const claims = claimsOf(await token())
    expect(claims).toEqual({ ...real, role: 'reader', sub: user?.id })
    expect(Number(claims.exp) - Number(claims.iat)).toBe(900)
  })

  it("not from a user's own fields, and hidden ones stay hidden", async () => {
    const text = { type: 'string', required: false, input: true } as const
    const additionalFields = { sub: text, iss: text, aud: text, exp: text, jti: text, nick: text }
    const { auth } = createTestAuth({
      plugins: [jwt()],
      user: { additionalFields: { ...additionalFields, secret: { ...text, returned: false } } },
    })
    const browser = visit(auth)
    const fields = { ...forged, exp: '9999999999', jti: 'x', nick: 'Annie', secret: 'hidden' }
    const person = { name: 'Ann', email: 'ann@example.com', password: 'correct horse battery' }
    const { nbf: _nbf, iat: _iat, ...given } = fields
    const signedUp = await browser.post('/sign-up/email', { ...person, ...given })
    expect(signedUp.body.user).toMatchObject({ sub: 'root', nick: 'Annie' })
    const claims = claimsOf(String((await browser.get('/token')).body.token))
    expect(claims).toMatchObject({ ...real, sub: signedUp.body.user?.id, nick: 'Annie' })
    expect(claims).not.toHaveProperty('jti')
    expect(claims).not.toHaveProperty('secret')
    expect(Number(claims.exp) - Number(claims.iat)).toBe(900)
  })
})

describe('what goes wrong on the way to a token', () => {
  it('does not keep the session from being read', async () => {
    const { browser, log } = await startJwt({
      jwt: {
        definePayload: () => {
          throw new Error('the roles cannot be read')
        },
      },
    })
    const answer = await browser.get('/get-session')
    expect([answer.status, answer.body.user?.email]).toEqual([200, 'ann@example.com'])
    expect(answer.headers.get('set-auth-jwt')).toBeNull()
    expect(log).toHaveLength(1)
    expect((await browser.get('/token')).status).toBe(500)
  })

  it('a streamed answer, whose headers are out, goes without', async () => {
    const { auth, browser } = await startJwt()
    const headers = new Headers({ cookie: browser.cookieHeader(), 'trpc-accept': 'application/jsonl' })
    expect((await auth.caller({ headers }).session.get())?.user.email).toBe('ann@example.com')
  })

  it('options that make no sense are refused at the start', () => {
    for (const options of [
      { jwt: { sign: async () => 'x' } },
      { jwks: { remoteUrl: 'https://keys.example/jwks' } },
      { jwks: { jwksPath: '' } },
      { jwks: { jwksPath: 'jwks' } },
      { jwks: { jwksPath: '/a/../jwks' } },
      { jwks: { keyPairConfig: { alg: 'HS256' } } },
      { jwks: { keyPairConfig: { alg: 'none' } } },
      { jwks: { keyPairConfig: { alg: 'RS256', modulusLength: 1024 } } },
      { jwks: { rotationInterval: -1 } },
      { jwt: { expirationTime: 'soon' } },
      { jwt: { expirationTime: '5 fortnights' } },
    ]) {
      expect(() => jwt(options as Parameters<typeof jwt>[0]), JSON.stringify(options)).toThrow(/^jwt: /)
    }
  })

  it('another path for the keys takes the place of /jwks', async () => {
    const { browser } = await startJwt({ jwks: { jwksPath: '/.well-known/jwks.json' } })
    expect(JSON.parse((await browser.get('/.well-known/jwks.json')).text).keys).toHaveLength(1)
    expect((await browser.get('/jwks')).body.code).toBe('NOT_FOUND')
  })

  it('what is for one client is not cached with the keys', async () => {
    const hooks = { after: async ({ setCookie }: HookContext) => setCookie('visited', 'yes') }
    const { browser, auth } = await startJwt({}, { hooks })
    expect((await browser.get('/jwks')).headers.get('cache-control')).toBe('no-store')
    const batch = await visit(auth).get('/trpc/jwt.jwks,session.get?batch=1&input=%7B%7D')
    expect([batch.status, batch.headers.get('cache-control')]).toEqual([200, 'no-store'])
  })

  it('keys that are published elsewhere are not found here', async () => {
    const keyPairConfig = { alg: 'ES256' } as const
    const remoteUrl = 'https://keys.example/jwks.json'
    const { browser, token } = await startJwt({
      jwks: { remoteUrl, keyPairConfig },
      jwt: { sign: claims => `signed elsewhere for ${claims.sub} by ${claims.iss}` },
    })
    expect((await browser.get('/jwks')).body.code).toBe('NOT_FOUND')
    expect(await token()).toMatch(/^signed elsewhere for \w+ by http:\/\/localhost:3000$/)
  })
})

describe('signing on behalf of the application', () => {
  it('takes all claims as they are given', async () => {
    const { caller, verifyAt, jwks, clock } = await startJwt()
    const now = clock.now().getTime() / 1000
    const payload = { sub: 'job-7', aud: 'worker', iss: 'me', exp: now + 60, nbf: now, jti: 'one', scope: ['a'] }
    const { token } = await caller().jwt.sign({ payload })
    expect(claimsOf(token)).toEqual({ ...payload, iat: now })
    await expect(verifyAt(token, await jwks())).rejects.toThrow(/"iss"|"aud"/)
    const other = await caller().jwt.sign({
      payload: { sub: 'x' },
      overrideOptions: { jwt: { issuer: 'i', audience: ['a'], expirationTime: '1h' } },
    })
    expect(claimsOf(other.token)).toEqual({ sub: 'x', iss: 'i', aud: ['a'], iat: now, exp: now + 3600 })
  })

  it('refuses a token that may outlive its key', async () => {
    const { caller, clock } = await startJwt({ jwks: { gracePeriod: 7200 } })
    const now = clock.now().getTime() / 1000
    await caller().jwt.sign({ payload: { sub: 'x', exp: now + 7200 } })
    await expect(caller().jwt.sign({ payload: { sub: 'x', exp: now + 7201 } })).rejects.toMatchObject({
      authCode: 'TOKEN_OUTLIVES_KEY',
    })
  })

  it('is reached by nobody else: neither REST nor tRPC nor the document has it [A41, control 49]', async () => {
    const { auth, browser } = await startJwt()
    const paths = ['/sign-jwt', '/verify-jwt', '/jwt/sign', '/jwt/verify', '/jwks/rotate', '/rotate-keys']
    for (const path of paths) {
      expect([path, (await browser.post(path, { payload: {} })).body.code]).toEqual([path, 'NOT_FOUND'])
    }
    for (const name of ['jwt.sign', 'jwt.verify', 'jwt.rotateKeys', 'jwt.rotate']) {
      const answers = [await browser.post(`/trpc/${name}`, { payload: {} }), await browser.get(`/trpc/${name}`)]
      expect([name, ...answers.map(({ status }) => status)]).toEqual([name, 404, 404])
    }
    const document = JSON.stringify(auth.openApiDocument())
    for (const id of ['signJWT', 'verifyJWT', 'rotateKeys', 'rotateJwks']) expect(document).not.toContain(`"${id}"`)
    for (const id of ['getJwks', 'getToken']) expect(document).toContain(`"${id}"`)
  })
})

it('the token names the key that signed it', async () => {
  const { token, kids } = await startJwt()
  expect(await kids()).toEqual([kidOf(await token())])
})
