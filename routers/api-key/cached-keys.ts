import type { ApiKeyRow } from '../../entities/api-key.ts'
import type { StorageParts } from './storage-keys.ts'
import { byReference, deleteRecord, readById, readByStoredForm, readIds, writeRecord } from './storage-records.ts'
import type { KeyStore } from './store.ts'

/** Keys as rows, with copies in secondary storage for looking them up. Limits are counted in the database. */
export function cachedKeys({ kernel, storage, name }: StorageParts, rows: KeyStore): KeyStore {
  /** The copy follows what was written; without a row there is none. */
  const follow = async (key: ApiKeyRow, row: ApiKeyRow | null) => {
    await (row ? writeRecord(storage, kernel, row) : deleteRecord(storage, key))
    return row
  }
  const copied = async (row: ApiKeyRow | null) => {
    if (row) await writeRecord(storage, kernel, row)
    return row
  }
  return {
    name: `${name} and database`,
    create: async row => {
      const key = await rows.create(row)
      await writeRecord(storage, kernel, key)
      await storage.delete(byReference(key.referenceId))
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
      const keys = await rows.list(referenceId)
      await Promise.all(keys.map(key => writeRecord(storage, kernel, key)))
      if (keys.length > 0) await storage.set(byReference(referenceId), JSON.stringify(keys.map(({ id }) => id)))
      return keys
    },
    update: async (key, changes) => follow(key, await rows.update(key, changes)),
    delete: async key => {
      await rows.delete(key)
      await deleteRecord(storage, key)
      await storage.delete(byReference(key.referenceId))
    },
    use: async (key, configuration) => {
      // The copy may be of before; what counts is the row.
      const row = await rows.findById(key.id)
      return follow(key, row && (await rows.use(row, configuration)))
    },
  }
}
