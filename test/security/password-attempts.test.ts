import { afterEach, describe, expect, it } from 'vitest'
import { type KerniaOptions, memoryStorage, mikroOrmAdapter, type RateLimitCounter } from '../../src/index.ts'
import { ann, type Clock, createClock, createTestAuth } from '../support/test-auth.ts'
import { visit } from '../support/visitor.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

type Given = Pick<KerniaOptions, 'rateLimit' | 'secondaryStorage' | 'database' | 'emailAndPassword'>

/** Where the failures are counted. */
const places: Record<string, (clock: Clock) => Given> = {
  memory: () => ({}),
  database: () => ({
    rateLimit: { enabled: true, storage: 'database' },
    database: mikroOrmAdapter({ url: 'sqlite::memory:' }),
  }),
  'secondary storage': clock => ({ secondaryStorage: memoryStorage(clock.now) }),
  'a store of the application that reads and writes': () => {
    const rows = new Map<string, RateLimitCounter>()
    const set = async (key: string, value: RateLimitCounter) => rows.set(key, value)
    return { rateLimit: { enabled: true, customStorage: { get: async key => rows.get(key), set } } }
  },
  'a store of the application that only consumes': () => ({
    rateLimit: { enabled: true, customStorage: { consume: async () => ({ allowed: true, retryAfter: null }) } },
  }),
}

async function start(given: (clock: Clock) => Given = () => ({})) {
  const clock = createClock()
  const { auth, inbox } = createTestAuth({
    rateLimit: { enabled: true },
    user: { deleteUser: { enabled: true } },
    clock: clock.now,
    ...given(clock),
  })
  closing.push(() => auth.close())
  if (auth.context.adapter.id !== 'memory') await auth.createSchema()
  const victim = visit(auth)
  const home = { socketAddress: '192.0.2.1' }
  expect((await victim.post('/sign-up/email', ann, home)).status).toBe(200)
  // Every attempt comes from another address, so that only the account's own count holds.
  let addresses = 0
  const from = () => ({ socketAddress: `198.51.100.${addresses++ % 250}` })
  const attempt = (email = ann.email, password = 'a wrong password') => {
    if (addresses % 200 === 0) clock.advance(11)
    return visit(auth).post('/sign-in/email', { email, password }, from())
  }
  const fail = async (count: number, email?: string) => {
    const statuses: number[] = []
    for (let i = 0; i < count; i++) statuses.push((await attempt(email)).status)
    return statuses
  }
  return { auth, clock, inbox, victim, home, attempt, fail }
}

const times = (count: number, status: number) => Array.from({ length: count }, () => status)

describe('a password that is guessed at [control 59]', () => {
  it('is told of, whether there is such a user or not', async () => {
    const { auth, fail } = await start()
    const heard: unknown[] = []
    auth.events.on('password.delayed', event => heard.push(event))
    await fail(11)
    await fail(11, 'nobody@example.com')
    await auth.context.events.settled()
    expect(heard).toEqual([
      { email: ann.email, userId: expect.any(String), retryAfter: 1 },
      { email: 'nobody@example.com', retryAfter: 1 },
    ])
  })
})

describe.each(Object.entries(places))('guessing at one password, counted in %s [control 59]', (_name, given) => {
  it('is slowed down more and more, wherever the guesses come from', async () => {
    const { attempt, fail, clock } = await start(given)
    expect(await fail(10)).toEqual(times(10, 401))
    const waits: number[] = []
    for (let i = 0; i < 9; i++) {
      const { status, headers, body } = await attempt()
      expect([status, body.code]).toEqual([429, 'RATE_LIMITED'])
      const wait = Number(headers.get('retry-after'))
      waits.push(wait)
      clock.advance(wait - 0.5)
      expect((await attempt()).status).toBe(429)
      clock.advance(0.6)
      expect((await attempt()).status).toBe(401)
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60])
  })

  it('is answered alike for an account that does not exist', async () => {
    const { attempt, fail } = await start(given)
    expect(await fail(10, 'nobody@example.com')).toEqual(times(10, 401))
    await fail(10)
    const [none, some] = [await attempt('nobody@example.com'), await attempt()]
    expect([none.status, none.text, [...none.headers]]).toEqual([some.status, some.text, [...some.headers]])
    expect(none.status).toBe(429)
    expect(Object.fromEntries(none.headers)).toMatchObject({
      ratelimit: '"password";r=0;t=1',
      'ratelimit-policy': '"password";q=10;w=3600',
    })
  })

  it('is forgotten by the right password', async () => {
    const { attempt, fail, clock } = await start(given)
    await fail(10)
    expect((await attempt(ann.email, ann.password)).status).toBe(429)
    clock.advance(1)
    expect((await attempt(ann.email, ann.password)).status).toBe(200)
    expect(await fail(10)).toEqual(times(10, 401))
    expect((await attempt()).headers.get('retry-after')).toBe('1')
  })

  it('is one count for every spelling of the address, and none for other accounts', async () => {
    const { attempt, fail } = await start(given)
    await fail(5, 'Ann@Example.com')
    await fail(5, 'ann@example.com')
    expect((await attempt('ANN@EXAMPLE.COM')).status).toBe(429)
    expect((await attempt('bob@example.com')).status).toBe(401)
  })
})

describe('guessing at one password', () => {
  it('at most 100 times an hour, however eagerly', async () => {
    const { attempt, clock } = await start()
    let failures = 0
    const end = clock.now().getTime() + 3_600_000
    while (clock.now().getTime() < end) {
      const { status, headers } = await attempt()
      if (status === 401) failures++
      else clock.advance(Number(headers.get('retry-after')))
    }
    expect(failures).toBeLessThanOrEqual(100)
    expect(failures).toBeGreaterThan(50)
  })

  it('cannot outrun the count by guessing at once', async () => {
    const { attempt } = await start()
    const answers = await Promise.all(Array.from({ length: 40 }, () => attempt()))
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(30)
  })

  it('does not lock its owner out where the owner has a session', async () => {
    const { fail, auth, home } = await start()
    await fail(10)
    const signIn = (options: object, password = ann.password) =>
      visit(auth).post('/sign-in/email', { ...ann, password }, options)
    expect((await signIn({ socketAddress: '203.0.113.1' })).status).toBe(429)
    expect((await signIn(home)).status).toBe(200)
    // The attacker's count is as it was.
    expect((await signIn({ socketAddress: '203.0.113.1' })).status).toBe(429)
  })

  it('is counted there as well, apart', async () => {
    const { fail, auth, home, clock } = await start()
    await fail(10)
    const statuses: number[] = []
    for (let i = 0; i < 12; i++) {
      statuses.push((await visit(auth).post('/sign-in/email', { ...ann, password: 'wrong' }, home)).status)
      // The limit of the address itself is not what this is about.
      if (i % 3 === 2) clock.advance(0)
      await auth.context.rateLimits.reset(['192.0.2.1|/sign-in/email'])
    }
    expect(statuses).toEqual([...times(10, 401), 429, 429])
  })

  it('is forgotten when the password is reset by mail', async () => {
    const { fail, attempt, auth, inbox, home } = await start()
    await fail(10)
    await visit(auth).post('/request-password-reset', { email: ann.email }, home)
    const { token } = await inbox.waitFor(ann.email)
    await visit(auth).post('/reset-password', { token, newPassword: 'a new password' }, home)
    expect((await attempt(ann.email, 'a new password')).status).toBe(200)
  })

  it('holds for the password that is asked for again, in one count with the sign-in', async () => {
    const { fail, victim, auth } = await start()
    await fail(5)
    const far = { socketAddress: '203.0.113.1' }
    for (let i = 0; i < 5; i++) {
      expect((await victim.post('/verify-password', { password: 'wrong' }, far)).status).toBe(400)
    }
    expect((await victim.post('/verify-password', { password: ann.password }, far)).status).toBe(429)
    const change = { currentPassword: 'wrong', newPassword: 'a new password' }
    expect((await victim.post('/change-password', change, far)).status).toBe(429)
    expect((await visit(auth).post('/sign-in/email', ann, far)).status).toBe(429)
    expect((await victim.post('/delete-user', { password: ann.password }, far)).status).toBe(429)
  })

  it('is forgotten in an hour', async () => {
    const { fail, attempt, clock } = await start()
    await fail(10)
    clock.advance(3600)
    expect(await fail(10)).toEqual(times(10, 401))
    expect((await attempt()).headers.get('retry-after')).toBe('1')
  })

  it('is counted where no address is known, too [control 58]', async () => {
    const { auth } = await start()
    const statuses: number[] = []
    for (let i = 0; i < 12; i++) {
      statuses.push((await visit(auth).post('/sign-in/email', { ...ann, password: 'wrong' })).status)
    }
    expect(statuses).toEqual([...times(10, 401), 429, 429])
    await expect(auth.caller().signIn.email({ ...ann, password: 'wrong' })).rejects.toMatchObject({
      authCode: 'RATE_LIMITED',
    })
  })

  it('is not counted when the database fails [control 61]', async () => {
    const { auth, attempt, fail } = await start()
    await fail(9)
    const { adapter } = auth.context
    const { findOne } = adapter
    const failure = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    Object.assign(adapter, { findOne: async () => Promise.reject(failure) })
    for (let i = 0; i < 20; i++) expect((await attempt()).status).toBe(503)
    Object.assign(adapter, { findOne })
    expect((await attempt()).status).toBe(401)
    expect((await attempt()).status).toBe(429)
  })

  it('is told to nobody who reads the counters', async () => {
    const storage = memoryStorage()
    const keys: string[] = []
    const { incrementBelow } = storage
    const secondaryStorage = {
      ...storage,
      incrementBelow: (key: string, bound: { max: number; ttl: number }) => {
        keys.push(key)
        return incrementBelow(key, bound)
      },
    }
    const { fail } = await start(() => ({ secondaryStorage }))
    await fail(2)
    expect(keys.filter(key => key.includes('password|'))).toHaveLength(2)
    expect(keys.join()).not.toContain('ann@')
  })

  it('can be left unlimited, and is where limits are off', async () => {
    const off = await start(() => ({ emailAndPassword: { failedAttempts: false } }))
    expect(await off.fail(30)).toEqual(times(30, 401))
    const disabled = await start(() => ({ rateLimit: { enabled: false } }))
    expect(await disabled.fail(30)).toEqual(times(30, 401))
  })

  it.each([
    [{ free: 90 }, 'allows'],
    [{ longestDelay: 20 }, 'allows'],
    [{ free: 1 }, 'at least 2'],
    [{ longestDelay: 0 }, 'positive'],
  ])('cannot be allowed more than 100 times an hour: %j', (failedAttempts, message) => {
    expect(() => createTestAuth({ emailAndPassword: { failedAttempts } })).toThrow(message)
  })
})
