import { expect, it } from 'vitest'
import { ann } from '../../support/test-auth.ts'
import { describeEveryInstance } from '../every-instance.ts'
import { challenged, startEnrolled } from './enrolled.ts'

const times = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index))

describeEveryInstance('a second factor at the same time [A30, controls 12 18 19]', start => {
  const lenient = { accountLockout: { maxFailedAttempts: 1000 } }

  it('of 50 sign-ins with one code exactly one succeeds', async () => {
    const test = await startEnrolled(lenient, { start })
    const browsers = await Promise.all(times(50, () => challenged(test)))
    const code = test.app.code()
    const answers = await Promise.all(browsers.map(browser => browser.post('/two-factor/verify-totp', { code })))
    const codes = answers.map(({ status, body }) => (status === 200 ? '200' : `${status} ${body.code}`)).sort()
    expect(codes).toEqual(['200', ...times(49, () => '401 INVALID_CODE')])
  })

  it('of 50 uses of one challenge exactly one succeeds', async () => {
    const test = await startEnrolled(lenient, { start })
    const browser = await challenged(test)
    const sessions = (await test.rows('session')).length
    const calls = [...times(25, () => test.app.code()), ...times(25, () => test.app.code(1))]
    const answers = await Promise.all(calls.map(code => browser.post('/two-factor/verify-totp', { code })))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    for (const { status, body } of answers) {
      if (status !== 200) expect([status, body.code]).toEqual([401, 'INVALID_TWO_FACTOR_COOKIE'])
    }
    expect(await test.rows('session')).toHaveLength(sessions + 1)
  })

  it('of 50 uses of one backup code exactly one succeeds', async () => {
    const test = await startEnrolled(lenient, { start })
    const browsers = await Promise.all(times(50, () => challenged(test)))
    const [code] = test.backupCodes
    const answers = await Promise.all(browsers.map(browser => browser.post('/two-factor/verify-backup-code', { code })))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    for (const { status, body } of answers) {
      if (status !== 200) expect([status, body.code]).toEqual([401, 'INVALID_BACKUP_CODE'])
    }
  })

  it('ten backup codes at once are ten successes', async () => {
    const test = await startEnrolled(lenient, { start })
    const answers = await Promise.all(
      test.backupCodes.map(async code => (await challenged(test)).post('/two-factor/verify-backup-code', { code })),
    )
    expect(answers.map(({ status }) => status)).toEqual(times(10, () => 200))
  })

  it('guesses at once are counted exactly', async () => {
    const test = await startEnrolled({}, { start })
    const browsers = await Promise.all(times(15, () => challenged(test)))
    const answers = await Promise.all(browsers.map(each => each.post('/two-factor/verify-totp', { code: 'wrong' })))
    const codes = answers.map(({ body }) => body.code).sort()
    expect(codes).toEqual([...times(5, () => 'ACCOUNT_TEMPORARILY_LOCKED'), ...times(10, () => 'INVALID_CODE')])
  })

  it('a trusted device that signs in twice at once is trusted once', async () => {
    const test = await startEnrolled({}, { start })
    const device = await challenged(test)
    await device.post('/two-factor/verify-totp', { code: test.app.code(), trustDevice: true })
    const signIn = { email: ann.email, password: ann.password }
    const answers = await Promise.all(times(5, () => device.post('/sign-in/email', signIn)))
    expect(answers.filter(({ body }) => body.token)).toHaveLength(1)
    expect(answers.filter(({ body }) => body.twoFactorRedirect)).toHaveLength(4)
  })

  it('enabling it many times at once leaves one row', async () => {
    const test = await startEnrolled({}, { start })
    const calls = times(5, () => test.browser.post('/two-factor/enable', { password: ann.password }))
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual(times(5, () => 200))
    expect(await test.rows('twoFactor')).toHaveLength(1)
  })
})
