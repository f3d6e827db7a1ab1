import type { Kernel } from '../../src/context.ts'
import type { ResolvedOptions } from '../../src/options/index.ts'
import { completeStorage } from '../../src/storage/contract.ts'
import { cachedKeys } from './cached-keys.ts'
import { databaseKeys } from './database-keys.ts'
import type { KeyConfiguration } from './options.ts'
import { type Queue, storageKeys } from './storage-keys.ts'
import type { OpenStore } from './store.ts'

/**
 * @throws when keys are to be in a storage that is not there
 */
export function assertStorages(
  configurations: readonly KeyConfiguration[],
  { secondaryStorage }: Pick<ResolvedOptions, 'secondaryStorage'>,
): void {
  const isMissing = ({ storage, customStorage }: KeyConfiguration) =>
    storage === 'secondary-storage' && !customStorage && !secondaryStorage
  const configuration = configurations.find(isMissing)
  if (configuration) throw missingStorage(configuration)
}

function missingStorage({ configId }: KeyConfiguration): Error {
  return new Error(
    `apiKey: keys of "${configId}" have \`storage: 'secondary-storage'\`: give \`init\` a \`secondaryStorage\`, or them a \`customStorage\``,
  )
}

/** @returns a function that opens stores; calls in one process wait for each other where the storage cannot count */
export function storeOpener(): OpenStore {
  const queues = new WeakMap<Kernel, Queue>()
  return (kernel, configuration) => {
    const { storage, customStorage, fallbackToDatabase, configId } = configuration
    if (storage === 'database') return databaseKeys(kernel)
    const given = customStorage ?? kernel.options.secondaryStorage
    if (!given) throw missingStorage(configuration)
    const queue = queues.get(kernel) ?? new Map()
    queues.set(kernel, queue)
    const name = customStorage ? `custom ${configId}` : 'secondary storage'
    const parts = { kernel, storage: completeStorage(given), queue, name }
    return fallbackToDatabase ? cachedKeys(parts, databaseKeys(kernel)) : storageKeys(parts)
  }
}
