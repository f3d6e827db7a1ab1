import { describe, expect, it } from 'vitest'
import { type TwoFactorOptions, twoFactor } from '../../../routers/two-factor/index.ts'
import { memoryStorage } from '../../../src/index.ts'
import { REFUSAL, vault } from '../../procedures/vault.ts'
import { ann } from '../../support/test-auth.ts'
import type { Visitor } from '../../support/visitor.ts'
import { describeEveryInstance, type StartInstance } from '../every-instance.ts'
import { scan } from './authenticator.ts'
import { challenged, type Sent, startInMemory } from './enrolled.ts'

const signIn = { email: ann.email, password: ann.password }

/** Ann, whose second factor is on, and a vault that opens to those who have proved it within five minutes. */
async function openVault(start: StartInstance, options: TwoFactorOptions = {}) {
  const sent: Sent[] = []
  const sendOTP = ({ otp, user }: { otp: string; user: { email: string } }) => void sent.push({ otp, to: user.email })
  const test = await start({ plugins: [twoFactor({ otpOptions: { sendOTP }, ...options }), vault({ maxAge: 300 })] })
  const browser = test.visit()
  await browser.post('/sign-up/email', ann)
  const before = await tell(browser)
  const enabled = await browser.post('/two-factor/enable', { password: ann.password })
  const app = scan(String(enabled.body.totpURI), test.clock)
  const unproven = await tell(browser)
  await browser.post('/two-factor/verify-totp', { code: app.code() })
  const after = await tell(browser)
  test.clock.advance(30)
  return {
    ...test,
    browser,
    app,
    sent,
    backupCodes: enabled.body.backupCodes as string[],
    told: { before, unproven, after },
  }
}

async function tell(browser: Visitor): Promise<unknown> {
  const { status, body, text } = await browser.get('/vault/session')
  return status === 200 ? text : body
}

const GOLD = '"gold"'

/** Turns the factor on, or gives it another secret, and proves that. */
async function enableAnew(browser: Visitor, { clock }: Awaited<ReturnType<typeof openVault>>) {
  const { totpURI } = (await browser.post('/two-factor/enable', { password: ann.password })).body
  const unproven = await tell(browser)
  const app = scan(String(totpURI), clock)
  await browser.post('/two-factor/verify-totp', { code: app.code() })
  clock.advance(30)
  return { app, unproven }
}

/** What another session's proof is worth after the factor was off for a while, and with another secret. */
async function outlived(start: StartInstance) {
  const test = await openVault(start)
  const other = await challenged(test)
  await other.post('/two-factor/verify-totp', { code: test.app.code() })
  test.clock.advance(30)
  const told = [await tell(other)]
  await test.browser.post('/two-factor/disable', { password: ann.password })
  const again = await enableAnew(test.browser, test)
  told.push(await tell(test.browser), await tell(other))
  await other.post('/two-factor/verify-totp', { code: again.app.code() })
  told.push(await tell(other))
  test.clock.advance(30)
  const { unproven } = await enableAnew(test.browser, test)
  return [...told, unproven, await tell(test.browser), await tell(other)]
}

const OUTLIVED = [GOLD, GOLD, REFUSAL, GOLD, REFUSAL, GOLD, REFUSAL]

describeEveryInstance('a session and its second factor', start => {
  it('is proved by each way to complete a sign-in, and by turning the factor on [control 21]', async () => {
    const test = await openVault(start)
    expect(test.told).toEqual({ before: REFUSAL, unproven: REFUSAL, after: GOLD })

    const byApp = await challenged(test)
    await byApp.post('/two-factor/verify-totp', { code: test.app.code() })
    const byMail = await challenged(test)
    await byMail.post('/two-factor/send-otp', {})
    await expect.poll(() => test.sent.length).toBe(1)
    await byMail.post('/two-factor/verify-otp', { code: test.sent[0]?.otp })
    const byBackup = await challenged(test)
    await byBackup.post('/two-factor/verify-backup-code', { code: test.backupCodes[0] })
    for (const browser of [byApp, byMail, byBackup]) expect(await tell(browser)).toBe(GOLD)
    test.clock.advance(301)
    for (const browser of [byApp, byMail, byBackup]) expect(await tell(browser)).toEqual(REFUSAL)
  })

  it('is not proved by a device that is trusted; it is stepped up by proving it while signed in [control 21]', async () => {
    const test = await openVault(start)
    const device = await challenged(test)
    await device.post('/two-factor/verify-totp', { code: test.app.code(), trustDevice: true })
    expect((await device.post('/sign-in/email', signIn)).body.token).toEqual(expect.any(String))
    expect(await tell(device)).toEqual(REFUSAL)
    test.clock.advance(30)
    const wrong = await device.post('/two-factor/verify-totp', { code: '000000' })
    expect([wrong.status, await tell(device)]).toEqual([401, REFUSAL])
    const { token } = (await device.get('/get-session')).body.session ?? {}
    // A code that is only checked proves nothing.
    await device.post('/two-factor/verify-backup-code', { code: test.backupCodes[0], disableSession: true })
    expect(await tell(device)).toEqual(REFUSAL)
    expect((await device.post('/two-factor/verify-totp', { code: test.app.code() })).body.token).toBe(token)
    expect(await tell(device)).toBe(GOLD)

    test.clock.advance(301)
    expect(await tell(device)).toEqual(REFUSAL)
    await device.post('/two-factor/send-otp', {})
    await expect.poll(() => test.sent.length).toBe(1)
    await device.post('/two-factor/verify-otp', { code: test.sent[0]?.otp })
    expect(await tell(device)).toBe(GOLD)
    test.clock.advance(301)
    await device.post('/two-factor/verify-backup-code', { code: test.backupCodes[1] })
    expect(await tell(device)).toBe(GOLD)
  })

  it('is proved no more once the factor is off, in any of the sessions [control 21]', async () => {
    const test = await openVault(start)
    const other = await challenged(test)
    await other.post('/two-factor/verify-totp', { code: test.app.code() })
    await test.browser.post('/two-factor/disable', { password: ann.password })
    expect([await tell(test.browser), await tell(other)]).toEqual([REFUSAL, REFUSAL])
    // The other one still knows when it was; a factor that is off does not count.
    expect((await test.rows('session')).filter(({ twoFactorVerifiedAt }) => twoFactorVerifiedAt)).toHaveLength(1)
  })

  it('is not proved by what was proved before it was turned on again, or given another secret [control 21]', async () => {
    expect(await outlived(start)).toEqual(OUTLIVED)
  })
})

describe('where sessions are in secondary storage only', () => {
  it('an old proof is worth as little [control 21]', async () => {
    expect(await outlived(given => startInMemory({ ...given, secondaryStorage: memoryStorage() }))).toEqual(OUTLIVED)
  })
})

describe('turning it on at once, without a code', () => {
  it('proves nothing [control 21]', async () => {
    const test = await openVault(startInMemory, { skipVerificationOnEnable: true })
    expect(test.told).toEqual({ before: REFUSAL, unproven: REFUSAL, after: GOLD })
  })
})

describe('the option requireSecondFactor of the plugin', () => {
  it('has the factor that is there be proved before it is shown, changed or turned off [control 21]', async () => {
    const test = await openVault(startInMemory, { requireSecondFactor: true })
    const device = await challenged(test)
    await device.post('/two-factor/verify-totp', { code: test.app.code(), trustDevice: true })
    await device.post('/sign-in/email', signIn)
    const { password } = ann
    const paths = ['get-totp-uri', 'generate-backup-codes', 'enable', 'disable']
    for (const path of paths) {
      const { status, body, headers } = await device.post(`/two-factor/${path}`, { password })
      expect([path, status, body]).toEqual([path, 401, REFUSAL])
      expect(headers.get('www-authenticate')).toContain('acr_values="aal2"')
    }
    test.clock.advance(30)
    await device.post('/two-factor/verify-totp', { code: test.app.code() })
    for (const path of paths) expect((await device.post(`/two-factor/${path}`, { password })).status, path).toBe(200)
    // Whoever has none is not asked for one.
    expect((await device.post('/two-factor/enable', { password })).status).toBe(200)
    const documented = (path: string) => JSON.stringify(test.auth.openApiDocument().paths?.[`/two-factor/${path}`])
    for (const path of paths) expect(documented(path), path).toContain('STEP_UP_REQUIRED')
    expect(documented('send-otp')).not.toContain('STEP_UP_REQUIRED')
  })
})
