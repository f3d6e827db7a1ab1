import { expect, it } from 'vitest'
import { ann } from '../../support/test-auth.ts'
import { describeEveryInstance } from '../every-instance.ts'

const times = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index))

describeEveryInstance('at the same time [A30 A40, control 12]', start => {
  it('20 sign-ups of one address make one user', async () => {
    const { visit, rows } = await start()
    const answers = await Promise.all(
      times(20, index => visit().post('/sign-up/email', { ...ann, name: `Ann ${index}` })),
    )
    const statuses = answers.map(({ status }) => status).sort()
    expect(statuses).toEqual([200, ...times(19, () => 409)])
    for (const { status, body } of answers) if (status === 409) expect(body.code).toBe('EMAIL_ALREADY_IN_USE')
    expect(await Promise.all(['user', 'account', 'session'].map(async model => (await rows(model)).length))).toEqual([
      1, 1, 1,
    ])
    const winner = answers.find(({ status }) => status === 200)
    expect((await rows('user'))[0]?.name).toBe(winner?.body.user?.name)
  })

  it('20 sign-ups of one address all look alike where sign-up does not sign in', async () => {
    const { visit, rows } = await start({ emailAndPassword: { autoSignIn: false } })
    const answers = await Promise.all(times(20, () => visit().post('/sign-up/email', ann)))
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.token} ${body.user?.email}`)).size).toBe(1)
    expect(await rows('user')).toHaveLength(1)
    expect(await rows('account')).toHaveLength(1)
  })

  it('20 sign-ups of different addresses all succeed', async () => {
    const { visit, rows } = await start()
    const answers = await Promise.all(
      times(20, index => visit().post('/sign-up/email', { ...ann, email: `u${index}@example.com` })),
    )
    expect(answers.map(({ status }) => status)).toEqual(times(20, () => 200))
    expect(await rows('session')).toHaveLength(20)
  })

  it('20 sign-ins of one user all succeed, each with a session of its own', async () => {
    const { visit, rows } = await start()
    await visit().post('/sign-up/email', ann)
    const answers = await Promise.all(times(20, () => visit().post('/sign-in/email', ann)))
    expect(new Set(answers.map(({ body }) => body.token)).size).toBe(20)
    expect(await rows('session')).toHaveLength(21)
  })

  it('of 50 uses of one reset link exactly one sets a password', async () => {
    const { visit, inbox, rows } = await start()
    await visit().post('/sign-up/email', ann)
    await visit().post('/request-password-reset', { email: ann.email })
    const { token } = await inbox.waitFor(ann.email)
    const passwords = times(50, index => `new password ${index}`)
    const answers = await Promise.all(
      passwords.map(newPassword => visit().post('/reset-password', { newPassword, token })),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    for (const { status, body } of answers)
      if (status !== 200) expect([status, body.code]).toEqual([400, 'INVALID_TOKEN'])
    const winner = passwords[answers.findIndex(({ status }) => status === 200)]
    expect((await visit().post('/sign-in/email', { email: ann.email, password: winner })).status).toBe(200)
    expect(await rows('account')).toHaveLength(1)
    expect(await rows('verification')).toEqual([])
  })

  it('a session that ends while it is used is over for good', async () => {
    const { visit } = await start()
    const visitor = visit()
    await visitor.post('/sign-up/email', ann)
    const cookie = visitor.cookieHeader()
    const read = () => visit().get('/get-session', { headers: { cookie } })
    const reads = times(20, read)
    const ended = visit().post('/sign-out', undefined, { headers: { cookie } })
    const answers = await Promise.all([...reads, ended])
    expect(answers.map(({ status }) => status)).toEqual(times(21, () => 200))
    expect((await Promise.all(times(20, read))).map(({ text }) => text)).toEqual(times(20, () => 'null'))
  })

  it('a session is extended once or more, but read by everybody', async () => {
    const { visit, clock, rows } = await start()
    const visitor = visit()
    await visitor.post('/sign-up/email', ann)
    clock.advance(2 * 86_400)
    const cookie = visitor.cookieHeader()
    const answers = await Promise.all(times(20, () => visit().get('/get-session', { headers: { cookie } })))
    expect(answers.map(({ body }) => body.user?.email)).toEqual(times(20, () => ann.email))
    expect((await rows('session'))[0]?.expiresAt).toEqual(new Date(clock.now().getTime() + 7 * 86_400_000))
  })
})
