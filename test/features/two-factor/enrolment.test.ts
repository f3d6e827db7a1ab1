import { describe, expect, it } from 'vitest'
import type { TwoFactorEvents } from '../../../routers/two-factor/index.ts'
import { twoFactor } from '../../../routers/two-factor/index.ts'
import { mikroOrmAdapter } from '../../../src/index.ts'
import { ann } from '../../support/test-auth.ts'
import { scan } from './authenticator.ts'
import { challenged, startEnrolled, startInMemory, startWithTwoFactor } from './enrolled.ts'

const { email, password } = ann

async function signedUp(...given: Parameters<typeof startWithTwoFactor>) {
  const test = await startWithTwoFactor(...given)
  const browser = test.visit()
  await browser.post('/sign-up/email', ann)
  return { ...test, browser }
}

describe('turning the second factor on', () => {
  it('takes the password and then a code; until then nothing is asked for', async () => {
    const { browser, clock, visit } = await signedUp({ issuer: 'Acme' })
    const enabled = await browser.post('/two-factor/enable', { password })
    expect(enabled.body.totpURI).toMatch(
      /^otpauth:\/\/totp\/Acme:ann%40example\.com\?secret=[A-Z2-7]{52}&issuer=Acme&digits=6&period=30$/,
    )
    expect(enabled.body.backupCodes).toHaveLength(10)
    expect((await visit().post('/sign-in/email', { email, password })).body.token).toEqual(expect.any(String))

    const before = browser.cookies.get('better-auth.session_token')
    const app = scan(String(enabled.body.totpURI), clock)
    const wrong = await browser.post('/two-factor/verify-totp', { code: '000000' })
    expect([wrong.status, wrong.body.code]).toEqual([401, 'INVALID_CODE'])
    const verified = await browser.post('/two-factor/verify-totp', { code: app.code() })
    expect(verified.body.user).toMatchObject({ twoFactorEnabled: true })
    // The session of before the change is worth nothing [control 30].
    expect(browser.cookies.get('better-auth.session_token')).not.toBe(before)
    expect((await browser.get('/get-session')).body.session?.token).toBe(verified.body.token)
    const thief = visit()
    thief.cookies.set('better-auth.session_token', before ?? '')
    expect((await thief.get('/get-session')).text).toBe('null')
  })

  it('refuses whoever has no session, or not the password', async () => {
    const { browser, visit } = await signedUp()
    for (const path of ['/two-factor/enable', '/two-factor/disable', '/two-factor/get-totp-uri']) {
      expect((await visit().post(path, { password })).status).toBe(401)
    }
    await browser.post('/two-factor/enable', { password })
    for (const path of ['/two-factor/enable', '/two-factor/disable', '/two-factor/get-totp-uri']) {
      const wrong = await browser.post(path, { password: 'not the password' })
      expect([wrong.status, wrong.body.code]).toEqual([400, 'INVALID_PASSWORD'])
      expect((await browser.post(path, {})).body.code).toBe('VALIDATION_ERROR')
    }
    const early = await browser.post('/two-factor/generate-backup-codes', { password })
    expect([early.status, early.body.code]).toEqual([400, 'TWO_FACTOR_NOT_ENABLED'])
  })

  it('is done at once with skipVerificationOnEnable', async () => {
    const { browser, visit } = await signedUp({ skipVerificationOnEnable: true })
    await browser.post('/two-factor/enable', { password })
    expect((await browser.get('/get-session')).body.user).toMatchObject({ twoFactorEnabled: true })
    await challenged({ visit })
  })

  it('by a code that was sent serves users without an authenticator', async () => {
    const test = await signedUp()
    await test.browser.post('/two-factor/send-otp')
    const verified = await test.browser.post('/two-factor/verify-otp', { code: test.sent[0]?.otp })
    expect(verified.body.user).toMatchObject({ twoFactorEnabled: true })
    const browser = test.visit()
    const answer = await browser.post('/sign-in/email', { email, password })
    expect(answer.body).toEqual({ twoFactorRedirect: true, twoFactorMethods: ['otp'] })
    expect((await browser.post('/two-factor/verify-totp', { code: '123456' })).body.code).toBe('TOTP_NOT_ENABLED')
  })

  it('keeps no secret and no backup code in clear [control 11]', async () => {
    const { app, backupCodes, rows, enabled } = await startEnrolled()
    const stored = JSON.stringify([await rows('twoFactor'), await rows('verification')])
    const uri = new URL(String(enabled.body.totpURI))
    for (const secret of [app.secret, uri.searchParams.get('secret'), ...backupCodes]) {
      expect(stored).not.toContain(secret)
    }
  })

  it('cannot be written by clients, and hidden fields do not leave', async () => {
    const { browser } = await signedUp()
    const refused = await browser.post('/update-user', { twoFactorEnabled: true })
    expect(refused.status).toBe(400)
    expect((await browser.get('/get-session')).body.user).toMatchObject({ twoFactorEnabled: false })
  })

  it('again gives another secret, and the factor stays on', async () => {
    const test = await startEnrolled()
    const again = await test.browser.post('/two-factor/enable', { password })
    const app = scan(String(again.body.totpURI), test.clock)
    const browser = await challenged(test)
    expect((await browser.post('/two-factor/verify-totp', { code: test.app.code() })).status).toBe(401)
    expect((await browser.post('/two-factor/verify-totp', { code: app.code() })).status).toBe(200)
    const wrong = await (await challenged(test)).post('/two-factor/verify-backup-code', { code: test.backupCodes[0] })
    expect(wrong.body.code).toBe('INVALID_BACKUP_CODE')
  })

  it('shows the address for the app again to whoever knows the password', async () => {
    const { browser, enabled } = await startEnrolled()
    const shown = await browser.post('/two-factor/get-totp-uri', { password })
    expect(shown.body.totpURI).toBe(enabled.body.totpURI)
  })

  it('needs no password of users without one, where that is allowed', async () => {
    const { browser, auth } = await signedUp({ allowPasswordless: true })
    expect((await browser.post('/two-factor/enable', {})).body.code).toBe('INVALID_PASSWORD')
    await auth.context.adapter.deleteMany({ model: 'account', where: [] })
    expect((await browser.post('/two-factor/enable', {})).status).toBe(200)
    expect((await browser.post('/two-factor/disable', {})).body).toEqual({ status: true })
  })
})

describe('turning it off', () => {
  it('leaves nothing of it, and no one is challenged any more', async () => {
    const { browser, rows, visit } = await startEnrolled()
    expect((await browser.post('/two-factor/disable', { password })).body).toEqual({ status: true })
    expect([await rows('twoFactor'), await rows('trustedDevice')]).toEqual([[], []])
    expect((await browser.get('/get-session')).body.user).toMatchObject({ twoFactorEnabled: false })
    expect((await visit().post('/sign-in/email', { email, password })).body.token).toEqual(expect.any(String))
    const shown = await browser.post('/two-factor/get-totp-uri', { password })
    expect([shown.status, shown.body.code]).toEqual([400, 'TOTP_NOT_ENABLED'])
  })

  it('goes with the user', async () => {
    const { browser, rows } = await startEnrolled({}, { user: { deleteUser: { enabled: true } } } as object)
    expect((await browser.post('/delete-user', { password })).status).toBe(200)
    expect(await rows('twoFactor')).toEqual([])
  })
})

describe('the session that turning it on or off begins', () => {
  it('is as old as the one before, and ends for good when that was to: nobody has signed in for it', async () => {
    const session = { absoluteExpiresIn: 7200, freshAge: 600 }
    const { browser, clock } = await signedUp({}, { start: given => startInMemory({ ...given, session }) })
    const read = async () => (await browser.get('/get-session')).body.session
    const before = await read()
    clock.advance(3600)
    const { totpURI } = (await browser.post('/two-factor/enable', { password })).body
    await browser.post('/two-factor/verify-totp', { code: scan(String(totpURI), clock).code() })
    const on = await read()
    clock.advance(30)
    await browser.post('/two-factor/disable', { password })
    const off = await read()
    expect(new Set([before, on, off].map(one => one?.token)).size).toBe(3)
    for (const one of [on, off]) {
      expect([one?.createdAt, one?.expiresAt]).toEqual([before?.createdAt, before?.expiresAt])
    }
  })
})

describe('the application', () => {
  it('is told what happens', async () => {
    const test = await signedUp()
    const heard: string[] = []
    const names: (keyof TwoFactorEvents)[] = ['twoFactor.enabled', 'twoFactor.disabled', 'twoFactor.backup-code-used']
    for (const name of names) test.auth.events.on(name, event => void heard.push(`${name} ${JSON.stringify(event)}`))
    const enabled = await test.browser.post('/two-factor/enable', { password })
    const app = scan(String(enabled.body.totpURI), test.clock)
    const { body } = await test.browser.post('/two-factor/verify-totp', { code: app.code() })
    const [code] = enabled.body.backupCodes as string[]
    await (await challenged(test)).post('/two-factor/verify-backup-code', { code })
    await test.browser.post('/two-factor/disable', { password })
    const userId = body.user?.id
    expect(heard).toEqual([
      `twoFactor.enabled ${JSON.stringify({ userId })}`,
      `twoFactor.backup-code-used ${JSON.stringify({ userId, left: 9 })}`,
      `twoFactor.disabled ${JSON.stringify({ userId })}`,
    ])
  })

  it('names tables and columns as it likes', async () => {
    const plugin = twoFactor({
      twoFactorTable: 'second_factor',
      schema: {
        user: { fields: { twoFactorEnabled: 'has_2fa' } },
        twoFactor: { fields: { backupCodes: 'backup_codes' } },
      },
    })
    expect(plugin.schema?.twoFactor).toMatchObject({ modelName: 'second_factor' })
    expect(plugin.schema?.twoFactor.fields.backupCodes).toMatchObject({ fieldName: 'backup_codes', returned: false })
    expect(plugin.schema?.user.fields.twoFactorEnabled).toMatchObject({ fieldName: 'has_2fa' })
    const database = mikroOrmAdapter({ url: 'sqlite::memory:' })
    const options = { twoFactorTable: 'second_factor', schema: { user: { fields: { twoFactorEnabled: 'has_2fa' } } } }
    const test = await startWithTwoFactor(options, { database })
    await test.auth.createSchema()
    const browser = test.visit()
    await browser.post('/sign-up/email', ann)
    const enabled = await browser.post('/two-factor/enable', { password })
    const app = scan(String(enabled.body.totpURI), test.clock)
    expect((await browser.post('/two-factor/verify-totp', { code: app.code() })).status).toBe(200)
    await challenged(test)
    await test.auth.close()
  })

  it('is told at once of options that make no sense', () => {
    expect(() => twoFactor({ totpOptions: { period: 0 } })).toThrow('totpOptions.period')
    expect(() => twoFactor({ totpOptions: { digits: 7 as 6 } })).toThrow('digits')
    expect(() => twoFactor({ otpOptions: { digits: 4 } })).toThrow('otpOptions.digits')
    expect(() => twoFactor({ accountLockout: { maxFailedAttempts: -1 } })).toThrow('maxFailedAttempts')
  })
})
