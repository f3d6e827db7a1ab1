import { createAuthClient } from 'better-auth/client'
import { emailOTPClient } from 'better-auth/client/plugins'
import { describe, expect, it } from 'vitest'
import { createCookieFetch } from '../../../clients/cookie-fetch.ts'
import { type EmailOTPOptions, emailOTP } from '../../../routers/email-otp/index.ts'
import { username } from '../../../routers/username/index.ts'
import type { AnyPlugin, KerniaOptions } from '../../../src/index.ts'
import { secondStep } from '../../support/second-step-plugin.ts'
import { startServer } from '../../support/start-server.ts'
import { ann, createTestAuth } from '../../support/test-auth.ts'
import { visit } from '../../support/visitor.ts'
import { createCodes, otherThan } from './codes.ts'

const { email } = ann
const nobody = 'nobody@example.com'

function start(options: Partial<EmailOTPOptions> = {}, more: KerniaOptions & { others?: AnyPlugin[] } = {}) {
  const codes = createCodes(options)
  const { others = [], ...given } = more
  const test = createTestAuth({ ...given, advanced: codes.advanced, plugins: [codes.plugin, ...others] })
  const rows = (model: string) => test.auth.context.adapter.findMany({ model, where: [] })
  const post = (path: string, body: object) => visit(test.auth).post(path, body)
  const ask = async (type: string, to = email) => {
    await post('/email-otp/send-verification-otp', { email: to, type })
    return (await codes.last()).otp
  }
  return { ...test, ...codes, rows, post, ask, visit: () => visit(test.auth) }
}

describe('codes by mail', () => {
  it('are driven by the official client', async () => {
    const codes = createCodes({ changeEmail: { enabled: true } })
    const { url, origin } = await startServer({ plugins: [codes.plugin], advanced: codes.advanced })
    const keepCookies = createCookieFetch({ url })
    const client = createAuthClient({
      baseURL: url,
      fetchOptions: {
        customFetchImpl: (input, init) => {
          const headers = new Headers(init?.headers)
          headers.set('origin', origin)
          return keepCookies(input, { ...init, headers })
        },
      },
      plugins: [emailOTPClient()],
    })
    await client.emailOtp.sendVerificationOtp({ email, type: 'sign-in' })
    const { otp } = await codes.last()
    expect(otp).toMatch(/^\d{6}$/)
    const wrong = await client.signIn.emailOtp({ email, otp: otherThan(otp) })
    expect(wrong.error).toMatchObject({ status: 400, code: 'INVALID_OTP' })
    const signedIn = await client.signIn.emailOtp({ email, otp, name: 'Ann' })
    expect(signedIn.data?.user).toMatchObject({ email, name: 'Ann', emailVerified: true })
    expect((await client.getSession()).data?.session.token).toBe(signedIn.data?.token)

    const password = 'a password at last'
    await client.emailOtp.requestPasswordReset({ email })
    const reset = await client.emailOtp.resetPassword({ email, otp: (await codes.last()).otp, password })
    expect(reset.data).toEqual({ success: true })
    expect((await client.signIn.email({ email, password })).error).toBeNull()

    const newEmail = 'anna@example.com'
    await client.emailOtp.requestEmailChange({ newEmail })
    const changed = await client.emailOtp.changeEmail({ newEmail, otp: (await codes.last()).otp })
    expect(changed.data).toEqual({ success: true })
    expect((await client.getSession()).data?.user).toMatchObject({ email: newEmail, emailVerified: true })
  })

  it('sign in under the name of the described system too, and by tRPC', async () => {
    const { post, ask } = start()
    const answer = await post('/email-otp/verify', { email, otp: await ask('sign-in') })
    expect([answer.status, answer.body.user?.email]).toEqual([200, email])
    const { auth: typed } = createTestAuth({ plugins: [emailOTP({ sendVerificationOTP: () => undefined })] })
    const otp = await typed.caller().emailOtp.create({ email, type: 'sign-in' })
    expect((await typed.caller().signIn.emailOtp({ email, otp })).user.email).toBe(email)
  })

  it('make a user of what the client sends, at the first use only', async () => {
    const city = { type: 'string', required: false, input: true } as const
    const role = { type: 'string', required: false, defaultValue: 'member' } as const
    const { post, ask, rows } = start({}, { others: [username()], user: { additionalFields: { city, role } } })
    const image = 'https://example.com/a.png'
    const first = { email, name: 'Ann', image, city: 'Ulm', username: 'Anna_1' }
    expect((await post('/sign-in/email-otp', { ...first, otp: await ask('sign-in') })).status).toBe(200)
    await post('/sign-in/email-otp', { ...first, name: 'Eve', city: 'Rom', otp: await ask('sign-in') })
    const expected = { email, emailVerified: true, name: 'Ann', image, city: 'Ulm', role: 'member', username: 'anna_1' }
    expect(await rows('user')).toMatchObject([expected])
    const other = { email: nobody, otp: await ask('sign-in', nobody) }
    const taken = await post('/sign-in/email-otp', { ...other, username: 'ANNA_1' })
    expect([taken.status, taken.body.code]).toEqual([400, 'USERNAME_IS_ALREADY_TAKEN'])
    const forbidden = await post('/sign-in/email-otp', {
      email: nobody,
      role: 'admin',
      rank: 1,
      emailVerified: false,
      otp: await ask('sign-in', nobody),
    })
    expect([forbidden.status, forbidden.body.user?.role]).toEqual([200, 'member'])
  })

  it('expire, are replaced by newer ones, and are good for one thing and one address only [control 13]', async () => {
    const { post, ask, clock } = start({ expiresIn: 60 })
    await post('/sign-up/email', ann)
    const signIn = (otp: string, to = email) => post('/sign-in/email-otp', { email: to, otp })
    const older = await ask('sign-in')
    const newer = await ask('sign-in')
    if (older !== newer) expect((await signIn(older)).body.code).toBe('INVALID_OTP')
    expect((await signIn(newer, nobody)).body.code).toBe('INVALID_OTP')
    for (const [path, more] of [
      ['/email-otp/verify-email', {}],
      ['/email-otp/reset-password', { password: 'another good password' }],
      ['/email-otp/check-verification-otp', { type: 'forget-password' }],
    ] as const) {
      expect((await post(path, { email, otp: newer, ...more })).body.code).toBe('INVALID_OTP')
    }
    clock.advance(60)
    expect((await signIn(newer)).body.code).toBe('OTP_EXPIRED')
    expect((await signIn(newer)).body.code).toBe('INVALID_OTP')
    expect((await signIn(await ask('sign-in'))).status).toBe(200)
  })

  it('tell nothing about addresses, however often they are tried [control 9]', async () => {
    const { post, take, rows } = start({ disableSignUp: true })
    await post('/sign-up/email', ann)
    const told = async (to: string) => {
      const answers = []
      for (const type of ['sign-in', 'email-verification', 'forget-password'])
        answers.push(await post('/email-otp/send-verification-otp', { email: to, type }))
      answers.push(await post('/email-otp/request-password-reset', { email: to }))
      answers.push(await post('/forget-password/email-otp', { email: to }))
      const mailed = await take()
      for (let attempt = 0; attempt < 5; attempt++) {
        const entered = { email: to, otp: 'wrong1' }
        answers.push(await post('/sign-in/email-otp', entered))
        answers.push(await post('/email-otp/verify-email', entered))
        answers.push(await post('/email-otp/check-verification-otp', { ...entered, type: 'sign-in' }))
        answers.push(await post('/email-otp/reset-password', { ...entered, password: 'another good password' }))
      }
      return { mailed, answers: answers.map(({ status, text }) => [status, text]) }
    }
    const [known, unknown] = [await told(email), await told(nobody)]
    expect(known.answers).toEqual(unknown.answers)
    expect([known.mailed.length, unknown.mailed]).toEqual([5, []])
    expect(await rows('user')).toHaveLength(1)
  })

  it('are limited to 3 calls of a route in a minute', async () => {
    const { visit } = start({}, { rateLimit: { enabled: true } })
    const from = { socketAddress: '192.0.2.1' }
    const body = { email, otp: '000000', type: 'sign-in', password: 'another good password' }
    const routes = [
      'send-verification-otp',
      'check-verification-otp',
      'verify-email',
      'request-password-reset',
      'reset-password',
    ]
    for (const path of [...routes.map(route => `/email-otp/${route}`), '/sign-in/email-otp']) {
      const statuses = []
      for (let call = 0; call < 4; call++) statuses.push((await visit().post(path, body, from)).status)
      expect([path, statuses.filter(status => status === 429).length, statuses[3]]).toEqual([path, 1, 429])
    }
    expect((await visit().post('/forget-password/email-otp', body, from)).status).toBe(429)
  })

  it('are as long as the application wants, or its own, and sent again where it wants that', async () => {
    expect(await start({ otpLength: 8 }).ask('sign-in')).toMatch(/^\d{8}$/)
    const made: object[] = []
    const generateOTP = (wish: object) => {
      made.push(wish)
      return made.length > 1 ? undefined : 'own-code'
    }
    const own = start({ generateOTP })
    expect([await own.ask('sign-in'), made]).toEqual(['own-code', [{ email, type: 'sign-in' }]])
    expect(await own.ask('sign-in')).toMatch(/^\d{6}$/)

    const again = start({ resendStrategy: 'reuse', expiresIn: 60, otpLength: 12 })
    const first = await again.ask('sign-in')
    again.clock.advance(50)
    expect(await again.ask('sign-in')).toBe(first)
    again.clock.advance(50)
    expect((await again.post('/sign-in/email-otp', { email, otp: first })).status).toBe(200)
    const hashed = start({ resendStrategy: 'reuse', storeOTP: 'hashed', otpLength: 12 })
    expect(await hashed.ask('sign-in')).not.toBe(await hashed.ask('sign-in'))
  })

  it('refuse options that make no sense', () => {
    expect(() => emailOTP({} as EmailOTPOptions)).toThrow('sendVerificationOTP')
    expect(() => emailOTP({ sendVerificationOTP: () => undefined, allowedAttempts: 0 })).toThrow('allowedAttempts')
  })
})

describe('a first proof by a code [A33, control 14]', () => {
  it('that signs in clears what somebody else planted', async () => {
    const { visit, post, ask, rows } = start()
    const attacker = visit()
    await attacker.post('/sign-up/email', ann)
    const owner = visit()
    const { body } = await owner.post('/sign-in/email-otp', { email, otp: await ask('sign-in') })
    expect(body.user).toMatchObject({ email, emailVerified: true })
    expect((await owner.get('/get-session')).body.user).toMatchObject({ email })
    expect((await attacker.get('/get-session')).text).toBe('null')
    expect((await post('/sign-in/email', ann)).status).toBe(401)
    expect([await rows('account'), (await rows('session')).length]).toEqual([[], 1])
  })

  it('that sets a password leaves that one only', async () => {
    const { auth, visit, post, ask, rows } = start()
    const attacker = visit()
    await attacker.post('/sign-up/email', ann)
    const [user] = await rows('user')
    const times = { createdAt: new Date(), updatedAt: new Date() }
    const login = { id: 'planted', userId: user?.id, providerId: 'github', accountId: 'attacker', ...times }
    await auth.context.adapter.create({ model: 'account', data: login })
    const password = 'a password of the owner'
    const reset = await post('/email-otp/reset-password', { email, otp: await ask('forget-password'), password })
    expect(reset.status).toBe(200)
    expect((await attacker.get('/get-session')).text).toBe('null')
    expect(await rows('account')).toMatchObject([{ providerId: 'credential' }])
    expect(await rows('user')).toMatchObject([{ emailVerified: true }])
    expect((await post('/sign-in/email', { email, password })).status).toBe(200)
  })

  it('that only proves leaves everything: it was asked for at sign-up', async () => {
    const { visit, post, ask } = start()
    const visitor = visit()
    await visitor.post('/sign-up/email', ann)
    const { body } = await post('/email-otp/verify-email', { email, otp: await ask('email-verification') })
    expect(body).toMatchObject({ status: true, token: null, user: { emailVerified: true } })
    expect((await visitor.get('/get-session')).body.user).toMatchObject({ emailVerified: true })
    expect((await post('/sign-in/email', ann)).status).toBe(200)
  })
})

describe('a second step [A11, control 17]', () => {
  const startWithSecondStep = async (options: Partial<EmailOTPOptions> = {}, more: KerniaOptions = {}) => {
    const test = start(options, { ...more, others: [secondStep()] })
    await test.post('/sign-up/email', { ...ann, secondStepOn: true })
    const where = [{ field: 'email', value: email }]
    await test.auth.context.adapter.updateMany({ model: 'user', where, update: { emailVerified: true } })
    await test.auth.context.adapter.deleteMany({ model: 'session', where: [] })
    return test
  }

  it('is asked for after a code too: there is no session, cookie or token before it', async () => {
    const { post, ask, rows } = await startWithSecondStep()
    const answer = await post('/sign-in/email-otp', { email, otp: await ask('sign-in') })
    expect(answer.body).toMatchObject({ secondStep: true, methods: ['code'] })
    expect([answer.body.token, answer.setCookies, await rows('session')]).toEqual([undefined, {}, []])
  })

  it('keeps a proof from signing in', async () => {
    const { post, ask, rows } = await startWithSecondStep(
      {},
      { emailVerification: { autoSignInAfterVerification: true } },
    )
    const answer = await post('/email-otp/verify-email', { email, otp: await ask('email-verification') })
    expect([answer.body.token, answer.setCookies, await rows('session')]).toEqual([null, {}, []])
  })

  it('is left out where the application says so', async () => {
    const { post, ask } = await startWithSecondStep({ skipSecondFactor: true })
    const answer = await post('/sign-in/email-otp', { email, otp: await ask('sign-in') })
    expect(Object.keys(answer.setCookies)).toEqual(['better-auth.session_token'])
  })
})
