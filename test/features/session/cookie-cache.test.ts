import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { AuthError, defineErrors, definePlugin, memoryAdapter } from '../../../src/index.ts'
import { currentSession, sendSession } from '../../../src/sessions.ts'
import { countingDatabase } from '../../support/counting-database.ts'
import { ann, createTestAuth } from '../../support/test-auth.ts'
import { type Visitor, visit } from '../../support/visitor.ts'

const cacheName = 'better-auth.session_data'
const strategies = ['compact', 'jwt', 'jwe'] as const

const doors = definePlugin({
  id: 'doors',
  procedures: ({ procedure }) => {
    const open = z.object({ open: z.boolean() })
    return {
      doors: {
        session: procedure
          .session({ operationId: 'openDoor', summary: 'Any session', rest: 'GET /door' })
          .output(open)
          .query(() => ({ open: true })),
        sensitive: procedure
          .sensitive({ operationId: 'openSafe', summary: 'A session of the store', rest: 'GET /safe' })
          .output(open)
          .query(() => ({ open: true })),
        fresh: procedure
          .fresh({ operationId: 'openVault', summary: 'A fresh session', rest: 'GET /vault' })
          .output(open)
          .query(() => ({ open: true })),
        // What a careless plugin would do: hand out again what it was given.
        renew: procedure
          .session({ operationId: 'renew', summary: 'Sends the session again', rest: 'GET /renew' })
          .output(open)
          .query(({ ctx: { auth } }) => {
            sendSession(auth, auth.signedIn)
            return { open: true }
          }),
      },
    }
  },
})

type Options = Parameters<typeof createTestAuth>[0]

async function start(cookieCache: object = {}, { session, ...options }: NonNullable<Options> = {}) {
  const database = countingDatabase(memoryAdapter())
  const test = createTestAuth({
    database,
    plugins: [doors],
    session: { cookieCache: { enabled: true, ...cookieCache }, ...session },
    ...options,
  })
  const browser = visit(test.auth)
  const signUp = await browser.post('/sign-up/email', ann)
  database.calls.length = 0
  const queries = async (run: () => Promise<unknown>) => {
    database.calls.length = 0
    await run()
    return database.calls.splice(0)
  }
  return { ...test, database, browser, signUp, queries }
}

/** Another process on the same database. */
function another(test: Awaited<ReturnType<typeof start>>, cookieCache: object = {}) {
  const there = createTestAuth({
    database: { connect: () => test.auth.context.adapter },
    clock: test.clock.now,
    plugins: [doors],
    session: { cookieCache: { enabled: true, ...cookieCache } },
  })
  return { ...there, visitAs: (visitor: Visitor) => withCookiesOf(visit(there.auth), visitor) }
}

function withCookiesOf(visitor: Visitor, { cookies }: Visitor): Visitor {
  for (const [name, value] of cookies) visitor.cookies.set(name, value)
  return visitor
}

describe.each(strategies)('a cached session (%s)', strategy => {
  it('is read without any query, and is the same as the stored one', async () => {
    const { browser, queries } = await start({ strategy })
    const cached: string[] = []
    expect(await queries(async () => void cached.push((await browser.get('/get-session')).text))).toEqual([])
    expect(await queries(() => browser.get('/door'))).toEqual([])
    expect((await browser.get('/get-session?disableCookieCache=true')).text).toBe(cached[0])
    expect(cached[0]).toContain(ann.email)
  })

  it('is renewed from the store when it has expired, with one query', async () => {
    const { browser, queries, clock } = await start({ strategy, maxAge: 100 })
    clock.advance(100)
    let answer: Awaited<ReturnType<typeof browser.get>> | undefined
    const calls = await queries(async () => {
      answer = await browser.get('/get-session')
    })
    expect(calls).toEqual(['findOne session'])
    expect(answer?.setCookies[cacheName]).toContain('; Max-Age=100; Path=/; HttpOnly; SameSite=Lax')
    expect(await queries(() => browser.get('/get-session'))).toEqual([])
  })

  it('shows what this client changes at once', async () => {
    const { browser, queries, clock } = await start(
      { strategy },
      { session: { additionalFields: { theme: { type: 'string', input: true, required: false } } } },
    )
    clock.advance(1)
    await browser.post('/update-user', { name: 'Anna' })
    await browser.post('/update-session', { theme: 'dark' })
    let body: Record<string, unknown> = {}
    expect(
      await queries(async () => {
        body = (await browser.get('/get-session')).body
      }),
    ).toEqual([])
    expect(body).toMatchObject({ user: { name: 'Anna' }, session: { theme: 'dark' } })
  })

  it('is gone with sign-out, chunks included', async () => {
    const note = { type: 'string', input: true, required: false } as const
    const { browser, auth } = await start({ strategy }, { user: { additionalFields: { note } } })
    const { setCookies } = await browser.post('/update-user', { note: 'x'.repeat(5000) })
    expect(Object.keys(setCookies).filter(name => name.startsWith(cacheName))).toEqual([
      cacheName,
      `${cacheName}.0`,
      `${cacheName}.1`,
    ])
    expect(setCookies[cacheName]).toContain('Max-Age=0')
    expect((await browser.get('/get-session')).body.user?.note).toHaveLength(5000)
    const held = withCookiesOf(visit(auth), browser)
    await browser.post('/sign-out')
    expect([...browser.cookies.keys()]).toEqual([])
    expect((await held.get('/get-session')).text).toBe('null')
  })

  it('is never a sign-out, whatever is in its place', async () => {
    const { browser, log } = await start({ strategy })
    const cached = browser.cookies.get(cacheName) ?? ''
    for (const value of ['garbage', cached.slice(1), `${cached}A`, cached.slice(0, 20), '%00', 'null', 'e30']) {
      browser.cookies.set(cacheName, value)
      const { status, body, setCookies } = await browser.get('/get-session')
      expect([status, body.user?.email], value).toEqual([200, ann.email])
      expect(setCookies[cacheName], value).toMatch(/Max-Age=300/)
    }
    expect(log).toEqual([])
  })

  it('is not used beside another session', async () => {
    const { auth, browser } = await start({ strategy })
    const ben = visit(auth)
    await ben.post('/sign-up/email', { ...ann, name: 'Ben', email: 'ben@example.com' })
    ben.cookies.set(cacheName, browser.cookies.get(cacheName) ?? '')
    expect((await ben.get('/get-session')).body.user?.name).toBe('Ben')
  })

  it('counts for nothing without the signed cookie of its session', async () => {
    const { auth, browser } = await start({ strategy })
    const thief = visit(auth)
    thief.cookies.set(cacheName, browser.cookies.get(cacheName) ?? '')
    expect((await thief.get('/get-session')).text).toBe('null')
    thief.cookies.set('better-auth.session_token', `${browser.cookies.get('better-auth.session_token')}x`)
    expect((await thief.get('/get-session')).text).toBe('null')
    expect((await thief.get('/door')).status).toBe(401)
  })

  it('holds nothing that may not be returned', async () => {
    const secret = { type: 'string', required: false, returned: false, defaultValue: 'hidden-value' } as const
    const { browser, signUp, auth } = await start(
      { strategy },
      { user: { additionalFields: { secret } }, session: { additionalFields: { key: secret } } },
    )
    const text = Buffer.from(
      browser.cookies.get(cacheName)?.split('.').at(1) ?? browser.cookies.get(cacheName) ?? '',
      'base64url',
    )
    expect(text.toString()).not.toContain('hidden-value')
    const found = await auth.context.sessions.find(String(signUp.body.token))
    expect(found).toMatchObject({ user: { secret: 'hidden-value' }, session: { key: 'hidden-value' } })
  })
})

describe('a session that ended', () => {
  it('is over at once in the process that ended it, cached or not', async () => {
    const { auth, browser, clock } = await start()
    const other = visit(auth)
    const { body } = await other.post('/sign-in/email', ann)
    clock.advance(1)
    await browser.post('/revoke-session', { token: body.token })
    expect((await other.get('/get-session')).text).toBe('null')
    const third = visit(auth)
    await third.post('/sign-in/email', ann)
    clock.advance(1)
    await browser.post('/revoke-other-sessions')
    expect((await third.get('/door')).status).toBe(401)
    expect((await browser.get('/door')).status).toBe(200)
  })

  it('is over in other processes within maxAge, and changes nothing there from the start', async () => {
    const test = await start()
    const there = another(test)
    const other = visit(test.auth)
    await other.post('/sign-in/email', ann)
    test.clock.advance(10)
    await test.browser.post('/revoke-other-sessions')
    const revoked = there.visitAs(other)
    expect((await revoked.get('/get-session')).body.user?.email).toBe(ann.email)
    expect((await revoked.get('/door')).status).toBe(200)
    for (const path of ['/safe', '/vault', '/door?disableCookieCache=true'])
      expect((await revoked.get(path)).status).toBe(401)
    for (const path of ['/update-user', '/update-session', '/revoke-sessions', '/revoke-other-sessions']) {
      expect((await revoked.post(path, { name: 'Eve' })).status, path).toBe(401)
    }
    test.clock.advance(289)
    expect((await revoked.get('/get-session')).text).not.toBe('null')
    test.clock.advance(1)
    expect((await revoked.get('/get-session')).text).toBe('null')
    expect((await revoked.get('/door')).status).toBe(401)
  })

  it('lives no longer because somebody hands it out again', async () => {
    const test = await start()
    const there = another(test)
    const other = visit(test.auth)
    await other.post('/sign-in/email', ann)
    test.clock.advance(299)
    await test.browser.post('/revoke-other-sessions')
    const revoked = there.visitAs(other)
    expect((await revoked.get('/renew')).status).toBe(200)
    expect(revoked.cookies.has(cacheName)).toBe(false)
    expect((await revoked.get('/get-session')).text).toBe('null')
  })

  it('is over at once on the client that ended it', async () => {
    for (const end of ['/revoke-sessions', '/sign-out', '/revoke-session']) {
      const test = await start()
      const there = another(test)
      const input = end === '/revoke-session' ? { token: test.signUp.body.token } : {}
      const { setCookies } = await test.browser.post(end, input)
      for (const name of ['session_token', 'session_data', 'dont_remember']) {
        expect(setCookies[`better-auth.${name}`], end).toContain('Max-Age=0')
      }
      expect((await there.visitAs(test.browser).get('/get-session')).text).toBe('null')
    }
  })

  it('is over where the password was reset, by whoever', async () => {
    const test = await start({}, { emailAndPassword: { revokeSessionsOnPasswordReset: true } })
    await test.browser.post('/request-password-reset', { email: ann.email })
    const { token } = await test.inbox.waitFor(ann.email)
    await test.browser.post('/reset-password', { token, newPassword: 'a new password' })
    expect(test.browser.cookies.has(cacheName)).toBe(false)
    expect((await test.browser.get('/get-session')).text).toBe('null')
  })

  it('and a new one after a password change: only the new one is cached', async () => {
    const { browser, clock, signUp } = await start()
    clock.advance(1)
    const passwords = { currentPassword: ann.password, newPassword: 'a new password' }
    const { body } = await browser.post('/change-password', { ...passwords, revokeOtherSessions: true })
    expect(body.token).not.toBe(signUp.body.token)
    expect((await browser.get('/get-session')).body.session?.token).toBe(body.token)
  })
})

describe('a changed user', () => {
  it('is seen at once by all clients of the process, and by others within maxAge', async () => {
    const test = await start()
    const there = another(test)
    const other = visit(test.auth)
    await other.post('/sign-in/email', ann)
    test.clock.advance(1)
    await test.browser.post('/update-user', { name: 'Anna' })
    const far = there.visitAs(other)
    expect((await other.get('/get-session')).body.user?.name).toBe('Anna')
    expect((await far.get('/get-session')).body.user?.name).toBe('Ann')
    test.clock.advance(299)
    expect((await far.get('/get-session')).body.user?.name).toBe('Anna')
  })

  it('makes the cache of the client useless that changed it in a way of its own', async () => {
    const promote = definePlugin({
      id: 'promote',
      schema: { user: { fields: { role: { type: 'string', defaultValue: 'user' } } } },
      procedures: ({ procedure }) => ({
        promote: procedure
          .session({ operationId: 'promote', summary: 'Makes the caller an admin', rest: 'POST /promote' })
          .output(z.object({ ok: z.boolean() }))
          .mutation(async ({ ctx: { auth } }) => {
            const { updateUser } = await import('../../../src/users.ts')
            await updateUser(auth, auth.signedIn.user.id, { role: 'admin' })
            return { ok: true }
          }),
      }),
    })
    const { browser } = await start({}, { plugins: [promote] })
    expect((await browser.get('/get-session')).body.user?.role).toBe('user')
    await browser.post('/promote')
    expect((await browser.get('/get-session')).body.user?.role).toBe('admin')
  })

  it('in another version is not believed: a role that the version names is seen everywhere at once [control 40]', async () => {
    const version = { current: 1 }
    const { browser, queries } = await start({ version: () => version.current })
    expect(await queries(() => browser.get('/get-session'))).toEqual([])
    version.current = 2
    expect(await queries(() => browser.get('/get-session'))).toEqual(['findOne session'])
    expect(await queries(() => browser.get('/get-session'))).toEqual([])
  })
})

describe('procedures for what only the store may decide', () => {
  it('ask it whatever is cached', async () => {
    const { browser, queries } = await start()
    expect(await queries(() => browser.get('/safe'))).toEqual(['findOne session'])
    expect(await queries(() => browser.get('/vault'))).toEqual(['findOne session'])
    expect(await queries(() => browser.get('/door?disableCookieCache=1'))).toEqual(['findOne session'])
    expect(await queries(() => browser.get('/door?disableCookieCache='))).toEqual([])
    expect((await queries(() => browser.post('/update-user', { name: 'B' })))[0]).toBe('findOne session')
  })

  it('do not have the client cache what they may be about to end', async () => {
    const { browser } = await start()
    browser.cookies.delete(cacheName)
    expect((await browser.get('/safe')).setCookies).toEqual({})
    expect(Object.keys((await browser.get('/door')).setCookies)).toEqual([cacheName])
  })

  it('are kept apart from others in one batch', async () => {
    const test = await start()
    const there = another(test)
    const other = visit(test.auth)
    await other.post('/sign-in/email', ann)
    test.clock.advance(1)
    await test.browser.post('/revoke-other-sessions')
    const revoked = there.visitAs(other)
    for (const order of ['session.get,doors.session,doors.sensitive', 'doors.sensitive,session.get,doors.session']) {
      const answer = await revoked.get(`/trpc/${order}?batch=1&input={}`)
      const results = JSON.parse(answer.text) as { result?: unknown; error?: { data: { authCode: string } } }[]
      const byName = Object.fromEntries(order.split(',').map((name, index) => [name, results[index]]))
      expect(byName['doors.sensitive']?.error?.data.authCode).toBe('UNAUTHORIZED')
    }
  })

  it('share one read of the store in a batch, and the rest one look into the cache', async () => {
    const { browser, queries } = await start()
    const batch = (paths: string) => queries(() => browser.get(`/trpc/${paths}?batch=1&input={}`))
    expect(await batch('session.get,doors.session,session.get')).toEqual([])
    expect(await batch('doors.sensitive,doors.fresh,doors.sensitive')).toEqual(['findOne session'])
  })
})

describe('a hook that is asked for every session', () => {
  it('is asked for cached ones too', async () => {
    const refusals = defineErrors({ SUSPENDED: [403, 'Suspended'] })
    const state = { isSuspended: false, asked: 0 }
    const gate = definePlugin({
      id: 'gate',
      hookErrors: [refusals.SUSPENDED],
      hooks: {
        sessionRead: () => {
          state.asked++
          if (state.isSuspended) throw new AuthError(refusals.SUSPENDED)
        },
      },
    })
    const { browser, queries } = await start({}, { plugins: [gate, doors] })
    expect(await queries(() => browser.get('/door'))).toEqual([])
    expect(state.asked).toBe(1)
    state.isSuspended = true
    const { status, body } = await browser.get('/door')
    expect([status, body.code]).toEqual([403, 'SUSPENDED'])
    expect((await browser.get('/get-session')).status).toBe(403)
  })
})

describe('the life of a cached session', () => {
  it('ends with the session, whatever maxAge says', async () => {
    const { browser, clock } = await start({ maxAge: 1000 }, { session: { expiresIn: 100, updateAge: 200 } })
    clock.advance(99)
    expect((await browser.get('/get-session')).text).not.toBe('null')
    clock.advance(1)
    expect((await browser.get('/get-session')).text).toBe('null')
  })

  it('is a minute where the session is not remembered, in a cookie of the browser session; then it is not cached again', async () => {
    const { auth, clock, queries } = await start()
    const forgetful = visit(auth)
    const { setCookies } = await forgetful.post('/sign-in/email', { ...ann, rememberMe: false })
    expect(setCookies[cacheName]).toMatch(/^[^;]+; Path=\/; HttpOnly; SameSite=Lax$/)
    clock.advance(59)
    expect(await queries(() => forgetful.get('/get-session'))).toEqual([])
    clock.advance(1)
    expect(await queries(() => forgetful.get('/get-session'))).toEqual(['findOne session'])
    expect(forgetful.cookies.has(cacheName)).toBe(false)
  })

  it('does not keep a session in use from being extended', async () => {
    const { browser, clock } = await start()
    clock.advance(86_400)
    const { setCookies, body } = await browser.get('/get-session')
    expect(Object.keys(setCookies)).toEqual(['better-auth.session_token', cacheName])
    expect(body.session?.expiresAt).toBe(new Date(clock.now().getTime() + 604_800_000).toISOString())
    expect((await browser.get('/get-session')).body.session?.expiresAt).toBe(body.session?.expiresAt)
  })

  it('lets an extension be asked for that reading has told to be due', async () => {
    const { browser, clock } = await start({}, { session: { deferSessionRefresh: true } })
    expect((await browser.get('/get-session')).body).not.toHaveProperty('needsRefresh')
    clock.advance(86_400)
    const read = await browser.get('/get-session')
    expect(read.body.needsRefresh).toBe(true)
    expect(Object.keys(read.setCookies)).toEqual([cacheName])
    const { body, setCookies } = await browser.post('/get-session')
    expect(body.session?.expiresAt).toBe(new Date(clock.now().getTime() + 604_800_000).toISOString())
    expect(Object.keys(setCookies)).toEqual(['better-auth.session_token', cacheName])
    expect((await browser.get('/get-session?disableCookieCache=1')).body.needsRefresh).toBe(false)
  })

  it('writes nothing when reading must not, even if the session is over', async () => {
    const { browser, clock, queries } = await start({}, { session: { deferSessionRefresh: true } })
    clock.advance(7 * 86_400)
    expect(await queries(() => browser.get('/get-session'))).toEqual(['findOne session'])
    expect(browser.cookies.size).toBe(0)
  })

  it('is renewed before its end where that is asked for, from the store', async () => {
    const { browser, clock, queries } = await start({ maxAge: 100, refreshCache: { updateAge: 30 } })
    clock.advance(69)
    expect(await queries(() => browser.get('/get-session'))).toEqual([])
    clock.advance(1)
    expect(await queries(() => browser.get('/get-session'))).toEqual(['findOne session'])
    clock.advance(69)
    expect(await queries(() => browser.get('/get-session'))).toEqual([])
  })

  it('renewed before its end does not outlive a revocation', async () => {
    const test = await start({ maxAge: 100, refreshCache: true })
    const there = another(test, { maxAge: 100, refreshCache: true })
    const other = visit(test.auth)
    await other.post('/sign-in/email', ann)
    test.clock.advance(79)
    await test.browser.post('/revoke-other-sessions')
    const revoked = there.visitAs(other)
    expect((await revoked.get('/get-session')).text).not.toBe('null')
    test.clock.advance(1)
    expect((await revoked.get('/get-session')).text).toBe('null')
  })
})

describe('a cache that cannot be', () => {
  it('too long for what servers take in headers is not set, and the store is asked', async () => {
    const note = { type: 'string', input: true, required: false } as const
    const { browser, queries } = await start({}, { user: { additionalFields: { note } } })
    const { status, setCookies } = await browser.post('/update-user', { note: 'x'.repeat(60_000) })
    expect(status).toBe(200)
    expect(setCookies[cacheName]).toContain('Max-Age=0')
    expect(Object.keys(setCookies)).toEqual(['better-auth.session_token', cacheName])
    expect(await queries(() => browser.get('/get-session'))).toEqual(['findOne session'])
    await browser.post('/update-user', { note: 'short' })
    expect(await queries(() => browser.get('/get-session'))).toEqual([])
  })

  it('be made because the version fails is logged, and nobody is the worse for it', async () => {
    const { browser, signUp, log } = await start({
      version: () => {
        throw new Error('no version')
      },
    })
    expect(signUp.status).toBe(200)
    expect(browser.cookies.has(cacheName)).toBe(false)
    expect((await browser.get('/get-session')).body.user?.email).toBe(ann.email)
    expect(log.map(({ message }) => message)).toContain('the cookie "session_data" could not be made')
  })

  it('is off: what a client sends is not looked at', async () => {
    const { browser } = await start()
    const { auth } = createTestAuth()
    const elsewhere = withCookiesOf(visit(auth), browser)
    expect((await elsewhere.get('/get-session')).text).toBe('null')
  })
})

describe('a session read outside of a procedure', () => {
  it('may come from the cache, and is cached when it did not', async () => {
    const { auth, browser, queries, clock } = await start()
    const read = async () => {
      const sent: string[] = []
      const headers = new Headers({ cookie: browser.cookieHeader() })
      const found = await auth.readSession({ headers, sendHeader: (_name, value) => sent.push(value) })
      return { found, sent }
    }
    expect(await queries(read)).toEqual([])
    expect((await read()).sent).toEqual([])
    clock.advance(300)
    const { found, sent } = await read()
    expect(found?.user.email).toBe(ann.email)
    expect(sent.map(line => line.split('=')[0])).toEqual([cacheName])
    // Where no cookie can be set, none is.
    expect((await auth.getSession({ cookie: browser.cookieHeader() }))?.user.email).toBe(ann.email)
  })

  it('in a public procedure is the one that currentSession gives', async () => {
    const peek = definePlugin({
      id: 'peek',
      procedures: ({ procedure }) => ({
        peek: procedure
          .public({ operationId: 'peek', summary: 'Who is there', rest: 'GET /peek' })
          .output(z.object({ name: z.string().nullable() }))
          .query(async ({ ctx: { auth } }) => ({ name: (await currentSession(auth))?.user.name ?? null })),
      }),
    })
    const { browser, queries, auth } = await start({}, { plugins: [peek] })
    expect(await queries(() => browser.get('/peek'))).toEqual([])
    expect((await browser.get('/peek')).body.name).toBe('Ann')
    expect((await visit(auth).get('/peek')).body.name).toBeNull()
  })
})
