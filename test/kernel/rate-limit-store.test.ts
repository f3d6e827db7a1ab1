import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryRateLimitStore } from '../../src/index.ts'
import { createClock } from '../support/test-auth.ts'

const limit = { window: 10, max: 3 }

function createLimited() {
  const store = memoryRateLimitStore()
  const clock = createClock()
  return { clock, call: (key = 'key', rule = limit) => store.consume(key, rule, clock.now()) }
}

describe('the counters of a rate limit', () => {
  it('allow so many calls, then tell when the next one may come', async () => {
    const { clock, call } = createLimited()
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
    const { clock, call } = createLimited()
    for (let i = 0; i < 3; i++) {
      await call()
      clock.advance(9)
    }
    expect(await call()).toEqual({ allowed: false, retryAfter: 1 })
    clock.advance(1.1)
    expect(await call()).toMatchObject({ allowed: true })
  })

  it('count every key alone', async () => {
    const { call } = createLimited()
    for (let i = 0; i < 3; i++) await call('one')
    expect(await call('one')).toMatchObject({ allowed: false })
    expect(await call('two')).toMatchObject({ allowed: true })
  })

  it('allow exactly so many of 50 at once', async () => {
    const { call } = createLimited()
    const verdicts = await Promise.all(Array.from({ length: 50 }, () => call('key', { window: 10, max: 7 })))
    expect(verdicts.filter(({ allowed }) => allowed)).toHaveLength(7)
  })

  it('never allow more than so many within one window (property)', async () => {
    const pauses = fc.array(fc.nat(15), { minLength: 1, maxLength: 60 })
    const property = fc.asyncProperty(pauses, fc.integer({ min: 1, max: 5 }), async (waits, max) => {
      const { clock, call } = createLimited()
      const allowedAt: number[] = []
      for (const wait of waits) {
        clock.advance(wait)
        const { allowed, retryAfter } = await call('key', { window: 10, max })
        if (allowed) allowedAt.push(clock.now().getTime())
        expect(retryAfter > 0).toBe(!allowed)
      }
      for (const start of allowedAt) {
        expect(allowedAt.filter(at => at >= start && at < start + 10_000).length).toBeLessThanOrEqual(max)
      }
    })
    await fc.assert(property)
  })

  it('are forgotten when they are over, and only then', async () => {
    const { clock, call } = createLimited()
    for (let i = 0; i < 3; i++) await call('kept', { window: 1000, max: 3 })
    clock.advance(500)
    for (let i = 0; i < 2500; i++) await call(`other ${i}`)
    expect(await call('kept', { window: 1000, max: 3 })).toMatchObject({ allowed: false, retryAfter: 500 })
  })

  it('of two stores do not see each other', async () => {
    const [one, two] = [createLimited(), createLimited()]
    for (let i = 0; i < 4; i++) await one.call()
    expect(await two.call()).toMatchObject({ allowed: true })
  })
})
