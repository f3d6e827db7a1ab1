import { describe, expect, it } from 'vitest'
import { twoFactor } from '../../../routers/two-factor/index.ts'
import { listProcedures } from '../../../src/meta.ts'
import { ann, createTestAuth } from '../../support/test-auth.ts'
import { challenged, startEnrolled } from './enrolled.ts'

const { password } = ann

describe('codes that are sent', () => {
  it('complete a sign-in, once', async () => {
    const test = await startEnrolled()
    const browser = await challenged(test)
    expect((await browser.post('/two-factor/send-otp')).body).toEqual({ status: true })
    expect(test.sent).toEqual([{ otp: expect.stringMatching(/^\d{6}$/), to: ann.email }])
    const code = test.sent[0]?.otp
    const other = await challenged(test)
    expect((await other.post('/two-factor/verify-otp', { code })).body.code).toBe('OTP_HAS_EXPIRED')
    const answer = await browser.post('/two-factor/verify-otp', { code })
    expect(answer.body).toEqual({ token: expect.any(String), user: expect.objectContaining({ email: ann.email }) })
    expect((await browser.post('/two-factor/verify-otp', { code })).body.code).toBe('OTP_HAS_EXPIRED')
  })

  it.each(['plain', 'encrypted', 'hashed'] as const)('are never stored in clear (%s)', async storeOTP => {
    const test = await startEnrolled({ otpOptions: { storeOTP } })
    const browser = await challenged(test)
    await browser.post('/two-factor/send-otp', {})
    const code = test.sent[0]?.otp ?? ''
    expect(JSON.stringify(await test.rows('verification'))).not.toContain(code)
    expect((await browser.post('/two-factor/verify-otp', { code })).status).toBe(200)
  })

  it('are stored as the application says', async () => {
    const reversed = (text: string) => [...text].reverse().join('')
    for (const storeOTP of [{ hash: reversed }, { encrypt: reversed, decrypt: reversed }]) {
      const test = await startEnrolled({ otpOptions: { storeOTP } })
      const browser = await challenged(test)
      await browser.post('/two-factor/send-otp')
      const code = test.sent[0]?.otp ?? ''
      expect(JSON.stringify(await test.rows('verification'))).toContain(reversed(code))
      expect((await browser.post('/two-factor/verify-otp', { code })).status).toBe(200)
    }
  })

  it('last for their time, and until the next one is sent', async () => {
    const test = await startEnrolled({ otpOptions: { period: 1 } })
    const browser = await challenged(test)
    await browser.post('/two-factor/send-otp')
    await browser.post('/two-factor/send-otp')
    const [first, second] = test.sent.map(({ otp }) => otp)
    if (first !== second) {
      expect((await browser.post('/two-factor/verify-otp', { code: first })).body.code).toBe('INVALID_CODE')
    }
    test.clock.advance(61)
    const late = await browser.post('/two-factor/verify-otp', { code: second })
    expect([late.status, late.body.code]).toEqual([400, 'OTP_HAS_EXPIRED'])
  })

  it('are worth nothing after allowedAttempts wrong ones', async () => {
    const test = await startEnrolled({ otpOptions: { allowedAttempts: 2 } })
    const browser = await challenged(test)
    await browser.post('/two-factor/send-otp')
    for (const _ of [1, 2]) {
      expect((await browser.post('/two-factor/verify-otp', { code: 'wrong' })).body.code).toBe('INVALID_CODE')
    }
    const answer = await browser.post('/two-factor/verify-otp', { code: test.sent[0]?.otp })
    expect([answer.status, answer.body.code]).toEqual([400, 'TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE'])
    await browser.post('/two-factor/send-otp')
    expect((await browser.post('/two-factor/verify-otp', { code: test.sent[1]?.otp })).status).toBe(200)
  })

  it('are not sent to anyone else, nor without the option', async () => {
    const test = await startEnrolled()
    expect((await test.visit().post('/two-factor/send-otp')).body.code).toBe('INVALID_TWO_FACTOR_COOKIE')
    const without = await startEnrolled({ otpOptions: { sendOTP: undefined } })
    const answer = await (await challenged(without)).post('/two-factor/send-otp')
    expect([answer.status, answer.body.code]).toEqual([400, 'OTP_NOT_CONFIGURED'])
  })
})

describe('codes of an app', () => {
  it('work once, and none of the same step or before does afterwards [control 18]', async () => {
    const test = await startEnrolled()
    const code = test.app.code()
    expect((await (await challenged(test)).post('/two-factor/verify-totp', { code })).status).toBe(200)
    for (const used of [code, test.app.code(-1)]) {
      const replay = await (await challenged(test)).post('/two-factor/verify-totp', { code: used })
      expect([replay.status, replay.body.code]).toEqual([401, 'INVALID_CODE'])
    }
    expect((await (await challenged(test)).post('/two-factor/verify-totp', { code: test.app.code(1) })).status).toBe(
      200,
    )
  })

  it('are those of one step before to one step after', async () => {
    const test = await startEnrolled()
    test.clock.advance(300)
    const browser = await challenged(test)
    for (const steps of [-2, 2]) {
      expect((await browser.post('/two-factor/verify-totp', { code: test.app.code(steps) })).body.code).toBe(
        'INVALID_CODE',
      )
    }
    expect((await browser.post('/two-factor/verify-totp', { code: test.app.code(-1) })).status).toBe(200)
  })

  it('may have eight digits and another period, or be switched off', async () => {
    const test = await startEnrolled({ totpOptions: { digits: 8, period: 20 } })
    expect(test.app.code()).toMatch(/^\d{8}$/)
    expect((await (await challenged(test)).post('/two-factor/verify-totp', { code: test.app.code() })).status).toBe(200)
    const { auth } = createTestAuth({ plugins: [twoFactor({ totpOptions: { disable: true } })] })
    const code = { message: "totp isn't configured" }
    await expect(auth.caller().twoFactor.verifyTotp({ code: '123456' })).rejects.toMatchObject(code)
    await expect(auth.caller().twoFactor.generateTOTP({ secret: 'x' })).rejects.toMatchObject(code)
  })
})

describe('backup codes', () => {
  it('complete a sign-in, each once [control 19]', async () => {
    const test = await startEnrolled()
    const [code, next] = test.backupCodes
    expect(code).toMatch(/^[A-Za-z0-9]{5}-[A-Za-z0-9]{5}$/)
    expect((await (await challenged(test)).post('/two-factor/verify-backup-code', { code })).status).toBe(200)
    const browser = await challenged(test)
    const again = await browser.post('/two-factor/verify-backup-code', { code })
    expect([again.status, again.body.code]).toEqual([401, 'INVALID_BACKUP_CODE'])
    expect((await browser.post('/two-factor/verify-backup-code', { code: next })).status).toBe(200)
  })

  it('are worth nothing once there are new ones', async () => {
    const test = await startEnrolled()
    const { body } = await test.browser.post('/two-factor/generate-backup-codes', { password })
    const codes = body.backupCodes as string[]
    expect(codes).toHaveLength(10)
    const browser = await challenged(test)
    const old = await browser.post('/two-factor/verify-backup-code', { code: test.backupCodes[0] })
    expect(old.body.code).toBe('INVALID_BACKUP_CODE')
    expect((await browser.post('/two-factor/verify-backup-code', { code: codes[0] })).status).toBe(200)
  })

  it('only say whether they are right with disableSession', async () => {
    const test = await startEnrolled()
    const browser = await challenged(test)
    const sessions = await test.rows('session')
    const [code] = test.backupCodes
    const answer = await browser.post('/two-factor/verify-backup-code', { code, disableSession: true })
    expect(answer.body).toEqual({ user: expect.objectContaining({ email: ann.email }) })
    expect(await test.rows('session')).toEqual(sessions)
    expect((await browser.get('/get-session')).text).toBe('null')
    const again = await browser.post('/two-factor/verify-backup-code', { code })
    expect(again.body.code).toBe('INVALID_BACKUP_CODE')
  })

  it('are shown to the application where they can be', async () => {
    const reversed = (text: string) => [...text].reverse().join('')
    for (const storeBackupCodes of ['encrypted', 'plain', { encrypt: reversed, decrypt: reversed }] as const) {
      const { auth } = createTestAuth({ plugins: [twoFactor({ backupCodeOptions: { storeBackupCodes, amount: 3 } })] })
      const { user } = await auth.caller().signUp.email(ann)
      const session = await auth.context.adapter.findOne({ model: 'session', where: [] })
      const cookie = `better-auth.session_token=${session?.token}.${auth.context.keys.sign(String(session?.token))}`
      const headers = { cookie, origin: 'http://localhost:3000' }
      const { backupCodes } = await auth.caller({ headers }).twoFactor.enable({ password })
      const shown = await auth.caller().twoFactor.viewBackupCodes({ userId: user.id })
      expect(shown).toEqual({ status: true, backupCodes })
      expect(backupCodes).toHaveLength(3)
      const where = [{ field: 'userId', value: user.id }]
      const row = await auth.context.adapter.findOne({ model: 'twoFactor', where })
      expect(JSON.stringify(row)).not.toContain(backupCodes[0])
    }
  })

  it('cannot be shown when they are hashed, and never over the network [A41, control 49]', async () => {
    const { auth, rows, visit, enabled } = await startEnrolled()
    expect(enabled.status).toBe(200)
    const [user] = await rows('user')
    const caller = auth.caller() as unknown as {
      twoFactor: { viewBackupCodes(input: object): Promise<unknown> }
    }
    await expect(caller.twoFactor.viewBackupCodes({ userId: user?.id })).rejects.toMatchObject({
      authCode: 'BACKUP_CODES_NOT_VIEWABLE',
    })
    const served = listProcedures(auth.router as Parameters<typeof listProcedures>[0]).map(({ path }) => path)
    expect(served).toContain('twoFactor.enable')
    for (const path of ['twoFactor.viewBackupCodes', 'twoFactor.generateTOTP']) expect(served).not.toContain(path)
    for (const path of ['/two-factor/view-backup-codes', '/two-factor/generate-totp']) {
      expect((await visit().post(path, { userId: user?.id })).status).toBe(404)
    }
  })

  it('are made by the application if it likes', async () => {
    const customBackupCodesGenerate = () => ['first-code', 'second-code']
    const test = await startEnrolled({ backupCodeOptions: { customBackupCodesGenerate } })
    expect(test.backupCodes).toEqual(['first-code', 'second-code'])
    const browser = await challenged(test)
    expect((await browser.post('/two-factor/verify-backup-code', { code: 'second-code' })).status).toBe(200)
  })
})
