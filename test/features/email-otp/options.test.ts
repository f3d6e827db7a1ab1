import { describe, expect, it } from 'vitest'
import type { EmailOTPOptions, OtpStorage } from '../../../routers/email-otp/index.ts'
import { init, type KerniaOptions, memoryAdapter } from '../../../src/index.ts'
import { listProcedures } from '../../../src/meta.ts'
import { ann, createTestAuth, secret } from '../../support/test-auth.ts'
import { visit } from '../../support/visitor.ts'
import { createMailing } from '../mailing.ts'
import { createCodes, otherThan } from './codes.ts'

const { email, password } = ann

function start(options: Partial<EmailOTPOptions> = {}, more: KerniaOptions = {}) {
  const codes = createCodes(options)
  const test = createTestAuth({ ...more, advanced: codes.advanced, plugins: [codes.plugin] })
  const post = (path: string, body: object) => visit(test.auth).post(path, body)
  const rows = (model: string) => test.auth.context.adapter.findMany({ model, where: [] })
  return { ...test, ...codes, post, rows, visit: () => visit(test.auth) }
}

describe('codes at rest [control 11]', () => {
  const reverse = (text: string) => [...text].reverse().join('')
  const kinds: [string, OtpStorage | undefined, RegExp][] = [
    ['sealed unless the application says otherwise', undefined, /^0:k1\.0\.[\w-]+$/],
    ['plain', 'plain', /^0:\d{6}$/],
    ['hashed, with the secret', 'hashed', /^0:[\w+/]{43}=$/],
    ['sealed', 'encrypted', /^0:k1\.0\.[\w-]+$/],
    ['hashed by the application', { hash: async otp => `own:${reverse(otp)}` }, /^0:own:\d{6}$/],
    ['sealed by the application', { encrypt: reverse, decrypt: async text => reverse(text) }, /^0:\d{6}$/],
  ]

  it.each(kinds)('are %s', async (_name, storeOTP, form) => {
    const { auth, post, rows, last } = start({ storeOTP })
    await post('/email-otp/send-verification-otp', { email, type: 'sign-in' })
    const { otp } = await last()
    const [row] = await rows('verification')
    expect(row?.identifier).toMatch(/^email-otp-sign-in:[\w-]{43}$/)
    expect(row?.value).toMatch(form)
    if (storeOTP !== 'plain') expect(row?.value).not.toContain(otp)
    const read = auth.caller().emailOtp.get({ email, type: 'sign-in' })
    if (storeOTP === 'hashed' || (typeof storeOTP === 'object' && 'hash' in storeOTP)) {
      await expect(read).rejects.toMatchObject({ authCode: 'OTP_HASHED', status: 400 })
    } else expect(await read).toEqual({ otp })
    expect((await post('/sign-in/email-otp', { email, otp: otherThan(otp) })).body.code).toBe('INVALID_OTP')
    expect((await post('/sign-in/email-otp', { email, otp })).status).toBe(200)
  })

  it.each(['hashed', 'encrypted'] as const)('outlive a change of the secret, %s', async storeOTP => {
    const database = memoryAdapter()
    let adapter: ReturnType<typeof database.connect> | undefined
    const shared = {
      connect: (schema: Parameters<typeof database.connect>[0]) => {
        adapter ??= database.connect(schema)
        return adapter
      },
    }
    const codes = createCodes({ storeOTP })
    const common = {
      baseURL: 'http://localhost:3000',
      database: shared,
      plugins: [codes.plugin],
      advanced: codes.advanced,
    }
    const before = init({ ...common, secret })
    await visit(before).post('/email-otp/send-verification-otp', { email, type: 'sign-in' })
    const { otp } = await codes.last()
    const newest = { version: 1, value: 'another-secret-another-secret-0123456789' }
    const after = init({ ...common, secrets: [newest, { version: 0, value: secret }] })
    expect((await visit(after).post('/sign-in/email-otp', { email, otp })).status).toBe(200)
  })
})

describe('codes for the application’s own code [control 49]', () => {
  it('are made and read in the process, and nowhere else', async () => {
    const { auth, post, clock } = start()
    const wish = { email: 'Ann@Example.com', type: 'sign-in' } as const
    expect(await auth.caller().emailOtp.get(wish)).toEqual({ otp: null })
    const otp = await auth.caller().emailOtp.create(wish)
    expect(await auth.caller().emailOtp.get(wish)).toEqual({ otp })
    const paths = listProcedures(auth.router).map(({ path }) => path)
    expect(paths).toContain('emailOtp.send')
    for (const path of ['emailOtp.create', 'emailOtp.get']) expect(paths).not.toContain(path)
    expect(JSON.stringify(auth.openApiDocument())).not.toMatch(/createVerificationOTP|getVerificationOTP/)
    for (const path of ['/email-otp/create-verification-otp', '/email-otp/get-verification-otp']) {
      expect((await post(path, wish)).status).toBe(404)
    }
    clock.advance(300)
    expect(await auth.caller().emailOtp.get(wish)).toEqual({ otp: null })
    const next = await auth.caller().emailOtp.create(wish)
    expect((await post('/sign-in/email-otp', { email, otp: next })).status).toBe(200)
  })
})

describe('proof of an address', () => {
  it('is mailed at sign-up where the application wants that, and signs in where it wants that', async () => {
    const told: string[] = []
    const { post, last, take } = start(
      { sendVerificationOnSignUp: true },
      {
        emailVerification: {
          autoSignInAfterVerification: true,
          beforeEmailVerification: user => void told.push(`before ${user.emailVerified}`),
          afterEmailVerification: user => void told.push(`after ${user.emailVerified}`),
        },
      },
    )
    await post('/sign-up/email', ann)
    const { otp, type } = await last()
    expect([type, await take()]).toEqual(['email-verification', [`email-verification ${email}`]])
    const { body, setCookies } = await post('/email-otp/verify-email', { email, otp })
    expect(body).toMatchObject({ status: true, token: expect.any(String), user: { emailVerified: true } })
    expect(Object.keys(setCookies)).toEqual(['better-auth.session_token'])
    expect(told).toEqual(['before false', 'after true'])
  })

  it('is by a code in the place of the link where the application wants that', async () => {
    const { post, take, last } = start(
      { overrideDefaultEmailVerification: true },
      { emailAndPassword: { requireEmailVerification: true }, emailVerification: { sendOnSignIn: true } },
    )
    await post('/sign-up/email', ann)
    expect(await take()).toEqual([`email-verification ${email}`])
    expect((await post('/sign-in/email', { email, password })).status).toBe(403)
    expect(await take()).toEqual([`email-verification ${email}`])
    for (const to of [email, 'nobody@example.com'])
      expect((await post('/send-verification-email', { email: to })).body).toEqual({ status: true })
    const { otp } = await last()
    expect(await take()).toEqual([`email-verification ${email}`])
    expect((await post('/email-otp/verify-email', { email, otp })).status).toBe(200)
    expect((await post('/sign-in/email', { email, password })).status).toBe(200)
  })

  it('is by the link all the same where the application mails one', async () => {
    const mailing = createMailing()
    const { post, take } = start(
      { overrideDefaultEmailVerification: true },
      { emailVerification: mailing.emailVerification },
    )
    await post('/sign-up/email', ann)
    await post('/send-verification-email', { email })
    expect([await take(), mailing.sent.map(({ kind }) => kind)]).toEqual([[], ['verify']])
  })

  it('is not to be had where nothing is mailed', async () => {
    const { post } = start()
    const { status, body } = await post('/send-verification-email', { email })
    expect([status, body.code]).toEqual([400, 'VERIFICATION_EMAIL_NOT_ENABLED'])
  })
})

describe('a change of address by a code', () => {
  const newEmail = 'anna@example.com'
  const startSignedIn = async (changeEmail: EmailOTPOptions['changeEmail'], more: KerniaOptions = {}) => {
    const test = start({ changeEmail }, more)
    const visitor = test.visit()
    await visitor.post('/sign-up/email', ann)
    return { ...test, visitor }
  }

  it('is off unless the application turns it on', async () => {
    const { visitor } = await startSignedIn(undefined)
    for (const path of ['/email-otp/request-email-change', '/email-otp/change-email']) {
      const { status, body } = await visitor.post(path, { newEmail, otp: '000000' })
      expect([status, body.code]).toEqual([400, 'CHANGE_EMAIL_DISABLED'])
    }
  })

  it('needs the code of the new address, by the user who asked', async () => {
    const changed: string[] = []
    const onEmailChanged = ({ user, oldEmail }: { user: { email: string }; oldEmail: string }) =>
      void changed.push(`${oldEmail} ${user.email}`)
    const { visit, visitor, post, last, settled } = await startSignedIn(
      { enabled: true },
      { user: { changeEmail: { onEmailChanged } } },
    )
    const eve = visit()
    await eve.post('/sign-up/email', { ...ann, email: 'eve@example.com' })
    expect((await post('/email-otp/request-email-change', { newEmail })).status).toBe(401)
    expect((await visitor.post('/email-otp/request-email-change', { newEmail })).body).toEqual({ success: true })
    const { otp, email: to, type } = await last()
    expect([to, type]).toEqual([newEmail, 'change-email'])
    expect((await eve.post('/email-otp/change-email', { newEmail, otp })).body.code).toBe('INVALID_OTP')
    expect((await visitor.post('/email-otp/change-email', { newEmail: 'x@example.com', otp })).body.code).toBe(
      'INVALID_OTP',
    )
    expect((await visitor.post('/email-otp/change-email', { newEmail, otp })).body).toEqual({ success: true })
    expect((await visitor.get('/get-session')).body.user).toMatchObject({ email: newEmail, emailVerified: true })
    await settled()
    expect(changed).toEqual([`${email} ${newEmail}`])
  })

  it('tells nobody that the new address is taken, and mails nothing to it', async () => {
    const { visitor, post, take } = await startSignedIn({ enabled: true })
    await post('/sign-up/email', { ...ann, email: newEmail })
    const ask = (to: string) => visitor.post('/email-otp/request-email-change', { newEmail: to })
    const [taken, free] = [await ask(newEmail), await ask('free@example.com')]
    expect([taken.status, taken.text]).toEqual([free.status, free.text])
    expect(await take()).toEqual(['change-email free@example.com'])
    for (const to of [newEmail, 'free@example.com']) {
      const codes = []
      for (let attempt = 0; attempt < 4; attempt++)
        codes.push((await visitor.post('/email-otp/change-email', { newEmail: to, otp: 'wrong1' })).body.code)
      expect(codes).toEqual(['INVALID_OTP', 'INVALID_OTP', 'INVALID_OTP', 'TOO_MANY_ATTEMPTS'])
    }
  })

  it('needs the code of the present address first where the application wants that', async () => {
    const { visitor, post, last } = await startSignedIn({ enabled: true, verifyCurrentEmail: true })
    const ask = (otp?: string) => visitor.post('/email-otp/request-email-change', { newEmail, otp })
    expect((await ask()).body.code).toBe('OTP_REQUIRED')
    await post('/email-otp/send-verification-otp', { email, type: 'email-verification' })
    const current = await last()
    expect((await ask(otherThan(current.otp))).body.code).toBe('INVALID_OTP')
    expect((await ask(current.otp)).status).toBe(200)
    expect((await ask(current.otp)).body.code).toBe('INVALID_OTP')
    const { otp, email: to } = await last()
    expect(to).toBe(newEmail)
    expect((await visitor.post('/email-otp/change-email', { newEmail, otp })).status).toBe(200)
  })
})

describe('a new password by a code', () => {
  it('costs no code when it will not do, and ends sessions where the application wants that', async () => {
    const reset: string[] = []
    const { visit, post, last } = start(
      {},
      {
        emailAndPassword: {
          revokeSessionsOnPasswordReset: true,
          onPasswordReset: ({ user }) => void reset.push(user.email),
        },
      },
    )
    const visitor = visit()
    await visitor.post('/sign-up/email', ann)
    await post('/email-otp/request-password-reset', { email })
    const { otp } = await last()
    for (let attempt = 0; attempt < 4; attempt++)
      expect((await post('/email-otp/reset-password', { email, otp, password: 'short' })).body.code).toBe(
        'PASSWORD_TOO_SHORT',
      )
    expect((await post('/email-otp/reset-password', { email, otp, password: 'a new password' })).status).toBe(200)
    expect((await visitor.get('/get-session')).text).toBe('null')
    expect([(await post('/sign-in/email', ann)).status, reset]).toEqual([401, [email]])
  })
})
