import type { ApiKeyRow } from '../../entities/api-key.ts'
import type { AuthContext } from '../../src/context.ts'
import { configurationOf } from './configurations.ts'
import { allStores, type Parts } from './parts.ts'

/** Whose keys: of a user and an organization that have the same id, where the database counts, each has its own. */
export interface Holder {
  references: 'user' | 'organization'
  id: string
}

/**
 * Deletes all keys of a user or an organization, wherever they are stored. What is in a storage goes once the holder is
 * gone for good; a key that outlives this is of no use, as its holder is asked for whenever it is used.
 */
export async function deleteKeysOf({ kernel }: AuthContext, parts: Parts, holder: Holder): Promise<void> {
  const referencesOf = (key: ApiKeyRow) => configurationOf(parts.configurations, key)?.references ?? 'user'
  for (const store of allStores(parts, kernel)) {
    const own = (await store.list(holder.id)).filter(key => referencesOf(key) === holder.references)
    const deleteAll = async () => {
      for (const key of own) await store.delete(key)
    }
    if (store.name === 'database') await deleteAll()
    else await kernel.unitOfWork.afterCommit(deleteAll)
  }
}
