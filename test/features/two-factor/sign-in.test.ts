import { describe, expect, it } from 'vitest'
import { twoFactor } from '../../../routers/two-factor/index.ts'
import { memoryAdapter } from '../../../src/index.ts'
import { countingDatabase } from '../../support/counting-database.ts'
import { ann, createTestAuth } from '../../support/test-auth.ts'
import { challenged, startEnrolled, startWithTwoFactor } from './enrolled.ts'

const signIn = { email: ann.email, password: ann.password }
const values = (setCookies: Record<string, string>) =>
  Object.entries(setCookies).filter(([, header]) => !/; Max-Age=0(;|$)/.test(header))

describe('a sign-in with a second factor', () => {
  it('is challenged, and no session exists before the factor is proven [A11, control 17]', async () => {
    const test = await startEnrolled({}, { session: { cookieCache: { enabled: true } } } as object)
    const before = await test.rows('session')
    const browser = test.visit()
    const answer = await browser.post('/sign-in/email', signIn)
    expect(answer.body).toEqual({ twoFactorRedirect: true, twoFactorMethods: ['totp', 'otp'] })
    expect(values(answer.setCookies).map(([name]) => name)).toEqual(['better-auth.two_factor'])
    expect(answer.setCookies['better-auth.two_factor']).toMatch(/; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/)
    expect(answer.headers.get('set-auth-token')).toBeNull()
    expect(await test.rows('session')).toEqual(before)
    expect((await browser.get('/get-session')).text).toBe('null')
    expect((await browser.get('/list-sessions')).status).toBe(401)
    expect((await browser.post('/update-user', { name: 'Eve' })).status).toBe(401)
  })

  it('is completed by a code of the app; the challenge is over then', async () => {
    const test = await startEnrolled()
    const browser = await challenged(test)
    const cookie = browser.cookies.get('better-auth.two_factor') ?? ''
    const answer = await browser.post('/two-factor/verify-totp', { code: test.app.code() })
    expect(answer.status).toBe(200)
    expect(answer.body.user).toMatchObject({ email: ann.email, twoFactorEnabled: true })
    const { body } = await browser.get('/get-session')
    expect(body.session?.token).toBe(answer.body.token)
    expect(browser.cookies.has('better-auth.two_factor')).toBe(false)

    const thief = test.visit()
    thief.cookies.set('better-auth.two_factor', cookie)
    const again = await thief.post('/two-factor/verify-totp', { code: test.app.code(1) })
    expect([again.status, again.body.code]).toEqual([401, 'INVALID_TWO_FACTOR_COOKIE'])
  })

  it('needs the cookie of its own browser, unforged and in time', async () => {
    const test = await startEnrolled()
    const code = test.app.code()
    const stranger = await test.visit().post('/two-factor/verify-totp', { code })
    expect([stranger.status, stranger.body.code]).toEqual([401, 'INVALID_TWO_FACTOR_COOKIE'])
    const forger = test.visit()
    forger.cookies.set('better-auth.two_factor', 'x'.repeat(32))
    expect((await forger.post('/two-factor/verify-totp', { code })).body.code).toBe('INVALID_TWO_FACTOR_COOKIE')

    const slow = await challenged(test)
    test.clock.advance(601)
    const late = await slow.post('/two-factor/verify-totp', { code: test.app.code() })
    expect([late.status, late.body.code]).toEqual([401, 'INVALID_TWO_FACTOR_COOKIE'])
  })

  it('forgets the session of another user that the browser has', async () => {
    const test = await startEnrolled()
    const browser = test.visit()
    await browser.post('/sign-up/email', { ...ann, email: 'ben@example.com' })
    await browser.post('/sign-in/email', signIn)
    expect(browser.cookies.has('better-auth.session_token')).toBe(false)
    const answer = await browser.post('/two-factor/verify-totp', { code: test.app.code() })
    expect(answer.body.user).toMatchObject({ email: ann.email })
  })

  it('keeps in mind whether the session is to be remembered', async () => {
    const test = await startEnrolled()
    const forgetful = await challenged(test, { rememberMe: false })
    const short = await forgetful.post('/two-factor/verify-totp', { code: test.app.code() })
    expect(short.setCookies['better-auth.session_token']).not.toContain('Max-Age')
    const remembered = await challenged(test)
    const long = await remembered.post('/two-factor/verify-totp', { code: test.app.code(1) })
    expect(long.setCookies['better-auth.session_token']).toContain('Max-Age=604800')
  })

  it('names the ways that the user has', async () => {
    const methodsOf = async (options: Parameters<typeof twoFactor>[0]) => {
      const { auth } = createTestAuth({ plugins: [twoFactor({ ...options, skipVerificationOnEnable: true })] })
      const resHeaders = new Headers()
      await auth.caller({ headers: {}, resHeaders }).signUp.email(ann)
      const cookie = resHeaders
        .getSetCookie()
        .map(line => line.split(';')[0])
        .join('; ')
      const headers = { cookie, origin: 'http://localhost:3000' }
      await auth.caller({ headers }).twoFactor.enable({ password: ann.password })
      const answer = await auth.caller().signIn.email(ann)
      return 'twoFactorMethods' in answer ? answer.twoFactorMethods : undefined
    }
    expect(await methodsOf({})).toEqual(['totp'])
    expect(await methodsOf({ otpOptions: { sendOTP: () => undefined } })).toEqual(['totp', 'otp'])
    expect(await methodsOf({ totpOptions: { disable: true } })).toEqual([])
  })

  it('does not concern users who have it off, nor add a query to reading a session', async () => {
    const database = countingDatabase(memoryAdapter())
    const { visit } = await startWithTwoFactor({}, { database })
    const browser = visit()
    await browser.post('/sign-up/email', ann)
    expect((await visit().post('/sign-in/email', signIn)).body.token).toEqual(expect.any(String))
    database.calls.length = 0
    await browser.get('/get-session')
    expect(database.calls).toHaveLength(1)
  })

  it('ends with the second factor: a challenge of before is worth nothing', async () => {
    const test = await startEnrolled()
    const browser = await challenged(test)
    await test.browser.post('/two-factor/disable', { password: ann.password })
    const answer = await browser.post('/two-factor/verify-totp', { code: test.app.code() })
    expect([answer.status, answer.body.code]).toEqual([401, 'INVALID_TWO_FACTOR_COOKIE'])
    expect((await test.visit().post('/sign-in/email', signIn)).body.token).toEqual(expect.any(String))
  })
})
