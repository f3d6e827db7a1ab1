import { expect, it } from 'vitest'
import { describeEveryInstance } from '../every-instance.ts'
import { openShop, tally, times } from './keys.ts'

describeEveryInstance('keys that are used at the same time [A40, control 80]', start => {
  const open = async (limits: object, options: object = {}) => {
    const shop = await openShop(options, { start })
    await shop.join('ann')
    const made = await shop.own.create({ userId: await shop.userId('ann'), ...limits })
    const atOnce = async (count: number) => tally(await Promise.all(times(count, () => shop.verdict(made.key))))
    const row = async () => (await shop.rows('apikey'))[0]
    return { ...shop, made, atOnce, row }
  }

  it('are used no more often than the window allows', async () => {
    const { atOnce, row, clock } = await open({ rateLimitMax: 10, rateLimitTimeWindow: 60_000 })
    expect(await atOnce(30)).toEqual({ ok: 10, RATE_LIMITED: 20 })
    expect((await row())?.requestCount).toBe(10)
    clock.advance(61)
    expect(await atOnce(30)).toEqual({ ok: 10, RATE_LIMITED: 20 })
  })

  it('are used no more often than uses are left, and are gone then', async () => {
    const { atOnce, row, verdict, made, rows } = await open({ remaining: 7, rateLimitEnabled: false })
    // Whoever comes when it is used up deletes it, and the rest find none.
    const { ok, USAGE_EXCEEDED = 0, INVALID_API_KEY = 0 } = await atOnce(25)
    expect([ok, USAGE_EXCEEDED + INVALID_API_KEY]).toEqual([7, 18])
    expect((await row())?.remaining ?? 0).toBe(0)
    expect(['USAGE_EXCEEDED', 'INVALID_API_KEY']).toContain(await verdict(made.key))
    expect(await rows('apikey')).toEqual([])
  })

  it('are refilled once', async () => {
    const limits = { remaining: 3, refillAmount: 5, refillInterval: 60_000, rateLimitEnabled: false }
    const { atOnce, row, clock } = await open(limits)
    expect(await atOnce(10)).toEqual({ ok: 3, USAGE_EXCEEDED: 7 })
    clock.advance(61)
    expect(await atOnce(20)).toEqual({ ok: 5, USAGE_EXCEEDED: 15 })
    expect((await row())?.remaining).toBe(0)
  })

  it('keep to both limits', async () => {
    const { atOnce, row } = await open({ remaining: 100, rateLimitMax: 6, rateLimitTimeWindow: 60_000 })
    expect(await atOnce(20)).toEqual({ ok: 6, RATE_LIMITED: 14 })
    expect(await row()).toMatchObject({ requestCount: 6, remaining: 94 })
  })

  it('keep everything that is stored with them', async () => {
    const metadata = { plan: 'pro', deep: [1, { two: null }] }
    const permissions = { files: ['read'] }
    const shop = await openShop({ enableMetadata: true }, { start })
    const ann = await shop.join('ann')
    const made = await shop.own.create({ userId: await shop.userId('ann'), metadata, permissions, expiresIn: 172_800 })
    expect(await shop.verdict(made.key)).toBe('ok')
    const read = await ann.get(`/api-key/get?id=${made.id}`)
    const { key: _key, ...shown } = JSON.parse(JSON.stringify(made)) as Record<string, unknown>
    const now = shop.clock.now().toISOString()
    expect(read.body).toEqual({ ...shown, requestCount: 1, lastRequest: now, updatedAt: now })
    expect(read.body).toMatchObject({ metadata, permissions })
  })
})
