import { expect, it } from 'vitest'
import { mikroOrmAdapter } from '../../src/index.ts'
import { ann, createTestAuth } from '../support/test-auth.ts'
import { visit } from '../support/visitor.ts'
import { describeEveryStorage } from './every-storage.ts'

const DAY = 86_400

describeEveryStorage('e-mail and password with sessions in secondary storage only', (open, name) => {
  const start = async (options: object = {}) => {
    const { storage, again } = open()
    const database = mikroOrmAdapter({ url: 'sqlite::memory:' })
    const test = createTestAuth({
      database,
      secondaryStorage: storage,
      emailAndPassword: { revokeSessionsOnPasswordReset: true },
      ...options,
    })
    await test.auth.createSchema()
    const count = (model: string) => test.auth.context.adapter.count({ model })
    const browser = visit(test.auth)
    const signUp = await browser.post('/sign-up/email', ann)
    return { ...test, again, count, browser, signUp }
  }
  const isSignedIn = async (browser: ReturnType<typeof visit>) => (await browser.get('/get-session')).text !== 'null'

  it('signs up, reads, lists and signs out without a row', async () => {
    const { browser, count, signUp } = await start()
    expect(signUp.status).toBe(200)
    expect(await count('session')).toBe(0)
    const { body } = await browser.get('/get-session')
    expect(body.user?.email).toBe(ann.email)
    expect(body.session?.expiresAt).toMatch(/^\d{4}-.*Z$/)
    expect(JSON.parse((await browser.get('/list-sessions')).text)).toHaveLength(1)
    await browser.post('/sign-out')
    expect(await isSignedIn(browser)).toBe(false)
  })

  it('ends one, the other, and all sessions', async () => {
    const { auth, browser } = await start()
    const [second, third] = [visit(auth), visit(auth)]
    const { body } = await second.post('/sign-in/email', ann)
    await third.post('/sign-in/email', ann)
    await browser.post('/revoke-session', { token: body.token })
    expect([await isSignedIn(browser), await isSignedIn(second), await isSignedIn(third)]).toEqual([true, false, true])
    await browser.post('/revoke-other-sessions')
    expect([await isSignedIn(browser), await isSignedIn(third)]).toEqual([true, false])
    await browser.post('/revoke-sessions')
    expect(await isSignedIn(browser)).toBe(false)
  })

  it('does not sign in when sign-up fails', async () => {
    const { auth } = await start({
      plugins: [
        {
          id: 'fails',
          hooks: {
            sessionCreating: (draft: object) => {
              if ('userAgent' in draft && draft.userAgent === 'bad') throw new Error('no')
            },
          },
        },
      ],
    })
    const browser = visit(auth)
    const given = { ...ann, email: 'other@example.com' }
    const { status } = await browser.post('/sign-up/email', given, { headers: { 'user-agent': 'bad' } })
    expect(status).toBe(500)
    expect(await isSignedIn(browser)).toBe(false)
  })

  it('shows a changed user at once, in every session', async () => {
    const { auth, browser } = await start()
    const other = visit(auth)
    await other.post('/sign-in/email', ann)
    await browser.post('/update-user', { name: 'Anna' })
    expect((await other.get('/get-session')).body.user?.name).toBe('Anna')
  })

  it('extends a session in use, and never one that was revoked meanwhile', async () => {
    const { browser, clock, auth } = await start()
    clock.advance(DAY)
    const { body, setCookies } = await browser.get('/get-session')
    expect(body.session?.expiresAt).toBe(new Date(clock.now().getTime() + 7 * DAY * 1000).toISOString())
    expect(Object.keys(setCookies)).toEqual(['better-auth.session_token'])
    const token = String(body.session?.token)
    const current = await auth.context.sessions.find(token)
    await auth.context.sessions.delete(token)
    expect(current && (await auth.context.sessions.update(current, { updatedAt: clock.now() }))).toBeNull()
    expect(await isSignedIn(browser)).toBe(false)
  })

  it('resets a password once, with nothing in the database, and signs out everywhere', async () => {
    const { auth, browser, inbox, count } = await start()
    await browser.post('/request-password-reset', { email: ann.email, redirectTo: '/reset' })
    const { token } = await inbox.waitFor(ann.email)
    expect(await count('verification')).toBe(0)
    const tries = await Promise.all(
      Array.from({ length: name === 'minimal' ? 1 : 20 }, () =>
        visit(auth).post('/reset-password', { token, newPassword: 'a new password' }),
      ),
    )
    expect(tries.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(await isSignedIn(browser)).toBe(false)
    expect((await visit(auth).post('/sign-in/email', { ...ann, password: 'a new password' })).status).toBe(200)
  })

  it('shares rate limits and revocation between processes', async () => {
    const { auth, browser, again } = await start({ rateLimit: { enabled: true, max: 5, window: 60 } })
    const other = createTestAuth({ secondaryStorage: again(), rateLimit: { enabled: true, max: 5, window: 60 } })
    const there = visit(other.auth)
    for (const [key, value] of browser.cookies) there.cookies.set(key, value)
    const from = { socketAddress: '192.0.2.1' }
    for (let i = 0; i < 3; i++) expect((await browser.get('/get-session', from)).status).toBe(200)
    for (let i = 0; i < 2; i++) expect((await there.get('/get-session', from)).text).not.toBe('null')
    expect((await there.get('/get-session', from)).status).toBe(429)
    expect((await browser.get('/get-session', from)).status).toBe(429)
    await visit(auth)
    await browser.post('/sign-out')
    expect((await there.get('/get-session')).text).toBe('null')
  })

  it('keeps rows too when asked, and finds a session there that the storage has lost', async () => {
    const { auth, browser, count } = await start({ session: { storeSessionInDatabase: true } })
    expect(await count('session')).toBe(1)
    const { body } = await browser.get('/get-session')
    await auth.context.options.secondaryStorage?.delete(String(body.session?.token))
    expect(await isSignedIn(browser)).toBe(true)
    await browser.post('/revoke-sessions')
    expect(await isSignedIn(browser)).toBe(false)
    expect(await count('session')).toBe(0)
  })
})
