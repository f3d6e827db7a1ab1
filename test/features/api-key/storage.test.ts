import { describe, expect, it } from 'vitest'
import type { ApiKeyConfiguration } from '../../../routers/api-key/index.ts'
import { memoryStorage } from '../../../src/index.ts'
import { describeEveryStorage } from '../../storage/every-storage.ts'
import { openShop, tally, times, told } from './keys.ts'

const DAY = 86_400

for (const fallbackToDatabase of [false, true]) {
  const where = fallbackToDatabase ? 'before the database' : 'alone'
  describeEveryStorage(`keys in secondary storage ${where}`, open => {
    const start = async (more: ApiKeyConfiguration = {}) => {
      const { storage } = open()
      const options = { storage: 'secondary-storage', fallbackToDatabase, enableMetadata: true, ...more } as const
      // A session in the storage would do as well; this is about keys.
      const session = { storeSessionInDatabase: true }
      const shop = await openShop(options, { secondaryStorage: storage, session })
      const ann = await shop.join('ann')
      const userId = await shop.userId('ann')
      return { ...shop, ann, userId, storage }
    }

    it('are made, read, listed, changed, used and deleted', async () => {
      const { ann, rows, verdict, storage, userId } = await start()
      const metadata = { plan: 'pro' }
      const made = await ann.post('/api-key/create', { name: 'Laptop', metadata, expiresIn: 2 * DAY })
      const { id, key } = made.body as { id: string; key: string }
      const { key: _key, ...shown } = made.body
      expect((await ann.get(`/api-key/get?id=${id}`)).body).toEqual(shown)
      await ann.post('/api-key/create', { name: 'Phone' })
      const names = async () =>
        ((await ann.get('/api-key/list?sortBy=name')).body.apiKeys as { name: string }[]).map(({ name }) => name)
      expect(await names()).toEqual(['Laptop', 'Phone'])
      expect((await ann.post('/api-key/update', { keyId: id, name: 'Old laptop' })).body).toMatchObject({ metadata })
      expect(await verdict(key)).toBe('ok')
      expect((await ann.get(`/api-key/get?id=${id}`)).body).toMatchObject({ name: 'Old laptop', requestCount: 1 })
      expect(await rows('apikey')).toHaveLength(fallbackToDatabase ? 2 : 0)
      // Under the names that Better Auth has for them.
      expect(JSON.parse((await storage.get(`api-key:by-id:${id}`)) ?? '{}')).toMatchObject({
        id,
        metadata,
        referenceId: userId,
      })
      expect(told(await ann.post('/api-key/delete', { keyId: id }))).toBe('200')
      expect(await verdict(key)).toBe('INVALID_API_KEY')
      expect(await names()).toEqual(['Phone'])
    })

    it('are disabled at once', async () => {
      const { ann, verdict } = await start()
      const { id, key } = (await ann.post('/api-key/create', {})).body as { id: string; key: string }
      expect(await verdict(key)).toBe('ok')
      await ann.post('/api-key/update', { keyId: id, enabled: false })
      expect(await verdict(key)).toBe('KEY_DISABLED')
    })

    it('are used no more often than their limits allow, at once [A40, control 80]', async () => {
      const { own, userId, verdict } = await start()
      const windowed = await own.create({ userId, rateLimitMax: 5, rateLimitTimeWindow: 60_000 })
      const atOnce = async (key: string) => tally(await Promise.all(times(15, () => verdict(key))))
      expect(await atOnce(windowed.key)).toEqual({ ok: 5, RATE_LIMITED: 10 })
      const counted = await own.create({
        userId,
        remaining: 4,
        refillAmount: 2,
        refillInterval: DAY,
        rateLimitEnabled: false,
      })
      expect(await atOnce(counted.key)).toEqual({ ok: 4, USAGE_EXCEEDED: 11 })
    })

    it('that are made at once are all listed', async () => {
      const { ann } = await start()
      await Promise.all(times(10, () => ann.post('/api-key/create', {})))
      expect((await ann.get('/api-key/list')).body.total).toBe(10)
    })

    it('of another user are as good as none, and names of the storage are no ids', async () => {
      const { ann, join, storage, verdict } = await start({ disableKeyHashing: true })
      const { id } = (await ann.post('/api-key/create', {})).body
      const ben = await join('ben')
      for (const named of [id, `by-id:${id}`, '../x', 'unknown']) {
        expect(told(await ben.get(`/api-key/get?id=${named}`))).toBe('404 KEY_NOT_FOUND')
      }
      expect(await storage.get(`api-key:by-id:${id}`)).toBeTruthy()
      expect(await verdict(`by-id:${id}`)).toBe('INVALID_API_KEY')
    })

    it('expire', async () => {
      const { own, userId, verdict, clock } = await start()
      const { key } = await own.create({ userId, expiresIn: DAY })
      clock.advance(DAY + 1)
      expect(['KEY_EXPIRED', 'INVALID_API_KEY']).toContain(await verdict(key))
    })
  })
}

describe('keys in secondary storage', () => {
  it('are found in the database when the storage has lost them', async () => {
    const kept = new Map<string, string>()
    const customStorage = {
      get: (key: string) => kept.get(key) ?? null,
      set: (key: string, value: string) => void kept.set(key, value),
      delete: (key: string) => void kept.delete(key),
    }
    const shop = await openShop({ storage: 'secondary-storage', fallbackToDatabase: true, customStorage })
    const ann = await shop.join('ann')
    const { id, key } = (await ann.post('/api-key/create', {})).body as { id: string; key: string }
    kept.clear()
    expect(await shop.verdict(key)).toBe('ok')
    expect([...kept.keys()]).toContain(`api-key:by-id:${id}`)
    // What a copy says is no longer so.
    const where = [{ field: 'id', value: id }]
    await shop.auth.context.adapter.update({ model: 'apikey', where, update: { enabled: false } })
    expect(await shop.verdict(key)).toBe('KEY_DISABLED')
    await shop.auth.context.adapter.update({ model: 'apikey', where, update: { enabled: true } })
    expect(await shop.verdict(key)).toBe('ok')
    const gone = (await ann.post('/api-key/create', {})).body as { id: string; key: string }
    await shop.auth.context.adapter.delete({ model: 'apikey', where: [{ field: 'id', value: gone.id }] })
    expect(await shop.verdict(gone.key)).toBe('INVALID_API_KEY')
    expect([...kept.keys()]).not.toContain(`api-key:by-id:${gone.id}`)
  })

  it('that are deleted or changed while a copy is made of them leave none of before', async () => {
    const kept = new Map<string, string>()
    let meanwhile: (() => Promise<unknown>) | undefined
    const customStorage = {
      get: (key: string) => kept.get(key) ?? null,
      set: async (key: string, value: string) => {
        const happens = key.startsWith('api-key:by-id:') ? undefined : meanwhile
        if (happens) meanwhile = undefined
        await happens?.()
        kept.set(key, value)
      },
      delete: (key: string) => void kept.delete(key),
    }
    const tasks: Promise<unknown>[] = []
    const shop = await openShop(
      {
        storage: 'secondary-storage',
        fallbackToDatabase: true,
        deferUpdates: true,
        rateLimit: { enabled: false },
        customStorage,
      },
      { advanced: { backgroundTasks: { handler: task => void tasks.push(task) } } },
    )
    const ann = await shop.join('ann')
    const make = async () => (await ann.post('/api-key/create', {})).body as { id: string; key: string }
    const [deleted, disabled] = [await make(), await make()]
    kept.clear()
    meanwhile = () => ann.post('/api-key/delete', { keyId: deleted.id })
    expect(await shop.verdict(deleted.key)).toBe('INVALID_API_KEY')
    expect([...kept.values()].join()).not.toContain(deleted.id)
    kept.clear()
    meanwhile = () => ann.post('/api-key/update', { keyId: disabled.id, enabled: false })
    expect(await shop.verdict(disabled.key)).toBe('KEY_DISABLED')
    await Promise.all(tasks)
    expect(await shop.verdict(disabled.key)).toBe('KEY_DISABLED')
    expect(meanwhile).toBeUndefined()
  })

  it('go with their user', async () => {
    const kept = new Map<string, string>()
    const customStorage = {
      get: (key: string) => kept.get(key) ?? null,
      set: (key: string, value: string) => void kept.set(key, value),
      delete: (key: string) => void kept.delete(key),
    }
    const user = { deleteUser: { enabled: true } }
    const shop = await openShop({ storage: 'secondary-storage', customStorage }, { user })
    const ann = await shop.join('ann')
    await ann.post('/api-key/create', {})
    expect(kept.size).toBeGreaterThan(0)
    await ann.post('/delete-user', {})
    expect([...kept.keys()]).toEqual([])
  })

  it('need one: of the instance, or of their own', async () => {
    const missing = /apiKey: keys of "default" have `storage: 'secondary-storage'`: give `init` a `secondaryStorage`/
    await expect(openShop({ storage: 'secondary-storage' })).rejects.toThrow(missing)
    const own = { configId: 'own', storage: 'secondary-storage', customStorage: memoryStorage() } as const
    const none = { configId: 'none', storage: 'secondary-storage' } as const
    await expect(openShop([own, none])).rejects.toThrow('apiKey: keys of "none"')
    await openShop([own])
    await openShop({ storage: 'secondary-storage' }, { secondaryStorage: memoryStorage() })
  })
})
