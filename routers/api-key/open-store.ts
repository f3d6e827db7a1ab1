import type { Kernel } from '../../src/context.ts'
import { completeStorage } from '../../src/storage/contract.ts'
import { cachedKeys } from './cached-keys.ts'
import { databaseKeys } from './database-keys.ts'
import { type Queue, storageKeys } from './storage-keys.ts'
import type { OpenStore } from './store.ts'

/** @returns a function that opens stores; calls in one process wait for each other where the storage cannot count */
export function storeOpener(): OpenStore {
  const queues = new WeakMap<Kernel, Queue>()
  return (kernel, configuration) => {
    const { storage, customStorage, fallbackToDatabase, configId } = configuration
    if (storage === 'database') return databaseKeys(kernel)
    const given = customStorage ?? kernel.options.secondaryStorage
    if (!given) throw new Error('apiKey: storage is "secondary-storage", and there is no `secondaryStorage`')
    const queue = queues.get(kernel) ?? new Map()
    queues.set(kernel, queue)
    const name = customStorage ? `custom ${configId}` : 'secondary storage'
    const parts = { kernel, storage: completeStorage(given), queue, name }
    return fallbackToDatabase ? cachedKeys(parts, databaseKeys(kernel)) : storageKeys(parts)
  }
}
