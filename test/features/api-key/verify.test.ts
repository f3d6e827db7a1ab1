import { describe, expect, it } from 'vitest'
import { organization } from '../../../routers/organization/index.ts'
import { type AnyPlugin, memoryStorage } from '../../../src/index.ts'
import { openOrganizationShop, openShop, told } from './keys.ts'

const DAY = 86_400

async function openWithKey(options: Parameters<typeof openShop>[0] = {}, input: object = {}) {
  const shop = await openShop(options)
  const ann = await shop.join('ann')
  const made = await shop.own.create({ userId: await shop.userId('ann'), ...input })
  return { ...shop, ann, made, use: (more?: object) => shop.verdict(made.key, more) }
}

describe('verifying a key', () => {
  it('tells all about it but the key', async () => {
    const { own, made, clock } = await openWithKey({}, { name: 'Laptop' })
    const { key: _key, ...shown } = made
    const now = clock.now()
    expect(await own.verify({ key: made.key })).toEqual({
      valid: true,
      error: null,
      key: { ...shown, requestCount: 1, lastRequest: now, updatedAt: now },
    })
  })

  it('refuses what is no key', async () => {
    const { own, made, verdict, rows } = await openWithKey()
    for (const key of ['', 'x', `${made.key}x`, made.key.slice(1), 'by-id:x', '../x', 'x'.repeat(100_000)]) {
      expect(await own.verify({ key })).toEqual({
        valid: false,
        error: { code: 'INVALID_API_KEY', message: 'Invalid API key.' },
        key: null,
      })
    }
    // What the database has is not the key.
    expect(await verdict(String((await rows('apikey'))[0]?.key))).toBe('INVALID_API_KEY')
  })

  it('refuses one that is disabled, until it is enabled again', async () => {
    const { ann, made, use } = await openWithKey()
    await ann.post('/api-key/update', { keyId: made.id, enabled: false })
    expect(await use()).toBe('KEY_DISABLED')
    await ann.post('/api-key/update', { keyId: made.id, enabled: true })
    expect(await use()).toBe('ok')
  })

  it('refuses one that has expired, and deletes it [control 80]', async () => {
    const { clock, use, rows } = await openWithKey({}, { expiresIn: DAY })
    clock.advance(DAY)
    expect(await use()).toBe('ok')
    clock.advance(1)
    expect(['KEY_EXPIRED', 'INVALID_API_KEY']).toContain(await use())
    expect(await rows('apikey')).toEqual([])
  })

  it('refuses one of another kind', async () => {
    const shop = await openShop([{ configId: 'public' }, { configId: 'secret' }])
    await shop.join('ann')
    const userId = await shop.userId('ann')
    const { key } = await shop.own.create({ userId, configId: 'public' })
    expect(await shop.verdict(key, { configId: 'secret' })).toBe('INVALID_API_KEY')
    expect(await shop.verdict(key, { configId: 'public' })).toBe('ok')
    await expect(shop.own.verify({ key })).rejects.toMatchObject({ authCode: 'NO_DEFAULT_API_KEY_CONFIGURATION_FOUND' })
  })

  it('asks for permissions', async () => {
    const { use } = await openWithKey({}, { permissions: { files: ['read', 'write'], users: ['read'] } })
    expect(await use({ permissions: { files: ['read'], users: ['read'] } })).toBe('ok')
    expect(await use({ permissions: { files: ['delete'] } })).toBe('KEY_NOT_FOUND')
    expect(await use({ permissions: { other: ['read'] } })).toBe('KEY_NOT_FOUND')
    expect(await use({ permissions: { toString: ['read'] } })).toBe('KEY_NOT_FOUND')
    const none = await openWithKey()
    expect(await none.use({ permissions: { files: ['read'] } })).toBe('KEY_NOT_FOUND')
  })

  it('gives the default permissions', async () => {
    const { made, use } = await openWithKey({
      permissions: { defaultPermissions: async id => ({ [`of-${id}`]: ['read'] }) },
    })
    expect(await use({ permissions: { [`of-${made.referenceId}`]: ['read'] } })).toBe('ok')
  })

  it('counts uses within a window, which begins anew when none was for so long', async () => {
    const { own, made, clock, use } = await openWithKey({ rateLimit: { timeWindow: 60_000, maxRequests: 2 } })
    expect([await use(), await use()]).toEqual(['ok', 'ok'])
    clock.advance(50)
    const refused = await own.verify({ key: made.key })
    expect(refused.error).toEqual({
      code: 'RATE_LIMITED',
      message: 'Rate limit exceeded.',
      details: { tryAgainIn: 10_000 },
    })
    clock.advance(11)
    expect(await use()).toBe('ok')
  })

  it('notes the last use, and counts nothing where limits are off [control 80]', async () => {
    const { use, rows, clock } = await openWithKey({ rateLimit: { enabled: false, maxRequests: 1 } })
    expect([await use(), await use(), await use()]).toEqual(['ok', 'ok', 'ok'])
    expect((await rows('apikey'))[0]).toMatchObject({ requestCount: 0, lastRequest: clock.now() })
    clock.advance(5)
    await use()
    expect((await rows('apikey'))[0]).toMatchObject({ lastRequest: clock.now() })
  })

  it('refills uses that are left', async () => {
    const limits = { remaining: 1, refillAmount: 2, refillInterval: 1000, rateLimitEnabled: false }
    const { use, clock } = await openWithKey({}, limits)
    expect([await use(), await use()]).toEqual(['ok', 'USAGE_EXCEEDED'])
    clock.advance(2)
    expect([await use(), await use(), await use()]).toEqual(['ok', 'ok', 'USAGE_EXCEEDED'])
  })

  it('lets the application check first', async () => {
    const { own, made, use } = await openWithKey({ customAPIKeyValidator: ({ key }) => !key.startsWith('bad') })
    expect(await use()).toBe('ok')
    expect((await own.verify({ key: `bad${made.key}` })).error?.code).toBe('KEY_NOT_FOUND')
  })

  it('notes the use of a key without limits later, and counts limits at once', async () => {
    const tasks: Promise<unknown>[] = []
    const advanced = { backgroundTasks: { handler: (task: Promise<unknown>) => void tasks.push(task) } }
    const shop = await openShop({ deferUpdates: true }, { advanced })
    await shop.join('ann')
    const userId = await shop.userId('ann')
    const free = await shop.own.create({ userId, rateLimitEnabled: false })
    const limited = await shop.own.create({ userId, rateLimitMax: 1 })
    expect([await shop.verdict(limited.key), await shop.verdict(limited.key)]).toEqual(['ok', 'RATE_LIMITED'])
    expect(await shop.verdict(free.key)).toBe('ok')
    await Promise.all(tasks)
    const row = (await shop.rows('apikey')).find(({ id }) => id === free.id)
    expect(row?.lastRequest).toEqual(shop.clock.now())
  })
})

describe('keys of whom there is no more', () => {
  it('go with their user [control 34]', async () => {
    const shop = await openShop({}, { user: { deleteUser: { enabled: true } } })
    const ann = await shop.join('ann')
    await shop.join('ben')
    const key = String((await ann.post('/api-key/create', {})).body.key)
    await shop.own.create({ userId: await shop.userId('ben') })
    expect(told(await ann.post('/delete-user', {}))).toBe('200')
    expect(await shop.verdict(key)).toBe('INVALID_API_KEY')
    expect(await shop.rows('apikey')).toHaveLength(1)
  })

  it('do nothing once the row of the user is gone, however it went [control 34]', async () => {
    const shop = await openWithKey()
    await shop.auth.context.adapter.delete({ model: 'user', where: [{ field: 'email', value: 'ann@example.com' }] })
    expect(await shop.verdict(shop.made.key)).toBe('INVALID_REFERENCE_ID_FROM_API_KEY')
  })

  it('do nothing once the organization is gone', async () => {
    const shop = await openOrganizationShop()
    const owner = await shop.join('owner')
    const organizationId = await shop.found(owner, 'acme')
    const key = String((await owner.post('/api-key/create', { organizationId })).body.key)
    expect(await shop.verdict(key)).toBe('ok')
    const where = [{ field: 'id', value: organizationId }]
    await shop.auth.context.adapter.delete({ model: 'organization', where })
    expect(await shop.verdict(key)).toBe('INVALID_REFERENCE_ID_FROM_API_KEY')
  })

  it.each([
    ['in the database', {}],
    ['in a storage', { storage: 'secondary-storage', customStorage: memoryStorage() } as const],
  ])('are deleted with the organization, and no others: %s', async (_where, more) => {
    const shop = await openOrganizationShop(more)
    const owner = await shop.join('owner')
    const [gone, stays] = [await shop.found(owner, 'acme'), await shop.found(owner, 'rival')]
    const make = async (organizationId: string) =>
      String((await owner.post('/api-key/create', { organizationId })).body.key)
    const [first, second, other] = [await make(gone), await make(gone), await make(stays)]
    expect((await owner.post('/organization/delete', { organizationId: gone })).status).toBe(200)
    expect(await Promise.all([first, second, other].map(key => shop.verdict(key)))).toEqual([
      'INVALID_API_KEY',
      'INVALID_API_KEY',
      'ok',
    ])
    expect((await owner.get(`/api-key/list?organizationId=${stays}`)).body).toMatchObject({ total: 1 })
  })

  it('stay when deleting the organization is undone', async () => {
    const failing: AnyPlugin = {
      id: 'failing',
      hooks: {
        organizationDeleting: () => {
          throw new Error('no')
        },
      },
    }
    const shop = await openOrganizationShop({}, organization(), [failing])
    const owner = await shop.join('owner')
    const organizationId = await shop.found(owner, 'acme')
    const key = String((await owner.post('/api-key/create', { organizationId })).body.key)
    expect((await owner.post('/organization/delete', { organizationId })).status).toBe(500)
    expect(await shop.verdict(key)).toBe('ok')
  })
})

describe('keys that have expired', () => {
  it('are all deleted when the application says so', async () => {
    const { own, clock, rows, userId } = await openWithKey()
    await own.create({ userId: await userId('ann'), expiresIn: DAY })
    clock.advance(DAY + 1)
    expect(await own.deleteAllExpired()).toEqual({ success: true, error: null })
    expect(await rows('apikey')).toHaveLength(1)
  })
})
