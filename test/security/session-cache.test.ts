import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memoryStorage, mikroOrmAdapter, redisStorage, type SecondaryStorage } from '../../src/index.ts'
import { skipWithoutRedis, startRedis } from '../support/redis.ts'
import { secondStep } from '../support/second-step-plugin.ts'
import { ann, createClock, createTestAuth } from '../support/test-auth.ts'
import { type Visitor, visit } from '../support/visitor.ts'
import { everyRoute } from './every-route.ts'

const tokenName = 'better-auth.session_token'
const cacheName = 'better-auth.session_data'
const strategies = ['compact', 'jwt', 'jwe'] as const
const withCache = (strategy: (typeof strategies)[number]) => ({ session: { cookieCache: { enabled: true, strategy } } })

function copy(visitor: Visitor, into: Visitor): Visitor {
  for (const [name, value] of visitor.cookies) into.cookies.set(name, value)
  return into
}

describe.each(strategies)('a sign-in that waits for its second step (%s) [A11, control 17]', strategy => {
  const start = async () => {
    const test = createTestAuth({ plugins: [secondStep()], ...withCache(strategy) })
    const signUp = await visit(test.auth).post('/sign-up/email', { ...ann, secondStepOn: true })
    return { ...test, userId: String(signUp.body.user?.id) }
  }

  it('has no cookie at all before it is passed, and both afterwards', async () => {
    const { auth, userId } = await start()
    const browser = visit(auth)
    const challenged = await browser.post('/sign-in/email', ann)
    expect([challenged.body.secondStep, challenged.setCookies]).toEqual([true, {}])
    expect((await browser.get('/get-session')).text).toBe('null')
    const wrong = await browser.post('/sign-in/second-step', { userId, code: '000000' })
    expect([wrong.status, wrong.setCookies]).toEqual([401, {}])
    const passed = await browser.post('/sign-in/second-step', { userId, code: '123456' })
    expect(Object.keys(passed.setCookies)).toEqual([tokenName, cacheName])
    expect((await browser.get('/get-session')).body.user?.id).toBe(userId)
  })

  it("is not passed with another session's cache", async () => {
    const { auth } = await start()
    const eve = visit(auth)
    await eve.post('/sign-up/email', { ...ann, email: 'eve@example.com' })
    const browser = copy(eve, visit(auth))
    await browser.post('/sign-in/email', ann)
    expect((await browser.get('/get-session')).body.user?.email).toBe('eve@example.com')
  })
})

describe.each(strategies)('a token from before the sign-in (%s) [control 30]', strategy => {
  it('is not the one after it: every sign-in makes a new one, with a cache of its own', async () => {
    const { auth } = createTestAuth(withCache(strategy))
    const browser = visit(auth)
    const tokens = [(await browser.post('/sign-up/email', ann)).body.token]
    const caches = [browser.cookies.get(cacheName)]
    for (let i = 0; i < 3; i++) {
      tokens.push((await browser.post('/sign-in/email', ann)).body.token)
      caches.push(browser.cookies.get(cacheName))
      expect((await browser.get('/get-session')).body.session?.token).toBe(tokens.at(-1))
    }
    expect(new Set(tokens).size).toBe(4)
    expect(new Set(caches).size).toBe(4)
  })

  it('that was planted stays the session of who planted it', async () => {
    const { auth } = createTestAuth(withCache(strategy))
    await visit(auth).post('/sign-up/email', ann)
    const eve = visit(auth)
    await eve.post('/sign-up/email', { ...ann, email: 'eve@example.com' })
    const victim = copy(eve, visit(auth))
    await victim.post('/sign-in/email', ann)
    expect((await victim.get('/get-session')).body.user?.email).toBe(ann.email)
    expect((await eve.get('/get-session')).body.user?.email).toBe('eve@example.com')
    // Planted again beside the new session, the cache shows nobody else's user.
    victim.cookies.set(cacheName, eve.cookies.get(cacheName) ?? '')
    expect((await victim.get('/get-session')).body.user?.email).toBe(ann.email)
    victim.cookies.set(tokenName, eve.cookies.get(tokenName) ?? '')
    expect((await victim.get('/get-session')).body.user?.email).toBe('eve@example.com')
  })
})

describe.each(strategies)('a cache that was tampered with (%s) [control 35]', strategy => {
  it('changes nothing of what is answered, and is never an error of the server (property)', async () => {
    const { auth, log } = createTestAuth(withCache(strategy))
    const browser = visit(auth)
    await browser.post('/sign-up/email', ann)
    const [token, cached] = [browser.cookies.get(tokenName) ?? '', browser.cookies.get(cacheName) ?? '']
    const { text } = await browser.get('/get-session')
    const ascii = fc.stringMatching(/^[\x21-\x7e]{0,6}$/).map(part => part.replaceAll(/[;,]/g, ''))
    const property = fc.asyncProperty(fc.nat(), fc.nat(5), ascii, async (position, length, insertion) => {
      const at = position % (cached.length + 1)
      const changed = cached.slice(0, at) + insertion + cached.slice(at + length)
      const cookie = `${tokenName}=${token}; ${cacheName}=${changed}`
      const answer = await visit(auth).get('/get-session', { headers: { cookie } })
      expect([answer.status, answer.text]).toEqual([200, text])
    })
    await fc.assert(property, { numRuns: 300 })
    expect(log).toEqual([])
  })

  it('is no error of any procedure', async () => {
    const { auth, log } = createTestAuth(withCache(strategy))
    const browser = visit(auth)
    await browser.post('/sign-up/email', ann)
    const cookies = [`${cacheName}=garbage`, `${cacheName}.0=a; ${cacheName}.2=b`, `${cacheName}.0=%00`]
    for (const { method, path } of everyRoute(auth)) {
      for (const cache of cookies) {
        const headers = { cookie: `${tokenName}=${browser.cookies.get(tokenName)}x; ${cache}` }
        const stranger = visit(auth)
        const { status } =
          method === 'GET' ? await stranger.get(path, { headers }) : await stranger.post(path, {}, { headers })
        expect.soft(status, `${method} ${path}`).toBeLessThan(500)
      }
    }
    expect(log).toEqual([])
  })
})

function describeStorage(title: string, open: () => SecondaryStorage) {
  describe(`1,000 requests at a time after a revocation, on two nodes, ${title}, caches on [control 33]`, () => {
    const start = async () => {
      const clock = createClock()
      const database = mikroOrmAdapter({ url: 'sqlite::memory:' })
      const session = { cookieCache: { enabled: true, maxAge: 60 } }
      const here = createTestAuth({ database, secondaryStorage: open(), session, clock: clock.now })
      await here.auth.createSchema()
      const { adapter } = here.auth.context
      const there = createTestAuth({
        database: { connect: () => adapter },
        secondaryStorage: open(),
        session,
        clock: clock.now,
      })
      const owner = visit(here.auth)
      await owner.post('/sign-up/email', ann)
      const thief = visit(here.auth)
      await thief.post('/sign-in/email', ann)
      clock.advance(1)
      const all = async (call: (visitor: Visitor, index: number) => Promise<{ status: number; text: string }>) => {
        const answers = await Promise.all(
          Array.from({ length: 1000 }, (_, index) => {
            const node = index % 2 === 0 ? here : there
            return call(copy(thief, visit(node.auth)), index)
          }),
        )
        return answers.filter(({ status, text }) => status === 200 && text !== 'null').length
      }
      return { clock, owner, thief, all, there }
    }

    it('none that changes something or is sensitive succeeds, from the start', async () => {
      const { owner, all } = await start()
      await owner.post('/revoke-other-sessions')
      const paths = [
        '/update-user',
        '/revoke-other-sessions',
        '/revoke-sessions',
        '/revoke-session',
        '/verify-password',
      ]
      const succeeded = await all((visitor, index) =>
        visitor.post(paths[index % paths.length] as string, { name: 'Eve', token: 'x', password: ann.password }),
      )
      expect(succeeded).toBe(0)
      expect((await owner.get('/get-session?disableCookieCache=1')).body.user?.name).toBe('Ann')
    })

    it('none that reads succeeds once maxAge has passed, nor before that if it has lost the cache', async () => {
      const { owner, all, clock } = await start()
      await owner.post('/revoke-other-sessions')
      const bare = await all(visitor => {
        visitor.cookies.delete(cacheName)
        return visitor.get('/get-session')
      })
      expect(bare).toBe(0)
      expect(await all(visitor => visitor.get('/list-sessions?disableCookieCache=1'))).toBe(0)
      clock.advance(60)
      expect(await all(visitor => visitor.get('/get-session'))).toBe(0)
      expect(await all(visitor => visitor.get('/list-sessions'))).toBe(0)
    })

    it('none succeeds after a sign-out on the client itself', async () => {
      const { thief, all } = await start()
      await thief.post('/sign-out')
      expect(await all(visitor => visitor.get('/get-session'))).toBe(0)
    })
  })
}

const shared = memoryStorage()
describeStorage('storage in memory', () => shared)

describe.skipIf(skipWithoutRedis())('with Redis', () => {
  let server: Awaited<ReturnType<typeof startRedis>> | undefined
  const opened: SecondaryStorage[] = []
  beforeAll(async () => {
    server = await startRedis()
  })
  afterAll(async () => {
    for (const storage of opened) await storage.close?.()
    await server?.stop()
  })
  describeStorage('Redis', () => {
    if (!server) throw new Error('Redis is started before the tests')
    const storage = redisStorage(server.url)
    opened.push(storage)
    return storage
  })
})
