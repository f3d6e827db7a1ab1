import { createAuthClient } from 'better-auth/client'
import { twoFactorClient } from 'better-auth/client/plugins'
import { describe, expect, it } from 'vitest'
import { createCookieFetch } from '../../../clients/cookie-fetch.ts'
import { twoFactor } from '../../../routers/two-factor/index.ts'
import { memoryStorage } from '../../../src/index.ts'
import { vault } from '../../procedures/vault.ts'
import { startServer } from '../../support/start-server.ts'
import { ann } from '../../support/test-auth.ts'
import { scan } from './authenticator.ts'
import { challenged, startEnrolled } from './enrolled.ts'

const { email, password } = ann

/** The official client as a browser would run it; `redirects` takes what it was told of challenges. */
function browserAt(url: string, redirects: unknown[] = []) {
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
    plugins: [twoFactorClient({ onTwoFactorRedirect: context => void redirects.push(context) })],
  })
}

describe('the official client with its two-factor plugin, unchanged', () => {
  it('turns it on, signs in by each way, and turns it off', async () => {
    const codes: string[] = []
    const sendOTP = ({ otp }: { otp: string }) => void codes.push(otp)
    const { url, clock } = await startServer({ plugins: [twoFactor({ otpOptions: { sendOTP } })] })
    const browser = browserAt(url)
    await browser.signUp.email(ann)
    const enabled = await browser.twoFactor.enable({ password })
    const app = scan(enabled.data?.totpURI ?? '', clock)
    const verified = await browser.twoFactor.verifyTotp({ code: app.code() })
    expect(verified.data?.user).toMatchObject({ twoFactorEnabled: true })
    expect((await browser.getSession()).data?.session.token).toBe(verified.data?.token)
    expect((await browser.twoFactor.getTotpUri({ password })).data?.totpURI).toBe(enabled.data?.totpURI)

    const redirects: unknown[] = []
    const byApp = browserAt(url, redirects)
    expect((await byApp.signIn.email({ email, password })).data).toMatchObject({ twoFactorRedirect: true })
    expect(redirects).toEqual([{ twoFactorMethods: ['totp', 'otp'] }])
    const wrong = await byApp.twoFactor.verifyTotp({ code: '000000' })
    expect(wrong.error).toMatchObject({ status: 401, code: 'INVALID_CODE' })
    const trusted = await byApp.twoFactor.verifyTotp({ code: app.code(1), trustDevice: true })
    expect(trusted.error).toBeNull()
    await byApp.signOut()
    expect((await byApp.signIn.email({ email, password })).data).toMatchObject({ token: expect.any(String) })

    const bySent = browserAt(url)
    await bySent.signIn.email({ email, password })
    expect((await bySent.twoFactor.sendOtp({})).data).toEqual({ status: true })
    expect((await bySent.twoFactor.verifyOtp({ code: codes[0] ?? '' })).error).toBeNull()

    const fresh = await browser.twoFactor.generateBackupCodes({ password })
    const byBackup = browserAt(url)
    await byBackup.signIn.email({ email, password })
    const used = await byBackup.twoFactor.verifyBackupCode({ code: fresh.data?.backupCodes[0] ?? '' })
    expect(used.error).toBeNull()
    expect((await byBackup.twoFactor.disable({ password })).data).toEqual({ status: true })
    expect((await browserAt(url).signIn.email({ email, password })).data).toMatchObject({ token: expect.any(String) })
  })
})

describe('the official client, asked for a second factor while signed in', () => {
  it('proves it with a code, and sees and ends the trust of its devices [controls 20 and 21]', async () => {
    const { url, clock } = await startServer({ plugins: [twoFactor(), vault()] })
    const browser = browserAt(url)
    await browser.signUp.email(ann)
    const enabled = await browser.twoFactor.enable({ password })
    const app = scan(enabled.data?.totpURI ?? '', clock)
    await browser.twoFactor.verifyTotp({ code: app.code() })
    clock.advance(30)
    await browser.signIn.email({ email, password })
    await browser.twoFactor.verifyTotp({ code: app.code(), trustDevice: true })
    await browser.signIn.email({ email, password })

    const challenges: (string | null)[] = []
    const onError = ({ response }: { response: Response }) =>
      void challenges.push(response.headers.get('www-authenticate'))
    const asked = await browser.$fetch('/vault/sensitive', { onError })
    expect(asked.error).toMatchObject({ status: 401, code: 'STEP_UP_REQUIRED' })
    expect(challenges).toEqual([expect.stringContaining('acr_values="aal2"')])
    clock.advance(30)
    expect((await browser.twoFactor.verifyTotp({ code: app.code() })).error).toBeNull()
    expect((await browser.$fetch('/vault/sensitive')).data).toBe('gold')

    const devices = async () => (await browser.$fetch<{ id: string }[]>('/two-factor/list-trusted-devices')).data ?? []
    const [device] = await devices()
    expect(device).toMatchObject({ id: expect.any(String), isCurrent: true })
    const body = { id: device?.id }
    const ended = await browser.$fetch('/two-factor/revoke-trusted-device', { method: 'POST', body })
    expect([ended.data, await devices()]).toEqual([{ status: true }, []])
    expect((await browser.signIn.email({ email, password })).data).toMatchObject({ twoFactorRedirect: true })
  })
})

describe('the tRPC client', () => {
  it('knows the challenge by its type', async () => {
    const { client, clock } = await startServer({ plugins: [twoFactor()] })
    const browser = client()
    await browser.signUp.email.mutate(ann)
    const { totpURI } = await browser.twoFactor.enable.mutate({ password })
    const app = scan(totpURI, clock)
    const { user } = await browser.twoFactor.verifyTotp.mutate({ code: app.code() })
    expect(user.twoFactorEnabled).toBe(true)
    const other = client()
    const answer = await other.signIn.email.mutate({ email, password })
    if (!('twoFactorRedirect' in answer)) throw new Error('expected a challenge')
    const methods: readonly ('totp' | 'otp')[] = answer.twoFactorMethods
    expect(methods).toEqual(['totp'])
    expect(await other.session.get.query()).toBeNull()
    await other.twoFactor.verifyTotp.mutate({ code: app.code(1) })
    expect((await other.session.get.query())?.user.twoFactorEnabled).toBe(true)
    clock.advance(60)
    await other.signIn.email.mutate({ email, password })
    await other.twoFactor.verifyTotp.mutate({ code: app.code(), trustDevice: true })
    const [device] = await other.twoFactor.listTrustedDevices.query()
    const lastUsedAt: string | undefined = device?.lastUsedAt
    expect(lastUsedAt).toBe(clock.now().toISOString())
    await other.twoFactor.revokeTrustedDevices.mutate()
    expect(await other.twoFactor.listTrustedDevices.query()).toEqual([])
  })
})

describe('with a secondary storage', () => {
  it('challenges and codes are kept there, and are as single', async () => {
    const test = await startEnrolled({}, { secondaryStorage: memoryStorage() })
    const browser = await challenged(test)
    expect(await test.rows('verification')).toEqual([])
    await browser.post('/two-factor/send-otp')
    const [first, second] = await Promise.all(
      [1, 2].map(() => browser.post('/two-factor/verify-otp', { code: test.sent[0]?.otp })),
    )
    expect([first?.status, second?.status].sort()).toEqual([200, 401])
    expect((await test.browser.post('/two-factor/disable', { password })).status).toBe(200)
  })
})
