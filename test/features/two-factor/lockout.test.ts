import { describe, expect, it } from 'vitest'
import { memoryAdapter } from '../../../src/index.ts'
import { countingDatabase } from '../../support/counting-database.ts'
import { challenged, startEnrolled } from './enrolled.ts'

type Test = Awaited<ReturnType<typeof startEnrolled>>

/** Wrong codes, five to a challenge. */
async function guess(test: Test, count: number): Promise<string[]> {
  const codes: string[] = []
  let browser = await challenged(test)
  for (let index = 0; index < count; index += 1) {
    if (index % 5 === 0 && index > 0) browser = await challenged(test)
    const { status, body } = await browser.post('/two-factor/verify-totp', { code: 'wrong' })
    codes.push(`${status} ${body.code}`)
  }
  return codes
}

describe('wrong codes', () => {
  it('end a challenge after five, also when a right one follows', async () => {
    const test = await startEnrolled()
    const browser = await challenged(test)
    for (const path of ['totp', 'backup-code', 'totp', 'backup-code', 'totp']) {
      expect((await browser.post(`/two-factor/verify-${path}`, { code: 'wrong' })).status).toBe(401)
    }
    const sixth = await browser.post('/two-factor/verify-totp', { code: test.app.code() })
    expect([sixth.status, sixth.body.code]).toEqual([400, 'TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE'])
    expect(browser.cookies.has('better-auth.two_factor')).toBe(false)
    expect((await (await challenged(test)).post('/two-factor/verify-totp', { code: test.app.code() })).status).toBe(200)
  })

  it('lock the account after ten, for a while, over all challenges and ways [control 18, GHSA-7j7j-66cv-m239]', async () => {
    const test = await startEnrolled()
    const heard: string[] = []
    test.auth.events.on('twoFactor.locked', ({ until }) => void heard.push(`locked until ${until.toISOString()}`))
    test.auth.events.on('twoFactor.unlocked', () => void heard.push('unlocked'))
    expect(await guess(test, 10)).toEqual(Array(10).fill('401 INVALID_CODE'))
    const until = new Date(test.clock.now().getTime() + 900_000).toISOString()
    expect(heard).toEqual([`locked until ${until}`])

    const browser = await challenged(test)
    const refused = await browser.post('/two-factor/verify-totp', { code: test.app.code() })
    expect([refused.status, refused.body.code]).toEqual([429, 'ACCOUNT_TEMPORARILY_LOCKED'])
    expect(refused.headers.get('retry-after')).toBe('900')
    const backup = await browser.post('/two-factor/verify-backup-code', { code: test.backupCodes[0] })
    expect(backup.body.code).toBe('ACCOUNT_TEMPORARILY_LOCKED')
    await browser.post('/two-factor/send-otp')
    const sent = await browser.post('/two-factor/verify-otp', { code: test.sent[0]?.otp })
    expect(sent.body.code).toBe('ACCOUNT_TEMPORARILY_LOCKED')

    // What is refused does not make it longer.
    test.clock.advance(901)
    const later = await challenged(test)
    expect((await later.post('/two-factor/verify-totp', { code: test.app.code() })).status).toBe(200)
    expect(heard.at(-1)).toBe('unlocked')
  })

  it('are forgotten with a right one', async () => {
    const test = await startEnrolled()
    await guess(test, 9)
    expect((await (await challenged(test)).post('/two-factor/verify-totp', { code: test.app.code() })).status).toBe(200)
    expect(await guess(test, 9)).toEqual(Array(9).fill('401 INVALID_CODE'))
    const code = test.app.code(1)
    expect((await (await challenged(test)).post('/two-factor/verify-totp', { code })).status).toBe(200)
  })

  it('lock as the options say', async () => {
    const test = await startEnrolled({ accountLockout: { maxFailedAttempts: 2, durationSeconds: 60 } })
    expect((await guess(test, 3)).at(-1)).toBe('429 ACCOUNT_TEMPORARILY_LOCKED')
    test.clock.advance(61)
    expect(await guess(test, 1)).toEqual(['401 INVALID_CODE'])
    const off = await startEnrolled({ accountLockout: { enabled: false, maxFailedAttempts: 2 } })
    expect(await guess(off, 12)).toEqual(Array(12).fill('401 INVALID_CODE'))
  })

  it('are limited by address as well', async () => {
    const test = await startEnrolled({}, { rateLimit: { enabled: true } })
    const browser = await challenged(test)
    const statuses: number[] = []
    const from = { socketAddress: '192.0.2.1' }
    for (const _ of [1, 2, 3, 4]) {
      statuses.push((await browser.post('/two-factor/verify-totp', { code: 'wrong' }, from)).status)
    }
    expect(statuses).toEqual([401, 401, 401, 429])
  })
})

describe('a failure that is not the code', () => {
  it('is not counted, and the challenge stays [control 61]', async () => {
    const database = countingDatabase(memoryAdapter())
    const test = await startEnrolled({}, { database })
    const browser = await challenged(test)
    database.failure = call => (call === 'updateMany twoFactor' ? new Error('no connection') : undefined)
    expect((await browser.post('/two-factor/verify-totp', { code: test.app.code() })).status).toBeGreaterThanOrEqual(
      500,
    )
    database.failure = undefined
    expect((await test.rows('twoFactor'))[0]?.failedVerificationCount).toBe(0)
    expect((await browser.post('/two-factor/verify-totp', { code: test.app.code() })).status).toBe(200)
  })
})
