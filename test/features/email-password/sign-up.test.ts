import { expect, it } from 'vitest'
import { ann } from '../../support/test-auth.ts'
import { describeEveryInstance } from '../every-instance.ts'

const cookieName = 'better-auth.session_token'

describeEveryInstance('sign-up', start => {
  it('creates a user, an account with the hash of the password, and a session', async () => {
    const { visit, rows, clock } = await start()
    const { status, body, setCookies } = await visit().post('/sign-up/email', ann, {
      headers: { 'user-agent': 'test browser' },
      socketAddress: '192.0.2.7',
    })
    const now = clock.now()
    expect(status).toBe(200)
    const [user] = await rows('user')
    expect(user).toMatchObject({ name: 'Ann', email: ann.email, emailVerified: false, image: null, createdAt: now })
    expect(await rows('account')).toEqual([
      expect.objectContaining({
        userId: user?.id,
        accountId: user?.id,
        providerId: 'credential',
        password: expect.stringContaining('$argon2id$v=19$m=1024,t=1,p=1$'),
      }),
    ])
    expect(await rows('session')).toEqual([
      expect.objectContaining({
        userId: user?.id,
        token: body.token,
        expiresAt: new Date(now.getTime() + 604_800_000),
        ipAddress: '192.0.2.7',
        userAgent: 'test browser',
      }),
    ])
    const isoNow = now.toISOString()
    expect(body.user).toEqual({
      ...{ id: user?.id, name: 'Ann', email: ann.email, emailVerified: false, image: null },
      ...{ createdAt: isoNow, updatedAt: isoNow },
    })
    expect(Object.keys(setCookies)).toEqual([cookieName])
    expect(setCookies[cookieName]).toContain('; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax')
  })

  it('signs in', async () => {
    const { visit } = await start()
    const visitor = visit()
    await visitor.post('/sign-up/email', ann)
    expect((await visitor.get('/get-session')).body.user).toMatchObject({ email: ann.email })
  })

  it('knows an address in every spelling', async () => {
    const { visit, rows } = await start()
    await visit().post('/sign-up/email', { ...ann, email: 'Ann.Lee@Example.COM' })
    expect((await rows('user'))[0]?.email).toBe('ann.lee@example.com')
    for (const email of ['ann.lee@example.com', 'ANN.LEE@EXAMPLE.COM', 'ａｎｎ.lee@example.com']) {
      const { status, body } = await visit().post('/sign-up/email', { ...ann, email })
      expect([status, body.code]).toEqual([409, 'EMAIL_ALREADY_IN_USE'])
      expect((await visit().post('/sign-in/email', { ...ann, email })).status).toBe(200)
    }
  })

  it('knows a domain of any script in its ASCII form', async () => {
    const { visit, rows } = await start()
    expect((await visit().post('/sign-up/email', { ...ann, email: 'ann@Bücher.example' })).status).toBe(200)
    expect(await rows('user')).toMatchObject([{ email: 'ann@xn--bcher-kva.example' }])
    for (const email of ['ann@bücher.example', 'ANN@XN--BCHER-KVA.example', 'ann@bu\u0308cher。example']) {
      expect((await visit().post('/sign-in/email', { ...ann, email })).status).toBe(200)
    }
    // Looks alike, is another one.
    expect((await visit().post('/sign-in/email', { ...ann, email: 'ann@bücheг.example' })).status).toBe(401)
    const long = `ann@${'ü'.repeat(30)}.${'ü'.repeat(30)}.${'ü.'.repeat(90)}example`
    for (const email of [long, 'ann@ü@example.com', 'ann@ü..example', 'ann@\u00ad', 'ann@ü/evil.example']) {
      const { status, body } = await visit().post('/sign-up/email', { ...ann, email })
      expect([email, status, body.code]).toEqual([email, 400, 'VALIDATION_ERROR'])
    }
  })

  it.each([
    ['no at sign', 'ann.example.com'],
    ['two at signs', 'ann@evil@example.com'],
    ['a line end', 'ann@example.com\r\nbcc: all@example.com'],
    ['a space', 'an n@example.com'],
    ['a display name', 'Ann <ann@example.com>'],
    ['two addresses', 'ann@example.com,ben@example.com'],
    ['a second at sign in disguise', 'ann＠evil.com@example.com'],
    ['more than 255 characters', `${'a'.repeat(250)}@example.com`],
  ])('refuses an address with %s', async (_title, email) => {
    const { visit, rows } = await start()
    const { status, body } = await visit().post('/sign-up/email', { ...ann, email })
    expect([status, body.code]).toEqual([400, 'VALIDATION_ERROR'])
    expect(await rows('user')).toEqual([])
  })

  it('measures a password in UTF-16 units, from 8 to 128', async () => {
    const { visit } = await start()
    const attempt = async (password: string) => {
      const email = `${crypto.randomUUID()}@example.com`
      const { status, body } = await visit().post('/sign-up/email', { ...ann, email, password })
      return status === 200 ? (await visit().post('/sign-in/email', { email, password })).status : body.code
    }
    expect(await attempt('1234567')).toBe('PASSWORD_TOO_SHORT')
    expect(await attempt('12345678')).toBe(200)
    expect(await attempt('x'.repeat(128))).toBe(200)
    expect(await attempt('x'.repeat(129))).toBe('PASSWORD_TOO_LONG')
    expect(await attempt('😀'.repeat(64))).toBe(200)
    expect(await attempt('😀'.repeat(65))).toBe('PASSWORD_TOO_LONG')
    expect(await attempt('')).toBe('VALIDATION_ERROR')
  })

  it('answers that an address is taken, in either dialect', async () => {
    for (const [errors, status, code] of [
      ['kernia', 409, 'EMAIL_ALREADY_IN_USE'],
      ['better-auth', 422, 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL'],
    ] as const) {
      const { visit, rows } = await start({ compat: { errors } })
      await visit().post('/sign-up/email', ann)
      const refused = await visit().post('/sign-up/email', { ...ann, name: 'Eve', password: 'another password' })
      expect([refused.status, refused.body.code, refused.setCookies]).toEqual([status, code, {}])
      expect(await rows('user')).toMatchObject([{ name: 'Ann' }])
      expect(await rows('session')).toHaveLength(1)
    }
  })

  it.each([
    ['autoSignIn is off', { autoSignIn: false }],
    ['addresses must be verified', { requireEmailVerification: true }],
  ])('does not sign in when %s, and does not tell whether the address was taken', async (_title, emailAndPassword) => {
    const { visit, rows } = await start({
      emailAndPassword,
      user: { additionalFields: { plan: { type: 'string', defaultValue: 'free' } } },
    })
    const email = 'Ann@Example.com'
    const created = await visit().post('/sign-up/email', { ...ann, email })
    const taken = await visit().post('/sign-up/email', { ...ann, email, password: 'another password' })
    const blank = ({ body, status, headers, setCookies }: typeof created) => {
      const { id, ...user } = body.user ?? {}
      return {
        status,
        setCookies,
        keys: Object.keys(body.user ?? {}),
        idLength: String(id).length,
        ...body,
        user,
        headers: [...headers],
      }
    }
    expect(created.body).toMatchObject({ token: null, user: { email: 'ann@example.com', plan: 'free' } })
    expect(blank(taken)).toEqual(blank(created))
    expect(taken.body.user?.id).not.toBe(created.body.user?.id)
    expect(await rows('session')).toEqual([])
    expect(await rows('user')).toHaveLength(1)
    expect((await visit().post('/sign-in/email', { email, password: 'another password' })).status).toBe(401)
  })

  it('is refused when it is off', async () => {
    for (const emailAndPassword of [{ enabled: false }, { disableSignUp: true }]) {
      const { visit, rows } = await start({ emailAndPassword })
      const { status, body } = await visit().post('/sign-up/email', ann)
      expect([status, body.code]).toEqual([400, 'EMAIL_PASSWORD_SIGN_UP_DISABLED'])
      expect(await rows('user')).toEqual([])
    }
  })

  it('keeps what it was given: names in any script, an image, and fields of the application', async () => {
    const additionalFields = {
      nick: { type: 'string', input: true },
      age: { type: 'number', input: true, required: false },
      tags: { type: 'string[]', input: true, required: false },
      born: { type: 'date', input: true, required: false },
      settings: { type: 'json', input: true, required: false },
      role: { type: 'string', defaultValue: 'user' },
      pin: { type: 'string', input: true, required: false, returned: false },
    } as const
    const { visit, rows } = await start({ user: { additionalFields } })
    const given = {
      ...{ name: 'Ζωή 漢字 👩‍🚀 <b>"quoted"</b>', image: 'https://example.com/a.png', nick: "o'neil", age: 42 },
      ...{ tags: ['a', 'é'], born: '2000-02-29T00:00:00.000Z', settings: { dark: true, list: [1] } },
    }
    const { body, status } = await visit().post('/sign-up/email', { ...ann, ...given, pin: '1234' })
    expect([status, body.user]).toEqual([200, expect.objectContaining({ ...given, role: 'user' })])
    expect(body.user).not.toHaveProperty('pin')
    expect((await rows('user'))[0]).toMatchObject({ ...given, born: new Date(given.born), pin: '1234' })
    const missing = await visit().post('/sign-up/email', { ...ann, email: 'b@example.com' })
    expect([missing.status, missing.body.code]).toEqual([400, 'MISSING_FIELD'])
  })

  it('makes a session that ends with the browser when it should not be remembered', async () => {
    const { visit, rows, clock } = await start()
    const { setCookies } = await visit().post('/sign-up/email', { ...ann, rememberMe: false })
    expect(setCookies[cookieName]).not.toContain('Max-Age')
    expect(setCookies).toHaveProperty(['better-auth.dont_remember'])
    expect((await rows('session'))[0]?.expiresAt).toEqual(new Date(clock.now().getTime() + 86_400_000))
  })
})
