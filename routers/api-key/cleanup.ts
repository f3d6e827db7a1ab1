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
export async function deleteKeysOf(auth: AuthContext, parts: Parts, holder: Holder): Promise<void> {
  await deleteListed(auth, parts, { referenceId: holder.id, isMeant: referencesAre(parts, holder.references) })
}

/** Deletes the keys that a member has made for an organization, unless they outlive the membership. */
export async function deleteKeysOfMember(
  auth: AuthContext,
  parts: Parts,
  { organizationId, userId }: { organizationId: string; userId: string },
): Promise<void> {
  const isOfOrganization = referencesAre(parts, 'organization')
  const isMeant = (key: ApiKeyRow) =>
    key.creatorId === userId &&
    isOfOrganization(key) &&
    configurationOf(parts.configurations, key)?.outliveMembership !== true
  await deleteListed(auth, parts, { referenceId: organizationId, isMeant })
}

function referencesAre({ configurations }: Parts, references: Holder['references']): (key: ApiKeyRow) => boolean {
  return key => (configurationOf(configurations, key)?.references ?? 'user') === references
}

async function deleteListed(
  { kernel }: AuthContext,
  parts: Parts,
  { referenceId, isMeant }: { referenceId: string; isMeant: (key: ApiKeyRow) => boolean },
): Promise<void> {
  for (const store of allStores(parts, kernel)) {
    const own = (await store.list(referenceId)).filter(isMeant)
    const deleteAll = async () => {
      for (const key of own) await store.delete(key)
    }
    if (store.name === 'database') await deleteAll()
    else await kernel.unitOfWork.afterCommit(deleteAll)
  }
}
