import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import { type CompleteStorage, completeStorage, memoryStorage, redisStorage } from '../../src/index.ts'
import { skipWithoutRedis, startRedis } from '../support/redis.ts'

/** Opens an empty storage; a second one on the same data is `again()`, as another process would. */
export type OpenStorage = () => { storage: CompleteStorage; again(): CompleteStorage }

/** Defines the same tests for each storage: in memory, in Redis, and with everything optional left out. */
export function describeEveryStorage(title: string, define: (open: OpenStorage, name: string) => void): void {
  describe(`${title} (memory)`, () => {
    define(() => {
      const storage = memoryStorage()
      return { storage, again: () => storage }
    }, 'memory')
  })
  describe(`${title} (only get, set, delete)`, () => {
    define(() => {
      const { get, set, delete: remove } = memoryStorage()
      const storage = completeStorage({ get, set, delete: remove })
      return { storage, again: () => storage }
    }, 'minimal')
  })
  describe.skipIf(skipWithoutRedis())(`${title} (Redis)`, () => {
    let server: Awaited<ReturnType<typeof startRedis>> | undefined
    const opened: CompleteStorage[] = []
    beforeAll(async () => {
      server = await startRedis()
    })
    afterEach(async () => {
      for (const storage of opened.splice(0)) await storage.close()
    })
    afterAll(() => server?.stop())
    define(() => {
      const keyPrefix = `test-${randomUUID()}:`
      const again = () => {
        if (!server) throw new Error('Redis is started before the tests')
        const storage = redisStorage(server.url, { keyPrefix })
        opened.push(storage)
        return storage
      }
      return { storage: again(), again }
    }, 'redis')
  })
}
