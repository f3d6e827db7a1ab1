import { lastLoginMethodClient } from 'better-auth/client/plugins'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { emailOTP } from '../../../routers/email-otp/index.ts'
import { genericOAuth } from '../../../routers/generic-oauth/index.ts'
import { lastLoginMethod } from '../../../routers/last-login-method/index.ts'
import { magicLink } from '../../../routers/magic-link/index.ts'
import { username } from '../../../routers/username/index.ts'
import { type AnyPlugin, emailAndPassword } from '../../../src/index.ts'
import { ann, createTestAuth } from '../../support/test-auth.ts'
import { type Answer, visit } from '../../support/visitor.ts'
import { describeEveryInstance, type TestInstance } from '../every-instance.ts'
import { configOf, signIn as signInGeneric } from '../generic-oauth/signing-in.ts'
import { startLocalProvider, withLocal } from '../social/local-provider.ts'
import { signIn as signInSocial } from '../social/signing-in.ts'
import { challenged, startEnrolled } from '../two-factor/enrolled.ts'

const COOKIE = 'better-auth.last_used_login_method'

afterEach(() => vi.unstubAllGlobals())

const rememberedBy = ({ setCookies }: Answer) => setCookies[COOKIE]?.split(/[=;]/)[1]

/** An instance with many ways to sign in, and a browser. */
async function startWays(plugins: Parameters<typeof createTestAuth>[0] = {}) {
  const local = await startLocalProvider()
  const mails: { url?: string; otp?: string }[] = []
  const test = createTestAuth({
    ...plugins,
    clock: () => new Date(),
    plugins: [
      emailAndPassword(),
      lastLoginMethod(),
      username(),
      magicLink({ sendMagicLink: mail => void mails.push(mail) }),
      emailOTP({ sendVerificationOTP: async mail => void mails.push(mail) }),
      withLocal(local),
      genericOAuth({ config: [configOf(local, { providerId: 'generic' })] }),
    ],
  } as never)
  return { ...test, local, mails, browser: visit(test.auth) }
}

function startWith(plugins: readonly AnyPlugin[]) {
  const test = createTestAuth({ plugins } as never)
  const rows = async () => []
  return { ...test, visit: () => visit(test.auth), rows } as unknown as TestInstance
}

describe('the cookie of the last way to sign in', () => {
  it('is set by every one, for the scripts of the site, and is no secret', async () => {
    const { browser, local, mails } = await startWays()
    const signedUp = await browser.post('/sign-up/email', { ...ann, username: 'annie' })
    expect(signedUp.setCookies[COOKIE]).toBe(`${COOKIE}=email; Max-Age=2592000; Path=/; SameSite=Lax`)
    expect(rememberedBy(await browser.post('/sign-in/email', ann))).toBe('email')
    const { password } = ann
    expect(rememberedBy(await browser.post('/sign-in/username', { username: 'annie', password }))).toBe('username')
    await browser.post('/sign-in/magic-link', { email: ann.email })
    const { pathname, search } = new URL(mails.at(-1)?.url ?? '')
    expect(rememberedBy(await browser.get(pathname.replace('/api/auth', '') + search))).toBe('magic-link')
    await browser.post('/email-otp/send-verification-otp', { email: ann.email, type: 'sign-in' })
    const otp = mails.at(-1)?.otp
    expect(rememberedBy(await browser.post('/sign-in/email-otp', { email: ann.email, otp }))).toBe('email-otp')
    expect(rememberedBy(await signInSocial(visitAgain(), local))).toBe('local')
    const other = visitAgain()
    await signInGeneric(other, local, { input: { providerId: 'generic' } })
    expect(other.cookies.get(COOKIE)).toBe('generic')

    function visitAgain() {
      browser.cookies.clear()
      return browser
    }
  })

  it('is that of the first step, when the second one signs in', async () => {
    const test = await startEnrolled(
      {},
      { start: async given => startWith([...(given?.plugins ?? []), lastLoginMethod()]) },
    )
    const browser = await challenged(test)
    expect(browser.cookies.has(COOKIE)).toBe(false)
    const proven = await browser.post('/two-factor/verify-totp', { code: test.app.code() })
    expect([proven.status, rememberedBy(proven)]).toEqual([200, 'email'])
  })

  it('is not set by what signs nobody in', async () => {
    const { browser } = await startWays()
    const wrong = await browser.post('/sign-in/email', ann)
    expect([wrong.status, rememberedBy(wrong)]).toEqual([401, undefined])
    await browser.post('/sign-up/email', ann)
    const change = { currentPassword: ann.password, newPassword: 'another good passphrase', revokeOtherSessions: true }
    const changed = await browser.post('/change-password', change)
    expect([changed.status, rememberedBy(changed)]).toEqual([200, undefined])
    expect(rememberedBy(await browser.get('/get-session'))).toBeUndefined()
    const signedOut = await browser.post('/sign-out')
    expect(rememberedBy(signedOut)).toBeUndefined()
    expect(browser.cookies.get(COOKIE)).toBe('email')
  })

  it('is named and lives as the options say', async () => {
    const plugins = [
      lastLoginMethod({
        cookieName: 'last',
        maxAge: 60,
        customResolveMethod: ({ operationId }, method) => (operationId === 'signUpEmail' ? 'new' : method),
      }),
    ]
    const browser = visit(createTestAuth({ plugins }).auth)
    expect((await browser.post('/sign-up/email', ann)).setCookies.last).toMatch(/^last=new; Max-Age=60;/)
    expect((await browser.post('/sign-in/email', ann)).setCookies.last).toMatch(/^last=email;/)
  })

  it.each([{ maxAge: 0 }, { maxAge: 400 * 86_400 + 1 }, { cookieName: 'a b' }, { cookieName: 'a;b' }])(
    'is refused at the start with %o',
    options => expect(() => lastLoginMethod(options)).toThrow('lastLoginMethod'),
  )

  it('is what the official client reads', async () => {
    const { browser } = await startWays()
    await browser.post('/sign-up/email', ann)
    const document = { cookie: browser.cookieHeader() }
    vi.stubGlobal('document', document)
    const { getLastUsedLoginMethod } = lastLoginMethodClient().getActions()
    expect(getLastUsedLoginMethod()).toBe('email')
  })
})

describeEveryInstance('the last way to sign in, stored', start => {
  it('is with the user who signs up, and changes with every sign-in', async () => {
    const local = await startLocalProvider()
    const plugins = [lastLoginMethod({ storeInDatabase: true }), genericOAuth({ config: [configOf(local)] })]
    const test = await start({ plugins, clock: () => new Date() })
    const browser = test.visit()
    await signInGeneric(browser, local)
    expect(await test.rows('user')).toMatchObject([{ lastLoginMethod: 'local' }])
    await test.visit().post('/sign-up/email', ann)
    const methods = async () => (await test.rows('user')).map(user => user.lastLoginMethod).sort()
    expect(await methods()).toEqual(['email', 'local'])
    expect((await browser.get('/get-session')).body.user).toMatchObject({ lastLoginMethod: 'local' })
    const written = await browser.post('/update-user', { lastLoginMethod: 'made-up' })
    expect(written.status).toBe(400)
    expect(await methods()).toEqual(['email', 'local'])
  })
})
