import { createAuthClient } from 'better-auth/client'
import { multiSessionClient } from 'better-auth/client/plugins'
import { describe, expect, it } from 'vitest'
import { createCookieFetch } from '../../../clients/cookie-fetch.ts'
import { multiSession } from '../../../routers/multi-session/index.ts'
import { signValue } from '../../../src/cookies.ts'
import { memoryAdapter } from '../../../src/index.ts'
import { countingDatabase } from '../../support/counting-database.ts'
import { startServer } from '../../support/start-server.ts'
import { ann, createTestAuth, secret } from '../../support/test-auth.ts'
import { type Visitor, visit } from '../../support/visitor.ts'
import { describeEveryInstance } from '../every-instance.ts'

const ben = { ...ann, name: 'Ben', email: 'ben@example.com' }
const people = Array.from({ length: 7 }, (_, index) => ({ ...ann, email: `person${index}@example.com` }))

type Listed = { session: { token: string }; user: { email: string } }[]

const listed = async (browser: Visitor) =>
  JSON.parse((await browser.get('/multi-session/list-device-sessions')).text) as Listed
const emails = async (browser: Visitor) => (await listed(browser)).map(({ user }) => user.email)
const current = async (browser: Visitor) => (await browser.get('/get-session')).body.user?.email
const cookieOf = (token: string) => `better-auth.session_token_multi-${token.toLowerCase()}`
const kept = (browser: Visitor) => [...browser.cookies.keys()].filter(name => name.includes('_multi-'))

async function startTwo(
  options: Parameters<typeof multiSession>[0] = {},
  more: Parameters<typeof createTestAuth>[0] = {},
) {
  const test = createTestAuth({ ...more, plugins: [multiSession(options)] })
  const browser = visit(test.auth)
  const first = String((await browser.post('/sign-up/email', ann)).body.token)
  const second = String((await browser.post('/sign-up/email', ben)).body.token)
  const isAlive = async (token: string) => (await test.auth.context.sessions.find(token)) !== null
  return { ...test, browser, first, second, isAlive }
}

describeEveryInstance('several sessions on one device', start => {
  it('are kept, listed, changed between and ended', async () => {
    const { visit, rows } = await start({ plugins: [multiSession()] })
    const browser = visit()
    const first = String((await browser.post('/sign-up/email', ann)).body.token)
    const second = String((await browser.post('/sign-up/email', ben)).body.token)
    expect(kept(browser).sort()).toEqual([cookieOf(first), cookieOf(second)].sort())
    expect([await current(browser), await emails(browser)]).toEqual([ben.email, [ann.email, ben.email]])

    const changed = await browser.post('/multi-session/set-active', { sessionToken: first })
    expect([changed.status, changed.body.user?.email, changed.body.session?.token]).toEqual([200, ann.email, first])
    expect(await current(browser)).toBe(ann.email)

    expect((await browser.post('/multi-session/revoke', { sessionToken: first })).body).toEqual({ status: true })
    expect([await current(browser), await emails(browser)]).toEqual([ben.email, [ben.email]])
    expect((await rows('session')).map(({ token }) => token)).toEqual([second])
    expect((await browser.post('/multi-session/revoke', { sessionToken: second })).body).toEqual({ status: true })
    expect([await current(browser), kept(browser), browser.cookies.size]).toEqual([undefined, [], 0])
  })

  it('end together when the device signs out', async () => {
    const { visit, rows } = await start({ plugins: [multiSession()] })
    const [browser, elsewhere] = [visit(), visit()]
    await browser.post('/sign-up/email', ann)
    await browser.post('/sign-up/email', ben)
    await elsewhere.post('/sign-in/email', ann)
    await browser.post('/sign-out')
    expect(await rows('session')).toHaveLength(1)
    expect([await current(elsewhere), browser.cookies.size]).toEqual([ann.email, 0])
  })
})

describe('a session on a device', () => {
  it('takes the place of an earlier one of the same user', async () => {
    const { browser, first, second, isAlive } = await startTwo()
    const third = String((await browser.post('/sign-in/email', ann)).body.token)
    expect([await isAlive(first), await isAlive(second), await isAlive(third)]).toEqual([false, true, true])
    expect(kept(browser).sort()).toEqual([cookieOf(second), cookieOf(third)].sort())
  })

  it('is kept for as long as its own cookie, also when it is extended', async () => {
    const { browser, clock, second } = await startTwo()
    clock.advance(2 * 86_400)
    const { setCookies } = await browser.get('/get-session')
    const attributes = (name: string) => setCookies[name]?.replace(/^[^;]*/, '')
    expect(attributes(cookieOf(second))).toBe('; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax')
    expect(attributes(cookieOf(second))).toBe(attributes('better-auth.session_token'))
    const forgetful = await browser.post('/sign-in/email', { ...ann, rememberMe: false })
    const name = cookieOf(String(forgetful.body.token))
    expect(forgetful.setCookies[name]).toMatch(/; Path=\/; HttpOnly; SameSite=Lax$/)
    expect(forgetful.setCookies[name]).not.toContain('Max-Age')
  })

  it('is one of five at most; a sixth is used without being kept', async () => {
    const { auth } = createTestAuth({ plugins: [multiSession()] })
    const browser = visit(auth)
    for (const person of people) await browser.post('/sign-up/email', person)
    expect(await emails(browser)).toEqual(people.slice(0, 5).map(({ email }) => email))
    expect(await current(browser)).toBe(people[6]?.email)
  })

  it('makes room when it is over', async () => {
    const { auth, clock } = createTestAuth({ plugins: [multiSession({ maximumSessions: 2 })] })
    const browser = visit(auth)
    for (const person of people.slice(0, 2)) await browser.post('/sign-up/email', person)
    clock.advance(8 * 86_400)
    expect(await emails(browser)).toEqual([])
    await browser.post('/sign-up/email', people[2])
    expect([await emails(browser), kept(browser).length]).toEqual([[people[2]?.email], 1])
  })

  it('that is over cannot become the current one, and is forgotten', async () => {
    const { browser, first, auth } = await startTwo()
    await auth.context.sessions.delete(first)
    const answer = await browser.post('/multi-session/set-active', { sessionToken: first })
    expect([answer.status, answer.body.code]).toEqual([401, 'INVALID_SESSION_TOKEN'])
    expect([kept(browser).length, await current(browser)]).toEqual([1, ben.email])
  })

  it('that the client is made to forget leaves the others alone', async () => {
    const { browser, second } = await startTwo()
    expect((await browser.post('/revoke-sessions')).body).toEqual({ status: true })
    expect(browser.cookies.has(cookieOf(second))).toBe(false)
    expect(await emails(browser)).toEqual([ann.email])
  })

  it('is there with the cookie cache, which belongs to the current one', async () => {
    const { browser, first, second } = await startTwo({}, { session: { cookieCache: { enabled: true, maxAge: 300 } } })
    for (const [token, email] of [
      [first, ann.email],
      [second, ben.email],
    ]) {
      await browser.post('/multi-session/set-active', { sessionToken: token })
      expect([await current(browser), await current(browser)]).toEqual([email, email])
    }
    const again = await browser.post('/sign-in/email', ben)
    expect(again.setCookies['better-auth.session_data']).toContain('Max-Age=300')
    expect(await current(browser)).toBe(ben.email)
  })

  it('costs get-session no query', async () => {
    const database = countingDatabase(memoryAdapter())
    const { browser } = await startTwo({}, { database })
    database.calls.length = 0
    await browser.get('/get-session')
    expect(database.calls).toEqual(['findOne session'])
  })

  it('has the other paths too', async () => {
    const { browser, first } = await startTwo()
    expect(JSON.parse((await browser.get('/multi-session/list')).text)).toHaveLength(2)
    expect((await browser.post('/multi-session/switch', { session_token: first })).body.user?.email).toBe(ann.email)
  })
})

describe('cookies that were not signed here are ignored [A7, control 36]', () => {
  const forgeries = (token: string): [name: string, value: string][] => {
    const name = cookieOf(token)
    return [
      [name, token],
      [name, `${token}.`],
      [name, `${token}.${'A'.repeat(43)}=`],
      [name, signValue(token, 'another-secret-another-secret-another-secret')],
      [name, signValue('another-token', secret)],
      [`${name}x`, signValue(token, secret)],
      [`x${name}`, signValue(token, secret)],
      ['better-auth.session_token_multi-', signValue(token, secret)],
      ['other.session_token_multi-', signValue(token, secret)],
      [`__Secure-${name}`, signValue(token, secret)],
      ['better-auth.session_token_multi-true', signValue('true', secret)],
    ]
  }

  it('a forged cookie neither lists, activates nor ends the session of another', async () => {
    const { auth, browser: victim, first, isAlive } = await startTwo()
    for (const [name, value] of forgeries(first)) {
      const thief = visit(auth)
      const email = `${crypto.randomUUID()}@example.com`
      await thief.post('/sign-up/email', { ...ann, email })
      thief.cookies.set(name, encodeURIComponent(value))
      expect([name, await emails(thief)]).toEqual([name, [email]])
      const activated = await thief.post('/multi-session/set-active', { sessionToken: first })
      expect([name, activated.status, activated.body.code]).toEqual([name, 401, 'INVALID_SESSION_TOKEN'])
      const revoked = await thief.post('/multi-session/revoke', { sessionToken: first })
      expect([name, revoked.status, revoked.body.code]).toEqual([name, 401, 'INVALID_SESSION_TOKEN'])
      expect((await thief.post('/sign-out')).status).toBe(200)
      expect([name, await isAlive(first)]).toEqual([name, true])
    }
    expect(await emails(victim)).toEqual([ann.email, ben.email])
  })

  it('nor do they take up room', async () => {
    const { auth } = createTestAuth({ plugins: [multiSession({ maximumSessions: 1 })] })
    const browser = visit(auth)
    for (let index = 0; index < 10; index++) browser.cookies.set(`better-auth.session_token_multi-x${index}`, 'x')
    await browser.post('/sign-up/email', ann)
    expect(await emails(browser)).toEqual([ann.email])
  })

  it('a token alone is of no use, and of another device neither', async () => {
    const { auth, first } = await startTwo()
    const stranger = visit(auth)
    expect((await stranger.post('/multi-session/set-active', { sessionToken: first })).status).toBe(401)
    expect((await stranger.post('/multi-session/revoke', { sessionToken: first })).body.code).toBe('UNAUTHORIZED')
    expect(await listed(stranger)).toEqual([])
    for (const sessionToken of ['', '__proto__', '../..', 'x'.repeat(513), 7, null, undefined, { $ne: null }]) {
      const { status } = await stranger.post('/multi-session/set-active', { sessionToken })
      expect([400, 401]).toContain(status)
    }
  })

  it('another site cannot change the session', async () => {
    const { browser, first } = await startTwo()
    const headers = { origin: 'https://evil.example' }
    const answer = await browser.post('/multi-session/set-active', { sessionToken: first }, { headers })
    expect([answer.status, answer.body.code]).toEqual([403, 'INVALID_ORIGIN'])
    expect(await current(browser)).toBe(ben.email)
  })
})

it('the official client changes between sessions', async () => {
  const { url } = await startServer({ plugins: [multiSession()] })
  const keepCookies = createCookieFetch({ url })
  const client = createAuthClient({
    baseURL: url,
    fetchOptions: {
      customFetchImpl: (input, init) => {
        const headers = new Headers(init?.headers)
        headers.set('origin', new URL(url).origin)
        return keepCookies(input, { ...init, headers })
      },
    },
    plugins: [multiSessionClient()],
  })
  const device = (client as unknown as { multiSession: DeviceClient }).multiSession
  const first = await client.signUp.email(ann)
  await client.signUp.email(ben)
  expect((await device.listDeviceSessions()).data?.map(({ user }) => user.email)).toEqual([ann.email, ben.email])
  const sessionToken = first.data?.token ?? ''
  expect((await device.setActive({ sessionToken })).data?.user.email).toBe(ann.email)
  expect((await client.getSession()).data?.user.email).toBe(ann.email)
  expect((await device.revoke({ sessionToken })).data).toEqual({ status: true })
  expect((await client.getSession()).data?.user.email).toBe(ben.email)
  expect((await device.setActive({ sessionToken })).error).toMatchObject({ status: 401, code: 'INVALID_SESSION_TOKEN' })
})

/** The client's calls, whose types come from the official server's plugin. */
interface DeviceClient {
  listDeviceSessions(): Promise<{ data: Listed | null }>
  setActive(input: { sessionToken: string }): Promise<{ data: Listed[number] | null; error: unknown }>
  revoke(input: { sessionToken: string }): Promise<{ data: unknown }>
}
