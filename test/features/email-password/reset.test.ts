import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { ann } from '../../support/test-auth.ts'
import { describeEveryInstance } from '../every-instance.ts'

const newPassword = 'a new password'
const sent = { status: true, message: 'If this email exists in our system, check your email for the reset link' }

describeEveryInstance('password reset', start => {
  const startWithAnn = async (options: Parameters<typeof start>[0] = {}) => {
    const instance = await start(options)
    const visitor = instance.visit()
    await visitor.post('/sign-up/email', ann)
    const request = async (extra: object = {}) => {
      const before = instance.inbox.mails.length
      const answer = await instance.visit().post('/request-password-reset', { email: ann.email, ...extra })
      expect([answer.status, answer.body]).toEqual([200, sent])
      await expect.poll(() => instance.inbox.mails.length).toBe(before + 1)
      const mail = instance.inbox.mails.at(-1)
      if (!mail) throw new Error('no mail')
      return mail
    }
    const reset = async (token: string, password = newPassword) => {
      const { status, body } = await instance.visit().post('/reset-password', { newPassword: password, token })
      return status === 200 ? body.status : body.code
    }
    const signIn = async (password: string) =>
      (await instance.visit().post('/sign-in/email', { email: ann.email, password })).status
    return { ...instance, visitor, request, reset, signIn }
  }

  it('mails a link, leads to the page that asks, and sets the password', async () => {
    const { visit, request, reset, signIn } = await startWithAnn()
    const mail = await request({ redirectTo: '/choose?step=2' })
    expect(mail.to).toBe(ann.email)
    const callback = encodeURIComponent('/choose?step=2')
    expect(mail.url).toBe(`http://localhost:3000/api/auth/reset-password/${mail.token}?callbackURL=${callback}`)
    const path = mail.url.slice('http://localhost:3000/api/auth'.length)
    for (let i = 0; i < 2; i++) {
      // Mail programs follow links to look at them: that uses up nothing.
      const { status, headers, text } = await visit().get(path)
      expect([status, text]).toEqual([302, ''])
      expect(headers.get('location')).toBe(`http://localhost:3000/choose?step=2&token=${mail.token}`)
    }
    expect(await reset(mail.token)).toBe(true)
    expect([await signIn(newPassword), await signIn(ann.password)]).toEqual([200, 401])
  })

  it('works once', async () => {
    const { visit, request, reset, signIn } = await startWithAnn()
    const { token } = await request()
    expect(await reset(token)).toBe(true)
    expect(await reset(token, 'another password')).toBe('INVALID_TOKEN')
    expect(await signIn('another password')).toBe(401)
    const { headers } = await visit().get(`/reset-password/${token}?callbackURL=/choose`)
    expect(headers.get('location')).toBe('http://localhost:3000/choose?error=INVALID_TOKEN')
  })

  it('ends after an hour, or when it was set to', async () => {
    for (const resetPasswordTokenExpiresIn of [undefined, 60]) {
      const { visit, clock, request, reset } = await startWithAnn({ emailAndPassword: { resetPasswordTokenExpiresIn } })
      const life = resetPasswordTokenExpiresIn ?? 3600
      const [early, late] = [await request(), await request()]
      clock.advance(life - 1)
      expect(await reset(early.token)).toBe(true)
      clock.advance(1)
      expect(await reset(late.token)).toBe('INVALID_TOKEN')
      const { headers } = await visit().get(`/reset-password/${late.token}?callbackURL=/choose`)
      expect(headers.get('location')).toContain('error=INVALID_TOKEN')
    }
  })

  it('is stored hashed, with its purpose [control 11]', async () => {
    const { request, rows } = await startWithAnn()
    const { token } = await request()
    const hash = createHash('sha256').update(token).digest('base64url')
    const stored = await rows('verification')
    expect(stored).toMatchObject([{ identifier: `reset-password:${hash}` }])
    expect(JSON.stringify(stored)).not.toContain(token)
    expect(token).toMatch(/^[a-zA-Z0-9]{24}$/)
  })

  it('takes no secret that was made for something else, and no stored value', async () => {
    const { auth, rows, request, reset, signIn, clock } = await startWithAnn()
    const { token } = await request()
    const [row] = await rows('verification')
    const [user] = await rows('user')
    const data = { value: String(user?.id), expiresAt: new Date(clock.now().getTime() + 60_000) }
    const times = { createdAt: clock.now(), updatedAt: clock.now() }
    const hash = createHash('sha256').update('other-secret').digest('base64url')
    const identifier = `verify-email:${hash}`
    await auth.context.adapter.create({ model: 'verification', data: { id: 'v', identifier, ...data, ...times } })
    const stored = String(row?.identifier)
    for (const attempt of [
      'other-secret',
      stored,
      stored.split(':')[1] ?? '',
      `reset-password:${token}`,
      `${token}x`,
      token.slice(1),
      '',
    ]) {
      expect(await reset(attempt)).toBe('INVALID_TOKEN')
    }
    expect(await signIn(ann.password)).toBe(200)
    expect(await reset(token)).toBe(true)
  })

  it('can store secrets in plain text, as Better Auth does', async () => {
    const { request, rows, reset } = await startWithAnn({ verification: { storeIdentifier: 'plain' } })
    const { token } = await request()
    expect(await rows('verification')).toMatchObject([{ identifier: `reset-password:${token}` }])
    expect(await reset(token)).toBe(true)
  })

  it('answers alike for an unknown address, and mails nothing', async () => {
    const { visit, inbox, rows, request } = await startWithAnn()
    await request()
    const { status, body, headers } = await visit().post('/request-password-reset', { email: 'nobody@example.com' })
    const known = await visit().post('/request-password-reset', { email: ann.email })
    expect([status, body, [...headers]]).toEqual([known.status, known.body, [...known.headers]])
    await expect.poll(() => inbox.mails.length).toBe(2)
    expect(inbox.mails.map(({ to }) => to)).toEqual([ann.email, ann.email])
    expect(await rows('verification')).toHaveLength(2)
  })

  it('does not wait for the mail, and tells nobody when it fails', async () => {
    let mail: () => void = () => undefined
    const sending = new Promise<void>(resolve => {
      mail = resolve
    })
    const sendResetPassword = async () => {
      await sending
      throw new Error('the mail server is down')
    }
    const { visit, log } = await startWithAnn({ emailAndPassword: { sendResetPassword } })
    const { status, body } = await visit().post('/request-password-reset', { email: ann.email })
    expect([status, body]).toEqual([200, sent])
    mail()
    await expect.poll(() => log.map(({ message }) => message)).toEqual(['a background task failed'])
  })

  it('keeps sessions, or ends them all when the application wants it', async () => {
    for (const [revokeSessionsOnPasswordReset, sessions] of [
      [false, 1],
      [true, 0],
    ] as const) {
      const { visitor, request, reset, rows } = await startWithAnn({
        emailAndPassword: { revokeSessionsOnPasswordReset },
      })
      expect(await reset((await request()).token)).toBe(true)
      expect(await rows('session')).toHaveLength(sessions)
      expect((await visitor.get('/get-session')).text === 'null').toBe(sessions === 0)
    }
  })

  it('tells the application whose password it was', async () => {
    const events: string[] = []
    const onPasswordReset = ({ user }: { user: { email: string } }) => void events.push(user.email)
    const { request, reset } = await startWithAnn({ emailAndPassword: { onPasswordReset } })
    const { token } = await request()
    expect(await reset('wrong')).toBe('INVALID_TOKEN')
    expect(await reset(token)).toBe(true)
    expect(events).toEqual([ann.email])
  })

  it('gives a password to a user who had none', async () => {
    const { auth, request, reset, signIn, rows } = await startWithAnn()
    await auth.context.adapter.deleteMany({ model: 'account', where: [] })
    expect(await reset((await request()).token)).toBe(true)
    expect(await signIn(newPassword)).toBe(200)
    expect(await rows('account')).toMatchObject([{ providerId: 'credential' }])
  })

  it('refuses a password that is too short or too long, and the link stays good', async () => {
    const { request, reset } = await startWithAnn()
    const { token } = await request()
    expect(await reset(token, 'short')).toBe('PASSWORD_TOO_SHORT')
    expect(await reset(token, 'x'.repeat(129))).toBe('PASSWORD_TOO_LONG')
    expect(await reset(token)).toBe(true)
  })

  it('is refused for a user who is gone meanwhile', async () => {
    const { auth, request, reset } = await startWithAnn()
    const { token } = await request()
    await auth.context.adapter.deleteMany({ model: 'user', where: [] })
    expect(await reset(token)).toBe('INVALID_TOKEN')
  })

  it('is reached by its old name too', async () => {
    const { visit, inbox } = await startWithAnn()
    const { status, body } = await visit().post('/forget-password', { email: ann.email })
    expect([status, body]).toEqual([200, sent])
    expect((await inbox.waitFor(ann.email)).to).toBe(ann.email)
  })

  it('is off where nothing delivers the link', async () => {
    const { visit } = await startWithAnn({ emailAndPassword: { sendResetPassword: undefined } })
    const { status, body } = await visit().post('/request-password-reset', { email: ann.email })
    expect([status, body.code]).toEqual([400, 'RESET_PASSWORD_DISABLED'])
  })
})
