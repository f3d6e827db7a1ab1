import { expect, it } from 'vitest'
import type { InitOptions } from '../../../src/index.ts'
import { secondStep } from '../../support/second-step-plugin.ts'
import { ann } from '../../support/test-auth.ts'
import { describeEveryInstance } from '../every-instance.ts'
import { createMailing, pathOf, type SentMail } from '../mailing.ts'

const ben = { ...ann, name: 'Ben', email: 'ben@example.com' }
const newEmail = 'new@example.com'

type ChangeEmail = NonNullable<NonNullable<InitOptions<never, never, never>['user']>['changeEmail']>

describeEveryInstance('change of an address', start => {
  const startSignedIn = async (
    more: (mailing: ReturnType<typeof createMailing>) => ChangeEmail = () => ({}),
    { isMailed = true, isProven = false, ...options }: Record<string, unknown> = {},
  ) => {
    const mailing = createMailing()
    const onEmailChanged = ({ user, oldEmail }: { user: { email: string }; oldEmail: string }) =>
      mailing.keep('changed')({ user: { email: oldEmail }, newEmail: user.email })
    const instance = await start({
      advanced: mailing.advanced,
      ...(isMailed ? { emailVerification: mailing.emailVerification } : {}),
      user: { changeEmail: { enabled: true, onEmailChanged, ...more(mailing) } },
      ...options,
    })
    const browser = instance.visit()
    await instance.visit().post('/sign-up/email', ben)
    await browser.post('/sign-up/email', ann)
    if (isProven) {
      await instance.visit().post('/send-verification-email', { email: ann.email })
      await instance.visit().get(pathOf(await mailing.last()))
      mailing.sent.length = 0
    }
    const change = async (email: string, callbackURL?: string) => {
      const { status, body } = await browser.post('/change-email', { newEmail: email, callbackURL })
      return status === 200 ? body : [status, body.code]
    }
    const emails = async () => (await instance.rows('user')).map(({ email }) => email).sort()
    const current = async () => (await browser.get('/get-session')).body.user
    return { ...instance, mailing, browser, change, emails, current }
  }
  const asksOld = (mailing: ReturnType<typeof createMailing>) => ({
    sendChangeEmailConfirmation: mailing.keep('confirm'),
  })

  it('is completed at the new address, and then everything is consistent', async () => {
    const { visit, browser, mailing, change, current, rows, clock } = await startSignedIn()
    const other = visit()
    await other.post('/sign-in/email', ann)
    expect(await change('NEW@example.com', '/done?a=1&b=2')).toEqual({ status: true })
    const mail = await mailing.last()
    expect([mail.kind, mail.to]).toEqual(['verify', newEmail])
    expect(mail.url).toMatch(/&callbackURL=%2Fdone%3Fa%3D1%26b%3D2$/)
    expect(await current()).toMatchObject({ email: ann.email })
    await mailing.take()
    clock.advance(5)
    const followed = await browser.get(pathOf(mail))
    expect([followed.status, followed.headers.get('location')]).toEqual([302, '/done?a=1&b=2'])
    const user = { email: newEmail, emailVerified: true }
    expect(await current()).toMatchObject(user)
    expect((await other.get('/get-session')).body.user).toMatchObject(user)
    expect(await mailing.take()).toEqual([`changed ${ann.email}`])
    const changed = (await rows('user')).find(({ email }) => email === newEmail)
    expect(changed).toMatchObject({ ...user, updatedAt: clock.now() })
    expect((await rows('account')).map(({ userId }) => userId)).toContain(changed?.id)
    expect((await visit().post('/sign-in/email', ann)).status).toBe(401)
    expect((await visit().post('/sign-in/email', { ...ann, email: newEmail })).status).toBe(200)
    expect((await visit().get(pathOf(mail))).headers.get('location')).toBe('/done?a=1&b=2&error=USER_NOT_FOUND')
  })

  it('asks at a proven address first, where the application does', async () => {
    const { visit, mailing, change, current } = await startSignedIn(asksOld, { isProven: true })
    expect(await change(newEmail, '/done')).toEqual({ status: true })
    const first = await mailing.last()
    expect([first.kind, first.to, first.newEmail]).toEqual(['confirm', ann.email, newEmail])
    const confirmed = await visit().get(`/verify-email?token=${first.token}`)
    expect([confirmed.status, confirmed.body, confirmed.setCookies]).toEqual([200, { status: true }, {}])
    expect((await visit().get(pathOf(first))).headers.get('location')).toBe('/done')
    const second = await mailing.last()
    expect([second.kind, second.to]).toEqual(['verify', newEmail])
    expect(await current()).toMatchObject({ email: ann.email })
    expect((await visit().get(pathOf(second))).headers.get('location')).toBe('/done')
    expect(await current()).toMatchObject({ email: newEmail, emailVerified: true })
    expect((await visit().get(pathOf(first))).headers.get('location')).toBe('/done?error=USER_NOT_FOUND')
  })

  it('needs no proof where the application says so and the old address has none either', async () => {
    const { mailing, change, current, browser } = await startSignedIn(() => ({ updateEmailWithoutVerification: true }))
    expect(await change(newEmail)).toEqual({ status: true })
    expect(await current()).toMatchObject({ email: newEmail, emailVerified: false })
    const sent = await mailing.take()
    expect(sent.sort()).toEqual([`changed ${ann.email}`, `verify ${newEmail}`])
    await browser.post('/send-verification-email', { email: newEmail })
    await browser.get(pathOf(await mailing.last()))
    await mailing.take()
    // It is proven now, so the next one is not changed without a link.
    await change('newer@example.com')
    expect(await current()).toMatchObject({ email: newEmail, emailVerified: true })
    expect(await mailing.take()).toEqual(['verify newer@example.com'])
  })

  it.each([
    ['where the new one is asked', () => ({}), {}],
    ['where the old one is asked', asksOld, { isProven: true }],
  ] as const)('does not tell that the new address is taken, nor mails anybody, %s', async (_title, more, options) => {
    const { mailing, change, browser, emails } = await startSignedIn(more, options)
    const taken = await browser.post('/change-email', { newEmail: 'BEN@example.com' })
    expect([await mailing.take(), await emails()]).toEqual([[], [ann.email, ben.email]])
    const free = await browser.post('/change-email', { newEmail })
    expect([taken.status, taken.body, [...taken.headers]]).toEqual([free.status, free.body, [...free.headers]])
    expect(await change(ben.email)).toEqual({ status: true })
  })

  it('at once changes nothing when the new address is taken, and says no more about it', async () => {
    const { change, emails, mailing } = await startSignedIn(() => ({ updateEmailWithoutVerification: true }))
    expect(await change('BEN@example.com')).toEqual({ status: true })
    expect([await mailing.take(), await emails()]).toEqual([[], [ann.email, ben.email]])
  })

  it('sends nothing to an address that was taken while the old one was asked, and changes nothing', async () => {
    const { visit, mailing, change, emails } = await startSignedIn(asksOld, { isProven: true })
    await change('race@example.com')
    const first = await mailing.last()
    await visit().get(pathOf(first))
    const second = await mailing.last()
    await mailing.take()
    await visit().post('/sign-up/email', { ...ann, email: 'race@example.com' })
    expect((await visit().get(`/verify-email?token=${first.token}`)).body).toEqual({ status: true })
    expect(await mailing.take()).toEqual([])
    const refused = await visit().get(`/verify-email?token=${second.token}`)
    expect([refused.status, refused.body.code, refused.setCookies]).toEqual([409, 'EMAIL_ALREADY_IN_USE', {}])
    expect((await visit().get(pathOf(second))).headers.get('location')).toBe('/?error=EMAIL_ALREADY_IN_USE')
    expect(await emails()).toEqual([ann.email, ben.email, 'race@example.com'])
  })

  it('is not completed in the browser of somebody else', async () => {
    const { visit, mailing, change, emails } = await startSignedIn()
    await change(newEmail)
    const mail = await mailing.last()
    const bens = visit()
    await bens.post('/sign-in/email', ben)
    expect((await bens.get(pathOf(mail))).headers.get('location')).toBe('/?error=INVALID_USER')
    expect((await bens.get('/get-session')).body.user).toMatchObject({ email: ben.email })
    expect(await emails()).toEqual([ann.email, ben.email])
  })

  it('signs in where nobody is, but not past a second step', async () => {
    const { visit, mailing, change, browser, current } = await startSignedIn(undefined, { plugins: [secondStep()] })
    await change(newEmail)
    const elsewhere = visit()
    const completed = await elsewhere.get(`/verify-email?token=${(await first(mailing)).token}`)
    expect(completed.body).toMatchObject({ status: true, user: { email: newEmail, emailVerified: true } })
    expect((await elsewhere.get('/get-session')).body.user).toMatchObject({ email: newEmail })
    await browser.post('/update-user', { secondStepOn: true })
    await mailing.take()
    await change('newer@example.com')
    const { status, setCookies } = await visit().get(pathOf(await first(mailing)))
    expect([status, setCookies]).toEqual([302, {}])
    expect(await current()).toMatchObject({ email: 'newer@example.com' })
  })

  it('makes a reset link worthless that was mailed to the old address', async () => {
    const { visit, mailing, change, inbox } = await startSignedIn()
    await visit().post('/request-password-reset', { email: ann.email })
    await mailing.settled()
    const { token } = await inbox.waitFor(ann.email)
    await change(newEmail)
    await visit().get(pathOf(await mailing.last()))
    const link = await visit().get(`/reset-password/${token}?callbackURL=/reset`)
    expect(link.headers.get('location')).toContain('error=INVALID_TOKEN')
    const { status, body } = await visit().post('/reset-password', { token, newPassword: 'a new password' })
    expect([status, body.code]).toEqual([400, 'INVALID_TOKEN'])
  })

  it('is undone by what refuses the session', async () => {
    const refuse = { id: 'refuse', hooks: { sessionCreating: (draft: object) => void assertNotRefused(draft) } }
    const { visit, mailing, change, emails } = await startSignedIn(undefined, { plugins: [refuse] })
    await change(newEmail)
    const mail = await mailing.last()
    expect((await visit().get(pathOf(mail), { headers: { 'user-agent': 'bad' } })).status).toBe(500)
    expect(await emails()).toEqual([ann.email, ben.email])
    expect((await visit().get(pathOf(mail))).status).toBe(302)
    expect(await emails()).toEqual([ben.email, newEmail])
  })

  it('is refused when it is off, is none, or cannot be proven', async () => {
    const off = await startSignedIn(() => ({ enabled: false }))
    expect(await off.change(newEmail)).toEqual([400, 'CHANGE_EMAIL_DISABLED'])
    const none = await startSignedIn()
    expect(await none.change('Ann@Example.com')).toEqual([400, 'EMAIL_IS_THE_SAME'])
    expect(await none.change('no address')).toEqual([400, 'VALIDATION_ERROR'])
    expect((await none.visit().post('/change-email', { newEmail })).status).toBe(401)
    expect(await none.change(newEmail, 'https://evil.example')).toEqual([403, 'INVALID_CALLBACK_URL'])
    const unmailed = await startSignedIn(undefined, { isMailed: false })
    for (const email of [newEmail, ben.email]) {
      expect(await unmailed.change(email)).toEqual([400, 'VERIFICATION_EMAIL_NOT_ENABLED'])
    }
    for (const { mailing } of [off, none, unmailed]) expect(await mailing.take()).toEqual([])
  })

  it('takes snake_case keys', async () => {
    const { browser, mailing } = await startSignedIn()
    await browser.post('/change-email', { new_email: newEmail, callback_url: '/snake' })
    expect(await mailing.last()).toMatchObject({ to: newEmail, url: expect.stringContaining('%2Fsnake') })
  })

  it('of 50 uses of one link at once exactly one changes the address [control 12]', async () => {
    const { visit, mailing, change, rows } = await startSignedIn()
    await change(newEmail)
    const { token } = await mailing.last()
    await mailing.take()
    const answers = await Promise.all(Array.from({ length: 50 }, () => visit().get(`/verify-email?token=${token}`)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    for (const { status, body } of answers) {
      if (status !== 200) expect([status, body.code]).toEqual([401, 'USER_NOT_FOUND'])
    }
    expect(await mailing.take()).toEqual([`changed ${ann.email}`])
    expect(await rows('session')).toHaveLength(3)
  })

  it('of 20 users who want one address at once exactly one gets it', async () => {
    const { visit, rows, log } = await startSignedIn(() => ({ updateEmailWithoutVerification: true }))
    const browsers = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const browser = visit()
        await browser.post('/sign-up/email', { ...ann, email: `u${index}@example.com` })
        return browser
      }),
    )
    const answers = await Promise.all(browsers.map(browser => browser.post('/change-email', { newEmail })))
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(new Set(['200 {"status":true}']))
    expect((await rows('user')).filter(({ email }) => email === newEmail)).toHaveLength(1)
    expect(log).toEqual([])
  })
})

async function first(mailing: ReturnType<typeof createMailing>): Promise<SentMail> {
  await mailing.settled()
  const mail = mailing.sent.find(({ kind }) => kind === 'verify')
  if (!mail) throw new Error('nothing was sent')
  return mail
}

function assertNotRefused(draft: object): void {
  if ('userAgent' in draft && draft.userAgent === 'bad') throw new Error('no')
}
