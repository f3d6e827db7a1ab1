import { expect, it } from 'vitest'
import { type AuthContext, mikroOrmAdapter, type User } from '../../../src/index.ts'
import { describeEveryStorage } from '../../storage/every-storage.ts'
import { ann, createTestAuth } from '../../support/test-auth.ts'
import { visit } from '../../support/visitor.ts'
import { createMailing, pathOf } from '../mailing.ts'

describeEveryStorage('users with sessions and secrets in secondary storage', (open, name) => {
  const start = async (options: object = {}) => {
    const mailing = createMailing()
    const test = createTestAuth({
      database: mikroOrmAdapter({ url: 'sqlite::memory:' }),
      secondaryStorage: open().storage,
      advanced: mailing.advanced,
      emailAndPassword: { sendResetPassword: mailing.keep('reset') },
      emailVerification: { ...mailing.emailVerification, autoSignInAfterVerification: true },
      user: {
        changeEmail: { enabled: true },
        deleteUser: { enabled: true, sendDeleteAccountVerification: mailing.keep('delete') },
      },
      ...options,
    })
    await test.auth.createSchema()
    const browser = visit(test.auth)
    await browser.post('/sign-up/email', ann)
    const other = visit(test.auth)
    await other.post('/sign-in/email', ann)
    return { ...test, mailing, browser, other }
  }
  // Without `getAndDelete` a storage cannot tell who was first.
  const attempts = name === 'minimal' ? 1 : 50

  it('of 50 uses of one link to delete exactly one succeeds, and no session is left anywhere [A23, controls 12 34]', async () => {
    const { auth, browser, other, mailing } = await start({ session: { storeSessionInDatabase: true } })
    await browser.post('/delete-user', {})
    const mail = await mailing.last()
    expect(await auth.context.adapter.count({ model: 'verification' })).toBe(0)
    const headers = { cookie: browser.cookieHeader() }
    const follow = () => visit(auth).get(pathOf(mail), { headers })
    const answers = await Promise.all(Array.from({ length: attempts }, follow))
    expect(answers.filter(({ status }) => status === 302)).toHaveLength(1)
    expect((await visit(auth).get('/get-session', { headers })).text).toBe('null')
    expect((await other.get('/get-session')).text).toBe('null')
    for (const model of ['user', 'account', 'session']) expect(await auth.context.adapter.count({ model })).toBe(0)
  })

  it('of 50 uses of one link to reset, to prove and to change exactly one succeeds [control 12]', async () => {
    const { auth, browser, mailing } = await start()
    const follow = (use: () => Promise<{ status: number }>) => Promise.all(Array.from({ length: attempts }, use))
    const successes = (answers: { status: number }[]) => answers.filter(({ status }) => status === 200)

    await visit(auth).post('/request-password-reset', { email: ann.email })
    const { token } = await mailing.last()
    const reset = { token, newPassword: 'a new password' }
    expect(successes(await follow(() => visit(auth).post('/reset-password', reset)))).toHaveLength(1)

    await visit(auth).post('/send-verification-email', { email: ann.email })
    const proof = `/verify-email?token=${(await mailing.last()).token}`
    const proven = await Promise.all(Array.from({ length: attempts }, () => visit(auth).get(proof)))
    expect(proven.filter(({ setCookies }) => 'better-auth.session_token' in setCookies)).toHaveLength(1)

    await browser.post('/change-email', { newEmail: 'new@example.com' })
    const change = `/verify-email?token=${(await mailing.last()).token}`
    expect(successes(await follow(() => visit(auth).get(change)))).toHaveLength(1)
  })

  it('ends sessions that only the storage has', async () => {
    const { auth, browser, other, mailing } = await start()
    await browser.post('/delete-user', {})
    expect((await browser.post('/delete-user', { token: (await mailing.last()).token })).status).toBe(200)
    await mailing.settled()
    expect((await other.get('/get-session')).text).toBe('null')
    expect(await auth.context.adapter.count({ model: 'session' })).toBe(0)
  })

  it('ends the session of a sign-in that was under way during the deletion', async () => {
    let isLate = false
    const { auth, browser, mailing } = await start({
      plugins: [
        {
          id: 'late',
          hooks: {
            // Told once the user is gone; a session that was found good before that appears only now.
            userDeleted: async (user: User, { kernel }: AuthContext) => {
              const now = kernel.now()
              const expiresAt = new Date(now.getTime() + 60_000)
              const row = { id: 'late', token: 'late', userId: user.id, expiresAt, createdAt: now, updatedAt: now }
              await kernel.sessions.create(row, user)
              isLate = true
            },
          },
        },
      ],
    })
    await browser.post('/delete-user', {})
    await browser.post('/delete-user', { token: (await mailing.last()).token })
    await mailing.settled()
    expect(isLate).toBe(true)
    expect(await auth.context.sessions.find('late')).toBeNull()
  })

  it('shows a changed address at once, in every session', async () => {
    const { browser, other, mailing } = await start()
    await browser.post('/change-email', { newEmail: 'new@example.com' })
    await browser.get(pathOf(await mailing.last()))
    expect((await other.get('/get-session')).body.user).toMatchObject({ email: 'new@example.com', emailVerified: true })
  })
})
