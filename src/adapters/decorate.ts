import type { Adapter } from './contract.ts'

/**
 * The adapter with some methods in the place of its own. Properties are taken over as they are defined, not by their
 * values: an adapter may learn its `id` only later.
 */
export function decorateAdapter(adapter: Adapter, methods: Partial<Adapter>): Adapter {
  const decorated = Object.defineProperties({} as Adapter, Object.getOwnPropertyDescriptors(adapter))
  return Object.assign(decorated, methods)
}
