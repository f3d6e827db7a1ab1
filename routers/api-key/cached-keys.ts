import type { ApiKeyRow } from '../../entities/api-key.ts'
import type { StorageParts } from './storage-keys.ts'
import { byReference, deleteRecord, readById, readByStoredForm, readIds, writeRecord } from './storage-records.ts'
import type { KeyStore } from './store.ts'

/** Each turn somebody has changed the row while its copy was being written. */
const MOST_TURNS = 10

/** Keys as rows, with copies in secondary storage for looking them up. Limits are counted in the database. */
export function cachedKeys({ kernel, storage, name }: StorageParts, rows: KeyStore): KeyStore {
  const { afterCommit } = kernel.unitOfWork
  /**
   * The copy follows what was written; without a row there is none. A row that is changed or deleted while its copy is
   * being written must not leave one of before: whoever changed it wrote theirs first.
   */
  const follow = async (key: ApiKeyRow, row: ApiKeyRow | null) => {
    let copied = row
    for (let turn = 0; copied && turn < MOST_TURNS; turn += 1) {
      await writeRecord(storage, kernel, copied)
      const current = await rows.findById(copied.id)
      if (current && isSame(current, copied)) return current
      copied = current
    }
    await deleteRecord(storage, key)
    return copied
  }
  const copied = async (row: ApiKeyRow | null) => row && follow(row, row)
  return {
    name: `${name} and database`,
    create: async row => {
      const key = await rows.create(row)
      await afterCommit(async () => {
        await follow(key, key)
        await storage.delete(byReference(key.referenceId))
      })
      return key
    },
    findByStoredForm: async key =>
      (await readByStoredForm(storage, key)) ?? (await copied(await rows.findByStoredForm(key))),
    findById: async id => (await readById(storage, id)) ?? (await copied(await rows.findById(id))),
    reread: async key => follow(key, await rows.findById(key.id)),
    list: async referenceId => {
      const ids = await readIds(storage, referenceId)
      const copies = ids && (await Promise.all(ids.map(id => readById(storage, id))))
      // A copy that is missing is no key that is missing.
      if (copies?.every(copy => copy !== null)) return copies
      const keys = (await Promise.all((await rows.list(referenceId)).map(copied))).filter(key => key !== null)
      if (keys.length > 0) await storage.set(byReference(referenceId), JSON.stringify(keys.map(({ id }) => id)))
      return keys
    },
    update: async (key, changes) => follow(key, await rows.update(key, changes)),
    replace: async (key, replacement) => {
      const done = await rows.replace(key, replacement)
      await afterCommit(async () => {
        await follow(done.successor, done.successor)
        await follow(key, replacement.until && done.replaced)
        await storage.delete(byReference(key.referenceId))
      })
      return done
    },
    delete: async key => {
      await rows.delete(key)
      await deleteRecord(storage, key)
      await storage.delete(byReference(key.referenceId))
    },
    use: async (key, configuration) => {
      // The copy may be of before; what counts is the row.
      const row = await rows.findById(key.id)
      const used = row && (await rows.use(row, configuration))
      if (used?.successorId) await copied(await rows.findById(used.successorId))
      // Only where uses are noted later a copy alone lets a call through.
      if (configuration.deferUpdates || !used) await follow(key, used)
      else await writeRecord(storage, kernel, used)
      return used
    },
  }
}

/** What is noted of each use, and decides nothing while it is but a copy. */
const NOTED = new Set(['lastRequest', 'requestCount', 'remaining', 'lastRefillAt', 'updatedAt'])

function isSame(one: ApiKeyRow, other: ApiKeyRow): boolean {
  const text = (key: ApiKeyRow) => JSON.stringify(key, (field, value) => (NOTED.has(field) ? undefined : value))
  return text(one) === text(other)
}
