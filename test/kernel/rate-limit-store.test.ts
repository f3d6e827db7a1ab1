import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RATE_LIMIT_MODEL, resolveFullSchema } from '../../entities/index.ts'
import {
  type CustomRateLimitStorage,
  completeStorage,
  memoryRateLimitStore,
  memoryStorage,
  type RateLimitCounter,
  type RateLimitStore,
} from '../../src/index.ts'
import { customRateLimitStore } from '../../src/rate-limit/custom.ts'
import { databaseRateLimitStore } from '../../src/rate-limit/database.ts'
import { secondaryRateLimitStore } from '../../src/rate-limit/secondary.ts'
import { describeEveryStorage } from '../storage/every-storage.ts'
import { describeEveryDatabase, type OpenDatabase } from '../support/every-database.ts'
import { type Clock, createClock } from '../support/test-auth.ts'

const limit = { window: 10, max: 3 }
const keyed = () => `192.0.2.1|/${crypto.randomUUID()}`

function limited(store: RateLimitStore, clock: Clock = createClock()) {
  const call = (key = 'key', rule = limit) => store.consume(key, rule, clock.now())
  const allowedOf = async (count: number, key: string, rule = limit) => {
    const verdicts = await Promise.all(Array.from({ length: count }, () => call(key, rule)))
    return verdicts.filter(({ allowed }) => allowed).length
  }
  return { store, clock, call, allowedOf }
}

async function openDatabaseStore(open: OpenDatabase) {
  const adapter = (await open()).connect(resolveFullSchema(RATE_LIMIT_MODEL, []))
  await adapter.createSchema()
  const swept: Promise<unknown>[] = []
  const store = databaseRateLimitStore({
    adapter,
    newId: () => crypto.randomUUID(),
    background: task => void swept.push(task()),
    longestWindow: 60,
  })
  return { adapter, store, swept: () => Promise.all(swept) }
}

/** What holds for every store whose window is measured from the last allowed call. */
function sameEverywhere(create: () => Promise<ReturnType<typeof limited>> | ReturnType<typeof limited>): void {
  it('allow so many calls, then tell when the next one may come', async () => {
    const { clock, call } = await create()
    for (let i = 0; i < 3; i++) expect(await call()).toEqual({ allowed: true, retryAfter: 0 })
    expect(await call()).toEqual({ allowed: false, retryAfter: 10 })
    clock.advance(3.5)
    expect(await call()).toEqual({ allowed: false, retryAfter: 7 })
    clock.advance(6.4)
    expect(await call()).toEqual({ allowed: false, retryAfter: 1 })
    clock.advance(0.2)
    expect(await call()).toEqual({ allowed: true, retryAfter: 0 })
  })

  it('begin the window anew with every allowed call, and with no refused one', async () => {
    const { clock, call } = await create()
    for (let i = 0; i < 3; i++) {
      await call()
      clock.advance(9)
    }
    expect(await call()).toEqual({ allowed: false, retryAfter: 1 })
    clock.advance(1.1)
    expect(await call()).toMatchObject({ allowed: true })
  })

  it('count every key alone, tell how many there were, and forget when told to', async () => {
    const { call, store, clock } = await create()
    for (let i = 0; i < 3; i++) await call('one')
    expect(await call('one')).toMatchObject({ allowed: false })
    expect(await call('two')).toMatchObject({ allowed: true })
    expect(await Promise.all(['one', 'two', 'none'].map(key => store.count(key, 10, clock.now())))).toEqual([3, 1, 0])
    await store.reset(['one', 'none'])
    expect(await store.count('one', 10, clock.now())).toBe(0)
    expect(await call('one')).toMatchObject({ allowed: true })
    expect(await store.count('two', 10, clock.now())).toBe(1)
    clock.advance(10)
    expect(await store.count('two', 10, clock.now())).toBe(0)
  })

  it('never allow more than so many within one window (property)', async () => {
    const pauses = fc.array(fc.nat(15), { minLength: 1, maxLength: 30 })
    const { clock, call } = await create()
    const property = fc.asyncProperty(pauses, fc.integer({ min: 1, max: 5 }), async (waits, max) => {
      const key = keyed()
      const allowedAt: number[] = []
      for (const wait of waits) {
        clock.advance(wait)
        const { allowed, retryAfter } = await call(key, { window: 10, max })
        if (allowed) allowedAt.push(clock.now().getTime())
        expect(retryAfter > 0).toBe(!allowed)
      }
      for (const start of allowedAt) {
        expect(allowedAt.filter(at => at >= start && at < start + 10_000).length).toBeLessThanOrEqual(max)
      }
    })
    await fc.assert(property, { numRuns: 20 })
  })
}

/** What holds for every store that counts in one step. */
function exactAtOnce(create: () => Promise<ReturnType<typeof limited>> | ReturnType<typeof limited>): void {
  it.each([1, 3, 20])(
    'allow exactly %i of many at once, in the first window and the next [A40, control 56]',
    async max => {
      const { allowedOf, clock } = await create()
      const key = keyed()
      expect(await allowedOf(max + 30, key, { window: 10, max })).toBe(max)
      clock.advance(10.1)
      expect(await allowedOf(max + 30, key, { window: 10, max })).toBe(max)
    },
  )
}

describe('the counters of a rate limit in memory', () => {
  const create = () => limited(memoryRateLimitStore())
  sameEverywhere(create)
  exactAtOnce(create)

  it('are forgotten when they are over, and only then', async () => {
    const { clock, call } = create()
    for (let i = 0; i < 3; i++) await call('kept', { window: 1000, max: 3 })
    clock.advance(500)
    for (let i = 0; i < 2500; i++) await call(`other ${i}`)
    expect(await call('kept', { window: 1000, max: 3 })).toMatchObject({ allowed: false, retryAfter: 500 })
  })

  it('cannot fill the memory: those that were idle longest go', async () => {
    const { call } = create()
    for (let i = 0; i < 3; i++) await call('first')
    for (let i = 0; i < 100_000; i++) await call(`other ${i}`)
    expect(await call('first')).toMatchObject({ allowed: true })
    expect(await call('other 99999', { window: 10, max: 1 })).toMatchObject({ allowed: false })
  })

  it('of two stores do not see each other', async () => {
    const [one, two] = [create(), create()]
    for (let i = 0; i < 4; i++) await one.call()
    expect(await two.call()).toMatchObject({ allowed: true })
  })
})

describeEveryDatabase('the counters of a rate limit in the database', open => {
  const create = async () => limited((await openDatabaseStore(open)).store)
  sameEverywhere(create)
  exactAtOnce(create)

  it('are swept when their window is over', async () => {
    const { adapter, store, swept } = await openDatabaseStore(open)
    const { clock, call } = limited(store)
    await call('old')
    clock.advance(50)
    await call('young')
    clock.advance(11)
    await call('new')
    await swept()
    const rows = await adapter.findMany({ model: 'rateLimit', where: [] })
    expect(rows.map(({ key }) => key).sort()).toEqual(['new', 'young'])
  })

  it('are kept as long as the longest window that was asked for', async () => {
    const { adapter, store, swept } = await openDatabaseStore(open)
    const { clock, call } = limited(store)
    await call('long', { window: 500, max: 1 })
    clock.advance(300)
    await call('new')
    await swept()
    expect(await adapter.count({ model: 'rateLimit' })).toBe(2)
    expect(await call('long', { window: 500, max: 1 })).toMatchObject({ allowed: false, retryAfter: 200 })
  })
})

describe('the counters of a rate limit in a storage whose clock the test moves', () => {
  const create = () => {
    const clock = createClock()
    return limited(secondaryRateLimitStore(memoryStorage(clock.now)), clock)
  }
  sameEverywhere(create)
  exactAtOnce(create)

  it('begin with the first call where the storage can only count', async () => {
    const clock = createClock()
    const { get, set, delete: remove, increment } = memoryStorage(clock.now)
    const { call, allowedOf } = limited(
      secondaryRateLimitStore(completeStorage({ get, set, delete: remove, increment })),
      clock,
    )
    expect(await allowedOf(40, 'many', { window: 10, max: 7 })).toBe(7)
    for (let i = 0; i < 3; i++) {
      await call()
      clock.advance(3)
    }
    expect(await call()).toEqual({ allowed: false, retryAfter: 10 })
    clock.advance(1.1)
    expect(await call()).toMatchObject({ allowed: true })
  })
})

describeEveryStorage('the counters of a rate limit', (open, name) => {
  const create = () => limited(secondaryRateLimitStore(open().storage))

  it('are shared by all processes, and tell when the next call may come', async () => {
    const { storage, again } = open()
    const [one, two] = [limited(secondaryRateLimitStore(storage)), limited(secondaryRateLimitStore(again()))]
    expect([(await one.call()).allowed, (await two.call()).allowed, (await one.call()).allowed]).toEqual([
      true,
      true,
      true,
    ])
    for (const { call } of [one, two]) {
      const { allowed, retryAfter } = await call()
      expect(allowed).toBe(false)
      expect(retryAfter).toBeGreaterThan(8)
      expect(retryAfter).toBeLessThanOrEqual(10)
    }
    expect(await two.store.count('key', 10, new Date())).toBe(3)
    await one.store.reset(['key'])
    expect(await two.call()).toMatchObject({ allowed: true })
  })

  it('end by themselves, a window after the last allowed call', async () => {
    const { call } = create()
    const rule = { window: 0.4, max: 2 }
    const wait = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))
    await call('key', rule)
    expect(await call('key', rule)).toMatchObject({ allowed: true })
    expect(await call('key', rule)).toEqual({ allowed: false, retryAfter: 1 })
    await wait(450)
    expect(await call('key', rule)).toMatchObject({ allowed: true })
  })

  // Reading and then writing cannot be one step.
  if (name !== 'minimal') {
    it.each([1, 3, 20])('allow exactly %i of many at once, from two processes [A40, control 56]', async max => {
      const { storage, again } = open()
      const stores = [storage, again()].map(each => secondaryRateLimitStore(each))
      const calls = Array.from({ length: max + 30 }, (_, index) =>
        stores[index % 2]?.consume('key', { window: 60, max }, new Date()),
      )
      expect((await Promise.all(calls)).filter(verdict => verdict?.allowed)).toHaveLength(max)
    })
  }
})

describe('a store of the application', () => {
  const readingAndWriting = () => {
    const rows = new Map<string, RateLimitCounter>()
    const updates: (boolean | undefined)[] = []
    const storage: CustomRateLimitStorage = {
      get: async key => rows.get(key),
      set: async (key, value, update) => {
        updates.push(update)
        rows.set(key, value)
      },
    }
    return { storage, rows, updates }
  }

  describe('that reads and writes (Better Auth 1.6)', () => {
    sameEverywhere(() => limited(customRateLimitStore(readingAndWriting().storage)))

    it('is given what Better Auth gives it', async () => {
      const { storage, rows, updates } = readingAndWriting()
      const { call, clock } = limited(customRateLimitStore(storage))
      for (let i = 0; i < 5; i++) await call()
      expect([...rows.values()]).toEqual([{ key: 'key', count: 3, lastRequest: clock.now().getTime() }])
      expect(updates).toEqual([false, true, true])
    })
  })

  it('that consumes (Better Auth 1.7) is asked once for each call, and its word counts', async () => {
    const asked: unknown[] = []
    const { call } = limited(
      customRateLimitStore({
        consume: async (key, rule) => {
          asked.push([key, rule])
          return asked.length > 1 ? { allowed: false, retryAfter: null } : { allowed: true, retryAfter: null }
        },
      }),
    )
    expect([await call(), await call()]).toEqual([
      { allowed: true, retryAfter: 0 },
      { allowed: false, retryAfter: 10 },
    ])
    expect(asked).toEqual([
      ['key', limit],
      ['key', limit],
    ])
  })
})
