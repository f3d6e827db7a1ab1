import { describe, expect, it } from 'vitest'
import { ann } from '../../support/test-auth.ts'
import { describeEveryInstance } from '../every-instance.ts'
import { challenged, startEnrolled } from './enrolled.ts'

const signIn = { email: ann.email, password: ann.password }
const list = '/two-factor/list-trusted-devices'

type Listed = Record<string, unknown>[]

async function startTrusted(...given: Parameters<typeof startEnrolled>) {
  const test = await startEnrolled(...given)
  const trust = async (agent: string) => {
    const device = await challenged(test)
    const headers = { 'user-agent': agent }
    await device.post('/two-factor/verify-totp', { code: test.app.code(), trustDevice: true }, { headers })
    test.clock.advance(30)
    return device
  }
  return { ...test, phone: await trust('phone'), laptop: await trust('laptop') }
}

describeEveryInstance('the list of trusted devices [control 20]', start => {
  it('shows the owner which there are, the last used first, without their tokens', async () => {
    const { phone, laptop, browser, clock, rows } = await startTrusted({}, { start })
    const listed = async (visitor = browser) => JSON.parse((await visitor.get(list)).text) as Listed
    const made = new Date(clock.now().getTime() - 30_000)
    const all = await listed()
    expect(all.map(({ userAgent, isCurrent }) => [userAgent, isCurrent])).toEqual([
      ['laptop', false],
      ['phone', false],
    ])
    expect(all[0]).toEqual({
      id: expect.any(String),
      userAgent: 'laptop',
      createdAt: made.toISOString(),
      lastUsedAt: made.toISOString(),
      expiresAt: new Date(made.getTime() + 30 * 86_400_000).toISOString(),
      isCurrent: false,
    })
    await phone.post('/sign-in/email', signIn)
    const now = await listed(phone)
    expect(now.map(({ userAgent, isCurrent }) => [userAgent, isCurrent])).toEqual([
      ['phone', true],
      ['laptop', false],
    ])
    expect(now[0]?.lastUsedAt).toBe(clock.now().toISOString())
    expect((await listed(laptop)).map(({ isCurrent }) => isCurrent)).toEqual([false, true])
    expect(JSON.stringify(now)).not.toContain(String((await rows('trustedDevice'))[0]?.token))
    clock.advance(31 * 86_400)
    await challenged({ visit: () => browser })
    expect((await browser.get(list)).status).toBe(401)
  })

  it('ends the trust of one, or of all; nobody else can', async () => {
    const { phone, laptop, browser, visit: open, rows } = await startTrusted({}, { start })
    const [lap, pho] = JSON.parse((await browser.get(list)).text) as Listed
    const eve = open()
    await eve.post('/sign-up/email', { ...ann, email: 'eve@example.com' })
    expect((await eve.get(list)).text).toBe('[]')
    const tell = async (visitor: typeof eve, id: unknown) => {
      const { status, body } = await visitor.post('/two-factor/revoke-trusted-device', { id })
      return [status, body]
    }
    const unknown = [404, { code: 'TRUSTED_DEVICE_NOT_FOUND', message: 'Trusted device not found' }]
    expect(await tell(eve, lap?.id)).toEqual(unknown)
    expect(await tell(eve, 'nonsense')).toEqual(unknown)
    expect((await eve.post('/two-factor/revoke-trusted-devices', {})).body).toEqual({ status: true })
    expect(await rows('trustedDevice')).toHaveLength(2)

    expect(await tell(browser, lap?.id)).toEqual([200, { status: true }])
    expect(await tell(browser, lap?.id)).toEqual(unknown)
    expect((await laptop.get('/get-session')).body.user).toMatchObject({ email: ann.email })
    expect((await laptop.post('/sign-in/email', signIn)).body.twoFactorRedirect).toBe(true)
    expect((await phone.post('/sign-in/email', signIn)).body.token).toEqual(expect.any(String))
    const own = await phone.post('/two-factor/revoke-trusted-device', { id: pho?.id })
    expect(own.setCookies['better-auth.trust_device']).toContain('Max-Age=0')
    expect(await rows('trustedDevice')).toEqual([])
  })
})

describe('trusted devices', () => {
  it('that are trusted no more are not kept for ever, and not listed [control 20]', async () => {
    const { app, browser, clock, rows, ...test } = await startTrusted()
    clock.advance(31 * 86_400)
    const later = await challenged(test)
    await later.post('/two-factor/verify-totp', { code: app.code() })
    expect((await later.get(list)).text).toBe('[]')
    clock.advance(30)
    const trusted = await challenged(test)
    await trusted.post('/two-factor/verify-totp', { code: app.code(), trustDevice: true })
    expect(await rows('trustedDevice')).toHaveLength(1)
    expect((await trusted.post('/two-factor/revoke-trusted-devices')).setCookies['better-auth.trust_device']).toContain(
      'Max-Age=0',
    )
    expect(await rows('trustedDevice')).toEqual([])
  })
})
