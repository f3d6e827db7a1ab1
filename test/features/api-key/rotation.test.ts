import { describe, expect, it } from 'vitest'
import type { ApiKeyConfiguration } from '../../../routers/api-key/index.ts'
import { memoryStorage } from '../../../src/index.ts'
import { describeEveryStorage } from '../../storage/every-storage.ts'
import { describeEveryInstance } from '../every-instance.ts'
import { type KeyShop, openShop, tally, times, told } from './keys.ts'

const DAY = 86_400

interface Made {
  id: string
  key: string
  expiresAt: string | null
  replaced: { id: string; expiresAt: string }
}

const made = ({ body }: { body: unknown }) => body as Made

/** The same for keys wherever they are. */
function rotates(open: (options?: ApiKeyConfiguration) => Promise<KeyShop>) {
  const start = async (limits: object = {}, options: ApiKeyConfiguration = {}) => {
    const shop = await open({ enableMetadata: true, ...options })
    const ann = await shop.join('ann')
    const key = await shop.own.create({ userId: await shop.userId('ann'), ...limits })
    const rotate = (keyId: string, overlap?: number) => ann.post('/api-key/rotate', { keyId, overlap })
    return { ...shop, ann, key, rotate }
  }

  it('both work until the overlap is over, then the new one alone [control 80]', async () => {
    const limits = { name: 'CI', prefix: 'ci_', permissions: { files: ['read'] }, metadata: { team: 'a' } }
    const { key, rotate, verdict, clock, ann } = await start(limits)
    const answer = await rotate(key.id, 3600)
    expect(answer.status).toBe(200)
    const next = made(answer)
    expect(next).toMatchObject({ ...limits, expiresAt: null, enabled: true, referenceId: key.referenceId })
    expect(next.key).toMatch(/^ci_[a-zA-Z]{64}$/)
    expect(next.key).not.toBe(key.key)
    const end = new Date(clock.now().getTime() + 3_600_000).toISOString()
    expect(next.replaced).toEqual({ id: key.id, expiresAt: end })
    const read = await ann.get(`/api-key/get?id=${key.id}`)
    expect(read.body).toMatchObject({ successorId: next.id, expiresAt: end, name: 'CI' })
    const reads = [read.text, (await ann.get(`/api-key/get?id=${next.id}`)).text, (await ann.get('/api-key/list')).text]
    for (const text of reads) expect(text).not.toContain(next.key)
    expect(await Promise.all([verdict(key.key), verdict(next.key)])).toEqual(['ok', 'ok'])
    clock.advance(3601)
    expect(['KEY_EXPIRED', 'INVALID_API_KEY']).toContain(await verdict(key.key))
    expect(await verdict(next.key, { permissions: { files: ['read'] } })).toBe('ok')
    expect(await verdict(next.key, { permissions: { files: ['write'] } })).toBe('KEY_NOT_FOUND')
  })

  it('an overlap of nothing ends the old one at once [control 80]', async () => {
    const { key, rotate, verdict, ann } = await start()
    const next = made(await rotate(key.id, 0))
    expect([await verdict(key.key), await verdict(next.key)]).toEqual(['INVALID_API_KEY', 'ok'])
    expect((await ann.get('/api-key/list')).body).toMatchObject({ total: 1, apiKeys: [{ id: next.id }] })
    expect(told(await rotate(key.id, 0))).toBe('404 KEY_NOT_FOUND')
  })

  it.each([0, 600])('of those at once one makes a successor (overlap %i) [control 80]', async overlap => {
    const { key, rotate, verdict, ann } = await start()
    const answers = await Promise.all(times(8, () => rotate(key.id, overlap)))
    const refusal = overlap === 0 ? '404 KEY_NOT_FOUND' : '409 KEY_ALREADY_ROTATED'
    expect(tally(answers.map(told))).toEqual({ 200: 1, [refusal]: 7 })
    const next = made(answers.find(({ status }) => status === 200) as { body: unknown })
    expect(await verdict(next.key)).toBe('ok')
    expect((await ann.get('/api-key/list')).body.total).toBe(overlap === 0 ? 1 : 2)
  })

  it('old and new together are used no more often than one was to be, also while it is rotated [A40, control 80]', async () => {
    const { key, rotate, verdict } = await start({ remaining: 12, rateLimitEnabled: false })
    const [before, rotated, besides] = await Promise.all([
      Promise.all(times(5, () => verdict(key.key))),
      rotate(key.id, 600),
      verdict(key.key),
    ])
    expect(tally([...before, besides])).toEqual({ ok: 6 })
    const next = made(rotated)
    const both = await Promise.all(times(10, index => verdict(index % 2 === 0 ? key.key : next.key)))
    const { ok, USAGE_EXCEEDED = 0, INVALID_API_KEY = 0 } = tally(both)
    // Whoever finds it used up deletes it.
    expect([ok, USAGE_EXCEEDED + INVALID_API_KEY]).toEqual([6, 4])
    expect(await verdict(key.key)).not.toBe('ok')
  })

  it('a window of uses goes on: rotating does not begin it anew [A40, control 80]', async () => {
    const { key, rotate, verdict, clock } = await start({ rateLimitMax: 4, rateLimitTimeWindow: 60_000 })
    expect(tally(await Promise.all(times(3, () => verdict(key.key))))).toEqual({ ok: 3 })
    const next = made(await rotate(key.id, 600))
    const both = await Promise.all(times(6, index => verdict(index % 2 === 0 ? key.key : next.key)))
    expect(tally(both)).toEqual({ ok: 1, RATE_LIMITED: 5 })
    clock.advance(61)
    expect(await verdict(key.key)).toBe('ok')
  })

  it('a refill is due when it would have been [control 80]', async () => {
    const limits = { remaining: 1, refillAmount: 2, refillInterval: 60_000, rateLimitEnabled: false }
    const { key, rotate, verdict, clock } = await start(limits)
    expect(await verdict(key.key)).toBe('ok')
    clock.advance(50)
    const next = made(await rotate(key.id, 600))
    expect(await verdict(next.key)).toBe('USAGE_EXCEEDED')
    clock.advance(11)
    expect([await verdict(key.key), await verdict(next.key), await verdict(next.key)]).toEqual([
      'ok',
      'ok',
      'USAGE_EXCEEDED',
    ])
  })

  it('the old one never ends later than it was to end, whoever changes it [control 80]', async () => {
    const { key, rotate, verdict, clock, ann, own } = await start({ expiresIn: 2 * DAY })
    clock.advance(2 * DAY - 100)
    const next = made(await rotate(key.id, 3600))
    const end = new Date(clock.now().getTime() + 100_000).toISOString()
    expect(next.replaced.expiresAt).toBe(end)
    // As long as the old one was to live.
    expect(next.expiresAt).toBe(new Date(clock.now().getTime() + 2 * DAY * 1000).toISOString())
    const refused = await ann.post('/api-key/update', { keyId: key.id, expiresIn: 30 * DAY })
    expect(told(refused)).toBe('409 KEY_ALREADY_ROTATED')
    const userId = String(key.referenceId)
    await expect(own.update({ keyId: key.id, userId, expiresIn: null })).rejects.toMatchObject({
      authCode: 'KEY_ALREADY_ROTATED',
    })
    expect((await ann.get(`/api-key/get?id=${key.id}`)).body.expiresAt).toBe(end)
    clock.advance(101)
    expect(await verdict(key.key)).not.toBe('ok')
    expect(await verdict(next.key)).toBe('ok')
  })

  it('the old one works no longer than its successor, and can be stopped by itself [control 80]', async () => {
    const { key, rotate, verdict, ann } = await start()
    const next = made(await rotate(key.id, 600))
    await ann.post('/api-key/update', { keyId: next.id, enabled: false })
    expect(await verdict(key.key)).not.toBe('ok')
    await ann.post('/api-key/update', { keyId: next.id, enabled: true })
    expect(await verdict(key.key)).toBe('ok')
    await ann.post('/api-key/update', { keyId: key.id, enabled: false })
    expect([await verdict(key.key), await verdict(next.key)]).toEqual(['KEY_DISABLED', 'ok'])
    await ann.post('/api-key/update', { keyId: key.id, enabled: true })
    const last = made(await rotate(next.id, 0))
    expect(await Promise.all([key, next, last].map(each => verdict(each.key)))).toEqual([
      'INVALID_API_KEY',
      'INVALID_API_KEY',
      'ok',
    ])
  })

  it('its last use is noted, of the old one too: so one sees who has not changed yet [control 80]', async () => {
    const { key, rotate, verdict, clock, ann } = await start({ rateLimitEnabled: false })
    const next = made(await rotate(key.id, 600))
    clock.advance(5)
    expect(await verdict(key.key)).toBe('ok')
    const lastRequest = async (id: string) => (await ann.get(`/api-key/get?id=${id}`)).body.lastRequest
    expect(await lastRequest(key.id)).toBe(clock.now().toISOString())
    const then = await lastRequest(key.id)
    clock.advance(5)
    expect(await verdict(next.key)).toBe('ok')
    expect([await lastRequest(key.id), await lastRequest(next.id)]).toEqual([then, clock.now().toISOString()])
  })
}

describeEveryInstance('rotating a key', start => rotates(options => openShop(options, { start })))

for (const fallbackToDatabase of [false, true]) {
  describeEveryStorage(`rotating a key in a storage ${fallbackToDatabase ? 'before the database' : 'alone'}`, open => {
    rotates(async options => {
      const { storage } = open()
      const where = { storage: 'secondary-storage', fallbackToDatabase, deferUpdates: true } as const
      const session = { storeSessionInDatabase: true }
      return openShop({ ...where, ...options }, { secondaryStorage: storage, session })
    })
  })
}

describe('the last use of a rotated key [control 80]', () => {
  const cached = { storage: 'secondary-storage', fallbackToDatabase: true } as const
  it.each([{}, cached])('is noted also where none of its successor is (%o)', async options => {
    const shop = await openShop(options, { secondaryStorage: memoryStorage() })
    const ann = await shop.join('ann')
    const first = made(await ann.post('/api-key/create', {}))
    const where = [{ field: 'id', value: first.id }]
    // A limit without a window: there is nothing to count, and no time to note for it.
    await shop.auth.context.adapter.update({ model: 'apikey', where, update: { rateLimitTimeWindow: null } })
    const next = made(await ann.post('/api-key/rotate', { keyId: first.id }))
    shop.clock.advance(5)
    expect((await shop.own.verify({ key: first.key })).key).toMatchObject({ lastRequest: shop.clock.now() })
    const lastRequest = async (id: string) => (await ann.get(`/api-key/get?id=${id}`)).body.lastRequest
    expect([await lastRequest(first.id), await lastRequest(next.id)]).toEqual([shop.clock.now().toISOString(), null])
  })
})

describe('who may not rotate a key [control 80]', () => {
  it('whoever has no session, another user, and a key', async () => {
    const shop = await openShop({ enableSessionForAPIKeys: true })
    const [ann, ben] = [await shop.join('ann'), await shop.join('ben')]
    const { id: keyId, key } = made(await ann.post('/api-key/create', {}))
    const headers = { 'x-api-key': key }
    expect(told(await shop.visit().post('/api-key/rotate', { keyId }))).toBe('401 UNAUTHORIZED_SESSION')
    expect(told(await ben.post('/api-key/rotate', { keyId }))).toBe('404 KEY_NOT_FOUND')
    expect(told(await ben.post('/api-key/rotate', { keyId, userId: await shop.userId('ann') }))).toBe(
      '401 UNAUTHORIZED_SESSION',
    )
    expect(told(await shop.visit().post('/api-key/rotate', { keyId }, { headers }))).toBe('403 SIGN_IN_REQUIRED')
    expect(await shop.rows('apikey')).toMatchObject([{ id: keyId, successorId: null, expiresAt: null }])
  })

  it('a session that is in a cache only', async () => {
    const shop = await openShop({}, { session: { cookieCache: { enabled: true, maxAge: 3600 } } })
    const ann = await shop.join('ann')
    const { id: keyId } = made(await ann.post('/api-key/create', {}))
    await ann.get('/get-session')
    await shop.auth.context.adapter.deleteMany({ model: 'session', where: [] })
    expect(told(await ann.post('/api-key/rotate', { keyId }))).toBe('401 UNAUTHORIZED_SESSION')
    expect(await shop.rows('apikey')).toMatchObject([{ successorId: null }])
  })

  it('nobody a key that is over, or for longer than the options allow', async () => {
    const shop = await openShop({ keyRotation: { defaultOverlap: 60, maxOverlap: 120 } })
    const ann = await shop.join('ann')
    const first = made(await ann.post('/api-key/create', { expiresIn: DAY }))
    const rotate = (body: object) => ann.post('/api-key/rotate', body)
    expect(told(await rotate({ keyId: first.id, overlap: 121 }))).toBe('400 OVERLAP_IS_TOO_LARGE')
    for (const overlap of [-1, 1.5, 1e300, 'long', null]) {
      expect(told(await rotate({ keyId: first.id, overlap }))).toBe('400 VALIDATION_ERROR')
    }
    const next = made(await rotate({ keyId: first.id }))
    expect(next.replaced.expiresAt).toBe(new Date(shop.clock.now().getTime() + 60_000).toISOString())
    const spent = await shop.own.create({ userId: await shop.userId('ann'), remaining: 1 })
    expect(await shop.verdict(spent.key)).toBe('ok')
    shop.clock.advance(DAY + 1)
    for (const keyId of [next.id, spent.id, 'unknown']) expect(told(await rotate({ keyId }))).toBe('404 KEY_NOT_FOUND')
    await expect(openShop({ keyRotation: { defaultOverlap: 5, maxOverlap: 1 } })).rejects.toThrow('keyRotation')
  })

  it('nobody longer than the application said: where it alone says how long, a client moves no end', async () => {
    const keyExpiration = { defaultExpiresIn: 100, disableCustomExpiresTime: true }
    const shop = await openShop({ keyExpiration })
    const ann = await shop.join('ann')
    const first = made(await ann.post('/api-key/create', {}))
    shop.clock.advance(90)
    const next = made(await ann.post('/api-key/rotate', { keyId: first.id, overlap: 5 }))
    expect(next.expiresAt).toBe(first.expiresAt)
    const caller = shop.auth.caller() as unknown as { apiKey: { rotate(input: object): Promise<{ expiresAt: Date }> } }
    const last = await caller.apiKey.rotate({ keyId: next.id, userId: await shop.userId('ann') })
    expect(last.expiresAt).toEqual(new Date(shop.clock.now().getTime() + 100_000))
  })

  it('nobody longer than anybody may wish for, however often the end was moved', async () => {
    const shop = await openShop({ keyExpiration: { maxExpiresIn: 3 } })
    const ann = await shop.join('ann')
    const { id: keyId } = made(await ann.post('/api-key/create', { expiresIn: 3 * DAY }))
    shop.clock.advance(2 * DAY)
    await shop.own.update({ keyId, userId: await shop.userId('ann'), expiresIn: 3 * DAY })
    shop.clock.advance(DAY)
    const next = made(await ann.post('/api-key/rotate', { keyId }))
    expect(next.expiresAt).toBe(new Date(shop.clock.now().getTime() + 3 * DAY * 1000).toISOString())
  })

  it('and when the write fails, nothing has happened', async () => {
    const shop = await openShop()
    const ann = await shop.join('ann')
    const first = made(await ann.post('/api-key/create', {}))
    const before = await shop.rows('apikey')
    const { adapter } = shop.auth.context
    const { update } = adapter
    adapter.update = async write => {
      if (write.model === 'apikey') throw new Error('the disk is full')
      return update.call(adapter, write)
    }
    expect((await ann.post('/api-key/rotate', { keyId: first.id })).status).toBe(500)
    adapter.update = update
    expect(await shop.rows('apikey')).toEqual(before)
    expect(await shop.verdict(first.key)).toBe('ok')
  })
})

describe('rotating a key tells the application [control 16]', () => {
  it('which key has taken the place of which', async () => {
    const shop = await openShop()
    const heard: object[] = []
    const ann = await shop.join('ann')
    const { id: apiKeyId } = made(await ann.post('/api-key/create', {}))
    shop.auth.events.on('apiKey.created', event => void heard.push({ created: event }))
    shop.auth.events.on('apiKey.rotated', event => void heard.push({ rotated: event }))
    const next = made(await ann.post('/api-key/rotate', { keyId: apiKeyId, overlap: 60 }))
    const owner = { referenceId: await shop.userId('ann'), references: 'user' }
    const endsAt = new Date(shop.clock.now().getTime() + 60_000)
    expect(heard).toEqual([
      { created: { apiKeyId: next.id, ...owner } },
      { rotated: { apiKeyId, successorId: next.id, endsAt, ...owner } },
    ])
  })
})
