import type { Kernel } from '../../src/context.ts'
import type { Sweep } from './expired.ts'
import type { KeyConfiguration } from './options.ts'
import type { KeyStore, OpenStore } from './store.ts'

/** What the plugin is made of, the same for all calls. */
export interface Parts {
  configurations: readonly KeyConfiguration[]
  openStore: OpenStore
  /** Deletes keys that have expired, if it is time to. */
  sweep: Sweep
}

/** The stores of all configurations, each once. */
export function allStores({ configurations, openStore }: Parts, kernel: Kernel): KeyStore[] {
  const stores = configurations.map(configuration => openStore(kernel, configuration))
  return [...new Map(stores.map(store => [store.name, store])).values()]
}
