import { describe, expect, it } from 'vitest'
import { hashPassword } from '../../../src/index.ts'
import { ann } from '../../support/test-auth.ts'
import { visit } from '../../support/visitor.ts'
import { challenged, startEnrolled } from './enrolled.ts'

const signIn = { email: ann.email, password: ann.password }
const COOKIE = 'better-auth.trust_device'

async function startTrusted(...given: Parameters<typeof startEnrolled>) {
  const test = await startEnrolled(...given)
  const device = await challenged(test)
  const answer = await device.post('/two-factor/verify-totp', { code: test.app.code(), trustDevice: true })
  return { ...test, device, answer }
}

describe('a trusted device [control 20]', () => {
  it('is not asked for the second factor, for 30 days after the last sign-in', async () => {
    const { device, answer, clock } = await startTrusted()
    expect(answer.setCookies[COOKIE]).toContain('; Max-Age=2592000; Path=/; HttpOnly; SameSite=Lax')
    for (const _ of [1, 2]) {
      clock.advance(20 * 86_400)
      expect((await device.post('/sign-in/email', signIn)).body.token).toEqual(expect.any(String))
    }
    clock.advance(31 * 86_400)
    expect((await device.post('/sign-in/email', signIn)).body.twoFactorRedirect).toBe(true)
    expect(device.cookies.has(COOKIE)).toBe(false)
  })

  it('gets another cookie at each use; the one before is worth nothing', async () => {
    const { device, auth } = await startTrusted()
    const before = device.cookies.get(COOKIE) ?? ''
    await device.post('/sign-in/email', signIn)
    expect(device.cookies.get(COOKIE)).not.toBe(before)
    const thief = visit(auth)
    thief.cookies.set(COOKIE, before)
    expect((await thief.post('/sign-in/email', signIn)).body.twoFactorRedirect).toBe(true)
    expect((await device.post('/sign-in/email', signIn)).body.token).toEqual(expect.any(String))
  })

  it('is trusted by the one user only, and its cookie is signed', async () => {
    const { device, auth, visit: open, rows } = await startTrusted()
    const ben = { ...ann, email: 'ben@example.com' }
    const bens = open()
    await bens.post('/sign-up/email', ben)
    await auth.context.adapter.updateMany({
      model: 'user',
      where: [{ field: 'email', value: ben.email }],
      update: { twoFactorEnabled: true },
    })
    const value = device.cookies.get(COOKIE) ?? ''
    bens.cookies.set(COOKIE, value)
    expect((await bens.post('/sign-in/email', ben)).body.twoFactorRedirect).toBe(true)
    const forger = open()
    forger.cookies.set(COOKIE, `${decodeURIComponent(value).split('.')[0]}.${'a'.repeat(43)}%3D`)
    expect((await forger.post('/sign-in/email', signIn)).body.twoFactorRedirect).toBe(true)
    expect(JSON.stringify(await rows('trustedDevice'))).not.toContain(decodeURIComponent(value).split('.')[0])
    // Nobody's trying has taken the trust away from its owner.
    expect((await device.post('/sign-in/email', signIn)).body.token).toEqual(expect.any(String))
  })

  it('is no longer trusted once the password is changed or reset', async () => {
    const { device, browser, rows } = await startTrusted()
    const newPassword = 'another long password'
    await browser.post('/change-password', { currentPassword: ann.password, newPassword })
    expect(await rows('trustedDevice')).toEqual([])
    expect((await device.post('/sign-in/email', { ...signIn, password: newPassword })).body.twoFactorRedirect).toBe(
      true,
    )

    const again = await startTrusted()
    await again.visit().post('/request-password-reset', { email: ann.email })
    const { token } = await again.inbox.waitFor(ann.email)
    expect((await again.visit().post('/reset-password', { newPassword, token })).status).toBe(200)
    const after = await again.device.post('/sign-in/email', { ...signIn, password: newPassword })
    expect(after.body.twoFactorRedirect).toBe(true)
  })

  it('is no longer trusted once the second factor is off, or is another one', async () => {
    const off = await startTrusted()
    const answer = await off.device.post('/two-factor/disable', { password: ann.password })
    expect(answer.setCookies[COOKIE]).toContain('Max-Age=0')
    expect(await off.rows('trustedDevice')).toEqual([])

    const again = await startTrusted()
    await again.browser.post('/two-factor/enable', { password: ann.password })
    expect((await again.device.post('/sign-in/email', signIn)).body.twoFactorRedirect).toBe(true)
  })

  it('stays trusted when only the hash of the password is renewed', async () => {
    const { device, auth, rows } = await startTrusted()
    const where = [{ field: 'providerId', value: 'credential' }]
    const old = await hashPassword(ann.password)
    await auth.context.adapter.updateMany({ model: 'account', where, update: { password: old } })
    expect((await device.post('/sign-in/email', signIn)).body.token).toEqual(expect.any(String))
    expect((await rows('account'))[0]?.password).not.toBe(old)
  })

  it('is not trusted for a reset alone: whoever reads the mail still has no second factor [control 10]', async () => {
    const test = await startEnrolled()
    await test.visit().post('/request-password-reset', { email: ann.email })
    const { token } = await test.inbox.waitFor(ann.email)
    const newPassword = 'another long password'
    const reset = await test.visit().post('/reset-password', { newPassword, token })
    expect(reset.setCookies).toEqual({})
    await challenged(test, { password: newPassword })
  })
})
