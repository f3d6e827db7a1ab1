import type { ApiKeyRow } from '../../entities/api-key.ts'
import type { Kernel } from '../../src/context.ts'
import { asKey, chargeRow, LAST, MODEL, readKey } from './charge.ts'
import type { KeyStore } from './store.ts'
import { areOfSuccessor, endOf, type Replaced, type Replacement, requireLast } from './successor.ts'

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
      if (!areOfSuccessor(changes)) return asKey(await adapter.update({ model: MODEL, where: own(key), update }))
      const where = [...own(key), LAST]
      const updated = asKey(await adapter.update({ model: MODEL, where, update }))
      return updated ?? requireLastOrNone(await readKey(kernel, key.id))
    },
    replace: (key, replacement) => kernel.unitOfWork.run(() => replaceRow(kernel, key, replacement)),
    delete: key => adapter.delete({ model: MODEL, where: own(key) }),
    use: (key, configuration) => chargeRow(kernel, { key, configuration }),
  }
}

async function replaceRow(kernel: Kernel, { id }: ApiKeyRow, { succeed, until }: Replacement): Promise<Replaced> {
  const { adapter } = kernel
  const own = { model: MODEL, where: [{ field: 'id', value: id }] }
  // Nobody counts uses of it, or rotates it as well, until the successor has them.
  await adapter.lock(own)
  const current = requireLast(await readKey(kernel, id))
  const successor = (await adapter.create({ model: MODEL, data: { ...succeed(current) } })) as unknown as ApiKeyRow
  const expiresAt = endOf(current, until, kernel.now())
  const update = { successorId: successor.id, expiresAt, updatedAt: kernel.now() }
  if (until) await adapter.update({ ...own, update })
  else await adapter.delete(own)
  return { successor, replaced: { ...current, ...update } }
}

function requireLastOrNone(key: ApiKeyRow | null): null {
  if (key) requireLast(key)
  return null
}
