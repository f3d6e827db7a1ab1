import type { AuthContext, HeldRows } from '../../src/context.ts'
import type { KeyConfiguration } from './options.ts'
import { type KeyAction, requireOrganizationPermission } from './owner.ts'

interface Place {
  configuration: KeyConfiguration
  /** The organization, where the keys are of one. */
  referenceId: string
  userId: string
  action: KeyAction
  /** What `write` locks itself: some engines want all of it locked before anything is read. */
  held?: HeldRows
}

/**
 * Writes a key that a member answers for from now on. Leaving takes along the keys that are there: of whoever leaves at
 * this moment either the key is there already, or the member is not any more.
 * @throws what `requireOrganizationPermission` does
 */
export async function asMember<T>(
  auth: AuthContext,
  { configuration, referenceId, userId, action, held }: Place,
  write: () => Promise<T>,
): Promise<T> {
  if (configuration.references !== 'organization') return write()
  const { adapter, unitOfWork } = auth.kernel
  return unitOfWork.run(async () => {
    // As leaving does.
    await adapter.lock({ model: 'organization', where: [{ field: 'id', value: referenceId }] })
    if (held) await adapter.lock(held)
    await requireOrganizationPermission(auth, { organizationId: referenceId, userId }, action)
    return write()
  })
}
