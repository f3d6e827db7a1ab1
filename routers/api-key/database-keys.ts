import type { ApiKeyRow } from '../../entities/api-key.ts'
import type { Kernel } from '../../src/context.ts'
import { asKey, chargeRow, MODEL, readKey } from './charge.ts'
import type { KeyStore } from './store.ts'

/** Beyond any number of keys that somebody has. */
const ALL = 1_000_000_000

/** Keys as rows. */
export function databaseKeys(kernel: Kernel): KeyStore {
  const { adapter } = kernel
  const own = ({ id }: ApiKeyRow) => [{ field: 'id', value: id }]
  return {
    name: 'database',
    create: async row => (await adapter.create({ model: MODEL, data: { ...row } })) as unknown as ApiKeyRow,
    findByStoredForm: async key =>
      asKey(await adapter.findOne({ model: MODEL, where: [{ field: 'key', value: key }] })),
    findById: id => readKey(kernel, id),
    reread: ({ id }) => readKey(kernel, id),
    list: async referenceId => {
      const where = [{ field: 'referenceId', value: referenceId }]
      return (await adapter.findMany({ model: MODEL, where, limit: ALL })) as unknown as ApiKeyRow[]
    },
    update: async (key, changes) => {
      const update = { ...changes, updatedAt: kernel.now() }
      return asKey(await adapter.update({ model: MODEL, where: own(key), update }))
    },
    delete: key => adapter.delete({ model: MODEL, where: own(key) }),
    use: (key, configuration) => chargeRow(kernel, key, configuration),
  }
}
