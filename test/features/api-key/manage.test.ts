import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { apiKey } from '../../../routers/api-key/index.ts'
import { openShop, told } from './keys.ts'

const DAY = 86_400

describe('a key', () => {
  it('is shown once, and stored as its hash [control 80]', async () => {
    const { join, rows } = await openShop({ defaultPrefix: 'acme_' })
    const ann = await join('ann')
    const made = await ann.post('/api-key/create', { name: 'Laptop' })
    const key = String(made.body.key)
    expect(key).toMatch(/^acme_[a-zA-Z]{64}$/)
    expect(made.body).toMatchObject({ name: 'Laptop', prefix: 'acme_', start: key.slice(0, 6), enabled: true })
    const [row] = await rows('apikey')
    expect(row?.key).toBe(createHash('sha256').update(key).digest('base64url'))
    expect(JSON.stringify(await rows('apikey'))).not.toContain(key)
    for (const path of [`/api-key/get?id=${made.body.id}`, '/api-key/list']) {
      const { text } = await ann.get(path)
      expect(text).toContain(String(made.body.id))
      expect(text).not.toContain(key)
      expect(text).not.toContain(String(row?.key))
    }
  })

  it('of each user is different', async () => {
    const { join } = await openShop()
    const ann = await join('ann')
    const keys = new Set<unknown>()
    for (let made = 0; made < 50; made += 1) keys.add((await ann.post('/api-key/create', {})).body.key)
    expect(keys.size).toBe(50)
  })

  it('can be stored as it is, be given a form of its own, and have no beginning that is shown', async () => {
    const { join, rows, verdict } = await openShop({
      disableKeyHashing: true,
      customKeyGenerator: ({ length, prefix }) => `${prefix}-${'k'.repeat(length)}`,
      startingCharactersConfig: { shouldStore: false },
    })
    const ann = await join('ann')
    const made = await ann.post('/api-key/create', { prefix: 'mine' })
    expect(made.body).toMatchObject({ key: `mine-${'k'.repeat(64)}`, start: null })
    expect((await rows('apikey'))[0]?.key).toBe(made.body.key)
    expect(await verdict(String(made.body.key))).toBe('ok')
  })

  it('made by an older version of Better Auth is read: metadata twice in JSON, no kind', async () => {
    const { join, userId, auth, clock } = await openShop({ enableMetadata: true })
    const ann = await join('ann')
    const now = clock.now()
    const data = { id: 'old', configId: '', key: 'x', referenceId: await userId('ann'), createdAt: now, updatedAt: now }
    const metadata = JSON.stringify({ plan: 'pro' })
    await auth.context.adapter.create({ model: 'apikey', data: { ...data, metadata } })
    expect((await ann.get('/api-key/get?id=old')).body).toMatchObject({ id: 'old', metadata: { plan: 'pro' } })
  })

  it('tells the application that it came and went [control 16]', async () => {
    const { join, auth, userId } = await openShop()
    const heard: object[] = []
    auth.events.on('apiKey.created', event => void heard.push({ created: event }))
    auth.events.on('apiKey.deleted', event => void heard.push({ deleted: event }))
    const ann = await join('ann')
    const { id: apiKeyId } = (await ann.post('/api-key/create', {})).body
    await ann.post('/api-key/delete', { keyId: apiKeyId })
    const event = { apiKeyId, referenceId: await userId('ann'), references: 'user' }
    expect(heard).toEqual([{ created: event }, { deleted: event }])
  })
})

describe('a key that somebody has found, of which the beginning is known', () => {
  it('is found in the list by it, and by its prefix [control 80]', async () => {
    const { join } = await openShop({ startingCharactersConfig: { charactersLength: 12 } })
    const [ann, ben] = [await join('ann'), await join('ben')]
    const make = async (visitor: typeof ann, prefix?: string) =>
      (await visitor.post('/api-key/create', { prefix })).body as { id: string; key: string }
    const [live, test, bare] = [await make(ann, 'live_'), await make(ann, 'test_'), await make(ann)]
    const foreign = await make(ben, 'live_')
    const found = async (query: object) => {
      const { body } = await ann.get(`/api-key/list?${new URLSearchParams({ ...query })}`)
      return [body.total, ...(body.apiKeys as { id: string }[]).map(({ id }) => id)]
    }
    expect(await found({ prefix: 'live_' })).toEqual([1, live.id])
    expect(await found({ prefix: '' })).toEqual([1, bare.id])
    expect(await found({ prefix: 'live' })).toEqual([0])
    expect(await found({ start: 'test_' })).toEqual([1, test.id])
    // What a log or a scanner has: fewer letters than are kept, or more.
    for (const length of [6, 12, 20, 32])
      expect(await found({ start: live.key.slice(0, length) })).toEqual([1, live.id])
    expect(await found({ start: foreign.key.slice(0, 12) })).toEqual([0])
    expect(await found({ start: '%' })).toEqual([0])
    // All of it does not belong into an address.
    expect(told(await ann.get(`/api-key/list?start=${live.key}`))).toBe('400 VALIDATION_ERROR')
  })

  it('is not found by it where none is kept', async () => {
    const { join } = await openShop({ startingCharactersConfig: { shouldStore: false } })
    const ann = await join('ann')
    const { key } = (await ann.post('/api-key/create', {})).body as { key: string }
    expect((await ann.get(`/api-key/list?start=${key.slice(0, 6)}`)).body.total).toBe(0)
  })
})

describe('what only the application may say', () => {
  it('is refused from a client, and on its behalf [A6]', async () => {
    const { join, auth, rows } = await openShop()
    const ann = await join('ann')
    const { id: keyId } = (await ann.post('/api-key/create', {})).body
    const own = {
      remaining: 5,
      refillAmount: 5,
      refillInterval: 5,
      rateLimitMax: 5,
      rateLimitTimeWindow: 5,
      rateLimitEnabled: false,
      permissions: { files: ['read'] },
    }
    const before = JSON.stringify(await rows('apikey'))
    const caller = auth.caller({
      headers: { cookie: ann.cookieHeader(), origin: 'http://localhost:3000' },
    }) as unknown as {
      apiKey: { create(input: object): Promise<unknown> }
    }
    for (const [name, value] of Object.entries(own)) {
      expect(told(await ann.post('/api-key/create', { [name]: value }))).toBe('400 SERVER_ONLY_PROPERTY')
      expect(told(await ann.post('/api-key/update', { keyId, [name]: value }))).toBe('400 SERVER_ONLY_PROPERTY')
      await expect(caller.apiKey.create({ [name]: value })).rejects.toMatchObject({ authCode: 'SERVER_ONLY_PROPERTY' })
    }
    expect(JSON.stringify(await rows('apikey'))).toBe(before)
  })

  it('is taken from its own code, for whomever it names', async () => {
    const { join, own, userId, verdict } = await openShop()
    await join('ann')
    const limits = { remaining: 2, rateLimitEnabled: false, permissions: { files: ['read'] } }
    const made = await own.create({ userId: await userId('ann'), ...limits })
    expect(made).toMatchObject(limits)
    await own.update({ userId: await userId('ann'), keyId: made.id, remaining: 1, permissions: null })
    expect(await verdict(made.key)).toBe('ok')
    expect(await verdict(made.key)).toBe('USAGE_EXCEEDED')
    await expect(own.create({})).rejects.toMatchObject({ authCode: 'UNAUTHORIZED_SESSION' })
    await expect(own.update({ keyId: made.id, name: 'x' })).rejects.toMatchObject({ authCode: 'UNAUTHORIZED_SESSION' })
  })
})

describe('the options', () => {
  it('bound how long a key is valid', async () => {
    const { join, clock } = await openShop({
      keyExpiration: { minExpiresIn: 2, maxExpiresIn: 3, defaultExpiresIn: 60 },
    })
    const ann = await join('ann')
    const create = (expiresIn: unknown) => ann.post('/api-key/create', { expiresIn })
    expect(told(await create(2 * DAY - 1))).toBe('400 EXPIRES_IN_IS_TOO_SMALL')
    expect(told(await create(3 * DAY + 1))).toBe('400 EXPIRES_IN_IS_TOO_LARGE')
    expect(told(await create(1e300))).toBe('400 VALIDATION_ERROR')
    const in2Days = new Date(clock.now().getTime() + 2 * DAY * 1000).toISOString()
    expect((await create(2 * DAY)).body.expiresAt).toBe(in2Days)
    expect((await create(null)).body.expiresAt).toBe(new Date(clock.now().getTime() + 60_000).toISOString())
  })

  it('that make no sense are refused at once', () => {
    expect(() => apiKey([])).toThrow('no configuration')
    expect(() => apiKey([{ configId: 'a' }, {}])).toThrow('needs a configId')
    expect(() => apiKey([{ configId: 'a' }, { configId: 'a' }])).toThrow('same configId')
    expect(() => apiKey({ defaultKeyLength: 8 })).toThrow('at least 22')
    expect(() => apiKey({ defaultKeyLength: 250 })).toThrow('longer than')
    expect(() => apiKey({ rateLimit: { maxRequests: -1 } })).toThrow('positive')
  })

  it('need the plugin for organizations where keys are theirs', async () => {
    await expect(openShop({ references: 'organization' })).rejects.toThrow('requires the plugin "organization"')
  })

  it('name the tables', async () => {
    const { join, rows } = await openShop({ schema: { apikey: { modelName: 'keys', fields: { key: 'hash' } } } })
    await (await join('ann')).post('/api-key/create', {})
    expect((await rows('apikey'))[0]?.key).toBeTruthy()
  })
})
