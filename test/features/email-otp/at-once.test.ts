import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EmailOTPOptions } from '../../../routers/email-otp/index.ts'
import { type AnyPlugin, type Fields, type KerniaOptions, memoryStorage, redisStorage } from '../../../src/index.ts'
import { skipWithoutRedis, startRedis } from '../../support/redis.ts'
import { ann, createTestAuth } from '../../support/test-auth.ts'
import { visit } from '../../support/visitor.ts'
import { describeEveryInstance, type StartInstance } from '../every-instance.ts'
import { createCodes, otherThan } from './codes.ts'

const { email } = ann
const times = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index))

async function startCodes(start: StartInstance, options: Partial<EmailOTPOptions> = {}, more: KerniaOptions = {}) {
  const codes = createCodes(options)
  const instance = await start({ ...more, advanced: codes.advanced, plugins: [codes.plugin] })
  const ask = async (type: string, to = email) => {
    await instance.visit().post('/email-otp/send-verification-otp', { email: to, type })
    return (await codes.last()).otp
  }
  const post = (path: string, body: object) => instance.visit().post(path, body)
  return { ...instance, ...codes, ask, post }
}

/** The same of codes in the database and in secondary storage. */
function defineRaces(start: StartInstance, more: KerniaOptions = {}): void {
  it.each(['encrypted', 'hashed', 'plain'] as const)(
    'of 50 right codes at once exactly one signs in, %s [A30, control 12]',
    async storeOTP => {
      const { visit, rows, ask, post } = await startCodes(start, { storeOTP }, more)
      const otp = await ask('sign-in')
      const answers = await Promise.all(times(50, () => visit().post('/sign-in/email-otp', { email, otp })))
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      expect(answers.filter(({ setCookies }) => 'better-auth.session_token' in setCookies)).toHaveLength(1)
      const refused = new Set(answers.map(({ body }) => body.code).filter(Boolean))
      for (const code of refused) expect(['INVALID_OTP', 'TOO_MANY_ATTEMPTS']).toContain(code)
      expect(await rows('user')).toHaveLength(1)
      expect((await post('/sign-in/email-otp', { email, otp })).body.code).toBe('INVALID_OTP')
    },
  )

  it('of 50 wrong codes at once exactly 3 are judged, and then not even the right one is', async () => {
    const { ask, post } = await startCodes(start, {}, more)
    const otp = await ask('sign-in')
    const answers = await Promise.all(times(50, () => post('/sign-in/email-otp', { email, otp: otherThan(otp) })))
    const codes = answers.map(({ body }) => body.code)
    expect(codes.filter(code => code === 'INVALID_OTP')).toHaveLength(3)
    expect(codes.filter(code => code === 'TOO_MANY_ATTEMPTS')).toHaveLength(47)
    const right = await post('/sign-in/email-otp', { email, otp })
    expect([right.status, right.body.code]).toEqual([403, 'TOO_MANY_ATTEMPTS'])
    const next = await ask('sign-in')
    expect((await post('/sign-in/email-otp', { email, otp: next })).status).toBe(200)
  })

  it('of 20 right codes at once exactly one sets a password, proves an address', async () => {
    const { ask, post, last } = await startCodes(start, {}, more)
    await post('/sign-up/email', ann)
    const proof = await ask('email-verification')
    const proofs = await Promise.all(times(20, () => post('/email-otp/verify-email', { email, otp: proof })))
    expect(proofs.filter(({ status }) => status === 200)).toHaveLength(1)
    await post('/email-otp/request-password-reset', { email })
    const { otp } = await last()
    const passwords = times(20, index => `new password ${index}`)
    const resets = await Promise.all(
      passwords.map(password => post('/email-otp/reset-password', { email, otp, password })),
    )
    expect(resets.filter(({ status }) => status === 200)).toHaveLength(1)
    const password = passwords[resets.findIndex(({ status }) => status === 200)]
    expect((await post('/sign-in/email', { email, password })).status).toBe(200)
  })

  it('looking at a code costs no try, guessing at it does', async () => {
    const { ask, post } = await startCodes(start, {}, more)
    await post('/sign-up/email', ann)
    const otp = await ask('sign-in')
    const check = (entered: string) =>
      post('/email-otp/check-verification-otp', { email, otp: entered, type: 'sign-in' })
    for (let look = 0; look < 5; look++) expect((await check(otp)).body).toEqual({ success: true })
    for (let guess = 0; guess < 2; guess++) expect((await check(otherThan(otp))).body.code).toBe('INVALID_OTP')
    expect((await check(otp)).status).toBe(200)
    expect((await check(otherThan(otp))).body.code).toBe('INVALID_OTP')
    expect((await check(otp)).body.code).toBe('TOO_MANY_ATTEMPTS')
  })
}

describeEveryInstance('mailed codes at the same time', start => {
  defineRaces(start)

  it('a first use makes a user, the next ones find it', async () => {
    const { ask, post, rows } = await startCodes(start)
    const answers = []
    for (let round = 0; round < 5; round++)
      answers.push(await ask('sign-in').then(otp => post('/sign-in/email-otp', { email, otp })))
    expect(answers.map(({ status }) => status)).toEqual(times(5, () => 200))
    expect([(await rows('user')).length, (await rows('session')).length]).toEqual([1, 5])
  })

  it('of users who want one new address exactly one gets it', async () => {
    const { visit, mails, settled, rows } = await startCodes(start, { changeEmail: { enabled: true } })
    const newEmail = 'new@example.com'
    const wanting = await Promise.all(
      times(6, async index => {
        const visitor = visit()
        await visitor.post('/sign-up/email', { ...ann, email: `u${index}@example.com` })
        return visitor
      }),
    )
    const otps: string[] = []
    for (const visitor of wanting) {
      await visitor.post('/email-otp/request-email-change', { newEmail })
      await settled()
      otps.push(mails.at(-1)?.otp ?? '')
    }
    const answers = await Promise.all(
      wanting.map((visitor, index) => visitor.post('/email-otp/change-email', { newEmail, otp: otps[index] })),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    for (const { status, body } of answers)
      if (status !== 200) expect([status, body.code]).toEqual([400, 'EMAIL_ALREADY_IN_USE'])
    expect((await rows('user')).filter(user => user.email === newEmail)).toMatchObject([{ emailVerified: true }])
  })

  describe('in secondary storage', () => {
    defineRaces(start, { secondaryStorage: memoryStorage() })
  })
})

describe.skipIf(skipWithoutRedis())('mailed codes at the same time (Redis)', () => {
  let redis: Awaited<ReturnType<typeof startRedis>> | undefined
  let secondaryStorage: ReturnType<typeof redisStorage> | undefined
  beforeAll(async () => {
    redis = await startRedis()
    secondaryStorage = redisStorage(redis.url)
  })
  afterAll(async () => {
    await secondaryStorage?.close()
    await redis?.stop()
  })
  defineRaces(async options => {
    const test = createTestAuth<readonly AnyPlugin[], Fields, Fields>({ ...options, secondaryStorage })
    const rows = (model: string) => test.auth.context.adapter.findMany({ model, where: [] })
    return { ...test, rows, visit: () => visit(test.auth) }
  })
})
