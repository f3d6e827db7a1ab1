import { randomInt } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { ApiKeyRow } from '../../entities/api-key.ts'
import type { Kernel } from '../../src/context.ts'
import { randomString } from '../../src/crypto/random.ts'
import { AuthError, errors } from '../../src/errors.ts'
import type { CompleteStorage } from '../../src/storage/contract.ts'
import type { KeyConfiguration } from './options.ts'
import { byId, byReference, deleteRecord, readById, readByStoredForm, readIds, writeRecord } from './storage-records.ts'
import type { KeyStore } from './store.ts'
import { areOfSuccessor, endOf, isLive, requireLast, withCountsOf } from './successor.ts'
import { afterUse, planUse } from './use.ts'

/** What is done in this process under each name, one after the other. */
export type Queue = Map<string, Promise<unknown>>

export interface StorageParts {
  kernel: Kernel
  storage: CompleteStorage
  queue: Queue
  name: string
}

/** Keys in secondary storage alone. */
export function storageKeys(parts: StorageParts): KeyStore {
  const { kernel, storage, name } = parts
  const findById = (id: string) => readById(storage, id)
  const changeIds = (referenceId: string, change: (ids: string[]) => string[]) =>
    alone(parts, byReference(referenceId), async () => {
      const ids = change((await readIds(storage, referenceId)) ?? [])
      if (ids.length === 0) await storage.delete(byReference(referenceId))
      else await storage.set(byReference(referenceId), JSON.stringify(ids))
    })
  const rewrite = (id: string, change: (key: ApiKeyRow) => ApiKeyRow) =>
    alone(parts, byId(id), async () => {
      const current = await findById(id)
      if (!current) return null
      const changed = change(current)
      await writeRecord(storage, kernel, changed)
      return changed
    })
  const create = async (row: ApiKeyRow) => {
    // Without a database nobody counts, so an id is made here.
    const key = { ...row, id: row.id ?? randomString(32) }
    await writeRecord(storage, kernel, key)
    await changeIds(key.referenceId, ids => [...new Set([...ids, key.id])])
    return key
  }
  const use = async (key: ApiKeyRow, configuration: KeyConfiguration): Promise<ApiKeyRow | null> => {
    const used = await rewrite(key.id, current => {
      const now = kernel.now()
      if (current.successorId) return { ...current, lastRequest: now, updatedAt: now }
      return afterUse(current, planUse(current, configuration, now), now)
    })
    if (!used?.successorId) return used
    // What limits it is the successor's, and it ends with that one.
    const successor = await findById(used.successorId)
    const charged = successor && isLive(successor, kernel.now()) && (await use(successor, configuration))
    return charged ? withCountsOf(used, charged) : null
  }
  return {
    name,
    create,
    findByStoredForm: key => readByStoredForm(storage, key),
    findById,
    reread: ({ id }) => findById(id),
    list: async referenceId => {
      const ids = (await readIds(storage, referenceId)) ?? []
      return (await Promise.all(ids.map(findById))).filter(key => key !== null)
    },
    update: (key, changes) =>
      rewrite(key.id, current => {
        if (areOfSuccessor(changes)) requireLast(current)
        return { ...current, ...changes, updatedAt: kernel.now() }
      }),
    // Nobody counts uses of it, or rotates it as well, until the successor has them.
    replace: (key, { succeed, until }) =>
      alone(parts, byId(key.id), async () => {
        const current = requireLast(await findById(key.id))
        const successor = await create(succeed(current))
        const expiresAt = endOf(current, until, kernel.now())
        const replaced = { ...current, successorId: successor.id, expiresAt, updatedAt: kernel.now() }
        if (until) await writeRecord(storage, kernel, replaced)
        else {
          await deleteRecord(storage, current)
          await changeIds(current.referenceId, ids => ids.filter(id => id !== current.id))
        }
        return { successor, replaced }
      }),
    delete: async key => {
      await alone(parts, byId(key.id), () => deleteRecord(storage, key))
      await changeIds(key.referenceId, ids => ids.filter(id => id !== key.id))
    },
    use,
  }
}

/** Seconds after which somebody who began and never ended is waited for no more. */
const LONGEST_TURN = 10
const MOST_TRIES = 500

/**
 * Does `work` while nobody else does anything under `name`: in this process by waiting for each other, over several by a
 * counter that goes to one, which is exact with a storage that has `incrementBelow`.
 * @throws SERVICE_BUSY when it never gets its turn
 */
async function alone<T>({ storage, queue }: StorageParts, name: string, work: () => Promise<T>): Promise<T> {
  const before = queue.get(name)
  const turn = (async () => {
    await before?.catch(() => undefined)
    return locked(storage, `api-key:lock:${name}`, work)
  })()
  queue.set(name, turn)
  try {
    return await turn
  } finally {
    if (queue.get(name) === turn) queue.delete(name)
  }
}

async function locked<T>(storage: CompleteStorage, lock: string, work: () => Promise<T>): Promise<T> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const { allowed } = await storage.incrementBelow(lock, { max: 1, ttl: LONGEST_TURN })
    if (!allowed) {
      await pause(2 + randomInt(20))
      continue
    }
    try {
      return await work()
    } finally {
      await storage.delete(lock)
    }
  }
  throw new AuthError(errors.SERVICE_BUSY, { headers: { 'retry-after': '1' } })
}
