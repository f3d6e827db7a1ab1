import { scryptSync } from 'node:crypto'
import { hashPassword as hashAsBetterAuth } from 'better-auth/crypto'
import { expect, it } from 'vitest'
import { ann } from '../../support/test-auth.ts'
import { describeEveryInstance } from '../every-instance.ts'

const cookieName = 'better-auth.session_token'
const credentials = { email: ann.email, password: ann.password }

describeEveryInstance('sign-in', start => {
  const startWithAnn = async (options: Parameters<typeof start>[0] = {}) => {
    const instance = await start(options)
    await instance.visit().post('/sign-up/email', ann)
    await instance.auth.context.adapter.deleteMany({ model: 'session', where: [] })
    return instance
  }

  it('makes a session and sets its cookie', async () => {
    const { visit, rows, clock } = await startWithAnn()
    const { status, body, setCookies } = await visit().post('/sign-in/email', credentials)
    expect([status, body]).toEqual([
      200,
      {
        redirect: false,
        token: expect.stringMatching(/^[a-zA-Z0-9]{32}$/),
        user: expect.objectContaining({ email: ann.email }),
      },
    ])
    expect(await rows('session')).toMatchObject([{ token: body.token, createdAt: clock.now() }])
    expect(setCookies[cookieName]).toMatch(
      new RegExp(`^${cookieName}=${body.token}\\.[^;]+; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax$`),
    )
  })

  it('makes a new session every time: one that was there before is not taken over', async () => {
    const { visit, rows } = await startWithAnn()
    const visitor = visit()
    const first = await visitor.post('/sign-in/email', credentials)
    const second = await visitor.post('/sign-in/email', credentials)
    expect(second.body.token).not.toBe(first.body.token)
    expect(await rows('session')).toHaveLength(2)
  })

  it('answers a wrong password and an unknown address alike', async () => {
    for (const [errors, code] of [
      ['kernia', 'INVALID_CREDENTIALS'],
      ['better-auth', 'INVALID_EMAIL_OR_PASSWORD'],
    ] as const) {
      const { visit, rows } = await startWithAnn({ compat: { errors } })
      const wrong = await visit().post('/sign-in/email', { ...credentials, password: 'a wrong password' })
      const unknown = await visit().post('/sign-in/email', { ...credentials, email: 'nobody@example.com' })
      expect([wrong.status, wrong.body]).toEqual([401, { message: 'Invalid email or password', code }])
      expect([unknown.status, unknown.text, [...unknown.headers]]).toEqual([
        wrong.status,
        wrong.text,
        [...wrong.headers],
      ])
      expect(wrong.setCookies).toEqual({})
      expect(await rows('session')).toEqual([])
    }
  })

  it.each(['', ' ', 'Correct horse battery', 'correct horse battery ', 'x'.repeat(4096)])(
    'refuses the password %j',
    async password => {
      const { visit } = await startWithAnn()
      const { status, body } = await visit().post('/sign-in/email', { ...credentials, password })
      expect([status, body.code]).toEqual([401, 'INVALID_CREDENTIALS'])
    },
  )

  it('refuses what is no address', async () => {
    const { visit } = await startWithAnn()
    for (const email of ['', 'ann', 'ann@', '@example.com', 'ann@@example.com']) {
      const { status, body } = await visit().post('/sign-in/email', { ...credentials, email })
      expect([status, body.code]).toEqual([400, 'INVALID_EMAIL'])
    }
  })

  it('takes a password in either Unicode spelling', async () => {
    const { visit } = await start()
    const password = 'Ångström Zoë'
    await visit().post('/sign-up/email', { ...ann, password: password.normalize('NFC') })
    const { status } = await visit().post('/sign-in/email', { ...credentials, password: password.normalize('NFD') })
    expect(status).toBe(200)
  })

  it('asks for a proven address only after the right password', async () => {
    const { visit, rows } = await startWithAnn({ emailAndPassword: { requireEmailVerification: true } })
    const wrong = await visit().post('/sign-in/email', { ...credentials, password: 'a wrong password' })
    expect(wrong.body.code).toBe('INVALID_CREDENTIALS')
    const right = await visit().post('/sign-in/email', credentials)
    expect([right.status, right.body.code, right.setCookies]).toEqual([403, 'EMAIL_NOT_VERIFIED', {}])
    expect(await rows('session')).toEqual([])
  })

  it('remembers unless it is told not to', async () => {
    const { visit, rows, clock } = await startWithAnn()
    const visitor = visit()
    const { setCookies } = await visitor.post('/sign-in/email', { ...credentials, rememberMe: false })
    expect(setCookies[cookieName]).not.toContain('Max-Age')
    expect(setCookies['better-auth.dont_remember']).toMatch(
      /^better-auth\.dont_remember=true\.[^;]+; Path=\/; HttpOnly; SameSite=Lax$/,
    )
    expect((await rows('session'))[0]?.expiresAt).toEqual(new Date(clock.now().getTime() + 86_400_000))
    // Remembering later takes the mark away.
    const again = await visitor.post('/sign-in/email', credentials)
    expect(again.setCookies[cookieName]).toContain('Max-Age=604800')
    expect(visitor.cookies.has('better-auth.dont_remember')).toBe(false)
  })

  it('tells where to go next, in body and header', async () => {
    const { visit } = await startWithAnn()
    const { status, body, headers } = await visit().post('/sign-in/email', {
      ...credentials,
      callbackURL: '/dashboard',
    })
    expect([status, body.redirect, body.url, headers.get('location')]).toEqual([200, true, '/dashboard', '/dashboard'])
  })

  it('takes a form as well as JSON', async () => {
    const { visit } = await startWithAnn()
    const form = new URLSearchParams(credentials).toString()
    const { status, body } = await visit().post('/sign-in/email', form, {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect([status, body.user?.email]).toEqual([200, ann.email])
  })

  const legacy: [title: string, hash: () => Promise<string> | string][] = [
    ["Better Auth's salt:key", () => hashAsBetterAuth(ann.password)],
    [
      'scrypt$N$r$p$salt$key',
      () => {
        const salt = Buffer.from('a salt of 16 byt')
        const key = scryptSync(ann.password, salt, 64, { N: 1024, r: 8, p: 1 })
        return `scrypt$1024$8$1$${salt.toString('base64')}$${key.toString('base64')}`
      },
    ],
    [
      'Argon2id of another cost',
      () => '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4',
    ],
  ]
  it.each(legacy)('replaces %s at the first success, and then no more', async (title, makeHash) => {
    const { visit, rows, auth } = await startWithAnn()
    const old = await makeHash()
    await auth.context.adapter.updateMany({ model: 'account', where: [], update: { password: old } })
    const password = title.startsWith('Argon2id') ? 'password' : ann.password
    const stored = async () => String((await rows('account'))[0]?.password)
    expect((await visit().post('/sign-in/email', { ...credentials, password: 'a wrong password' })).status).toBe(401)
    expect(await stored()).toBe(old)
    expect((await visit().post('/sign-in/email', { ...credentials, password })).status).toBe(200)
    const upgraded = await stored()
    expect(upgraded).toContain('$argon2id$v=19$m=1024,t=1,p=1$')
    expect((await visit().post('/sign-in/email', { ...credentials, password })).status).toBe(200)
    expect(await stored()).toBe(upgraded)
  })

  it('fails, and not with an error of the server, when the stored hash is broken or missing', async () => {
    const { visit, auth, log } = await startWithAnn()
    for (const password of ['', 'broken', 'salt:a', 'scrypt$1024$8$1$c2FsdA==$=', '$argon2id$', null]) {
      await auth.context.adapter.updateMany({ model: 'account', where: [], update: { password } })
      expect((await visit().post('/sign-in/email', credentials)).body.code).toBe('INVALID_CREDENTIALS')
    }
    await auth.context.adapter.deleteMany({ model: 'account', where: [] })
    expect((await visit().post('/sign-in/email', credentials)).body.code).toBe('INVALID_CREDENTIALS')
    expect(log).toEqual([])
  })

  it("uses the application's own hash where there is one", async () => {
    const password = {
      hash: async (text: string) => `reversed:${[...text].reverse().join('')}`,
      verify: async ({ password, hash }: { password: string; hash: string }) =>
        hash === `reversed:${[...password].reverse().join('')}`,
    }
    const { visit, rows } = await startWithAnn({ emailAndPassword: { password } })
    expect((await rows('account'))[0]?.password).toBe('reversed:yrettab esroh tcerroc')
    expect((await visit().post('/sign-in/email', credentials)).status).toBe(200)
    expect((await visit().post('/sign-in/email', { ...credentials, password: 'a wrong password' })).status).toBe(401)
    expect((await rows('account'))[0]?.password).toBe('reversed:yrettab esroh tcerroc')
  })

  it('is refused when e-mail and password is off', async () => {
    const { visit } = await start({ emailAndPassword: { enabled: false } })
    const { status, body } = await visit().post('/sign-in/email', credentials)
    expect([status, body.code]).toEqual([400, 'EMAIL_PASSWORD_DISABLED'])
  })
})
