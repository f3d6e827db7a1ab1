import type { AuthContext } from '../../src/context.ts'
import { configurationOf } from './configurations.ts'
import { allStores, type Parts } from './parts.ts'

/**
 * Deletes all keys of a user, wherever they are stored. What is in a storage goes once the user is gone for good; a key
 * that outlives this is of no use, as its user is asked for whenever it is used.
 */
export async function deleteKeysOf({ kernel }: AuthContext, parts: Parts, userId: string): Promise<void> {
  for (const store of allStores(parts, kernel)) {
    const keys = await store.list(userId)
    const own = keys.filter(key => configurationOf(parts.configurations, key)?.references !== 'organization')
    const deleteAll = async () => {
      for (const key of own) await store.delete(key)
    }
    if (store.name === 'database') await deleteAll()
    else await kernel.unitOfWork.afterCommit(deleteAll)
  }
}
