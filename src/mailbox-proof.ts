import type { User } from '../entities/index.ts'
import { deleteAccounts } from './accounts.ts'
import type { AuthContext } from './context.ts'
import { updateUserIf } from './users.ts'

export interface MailboxProof {
  /**
   * Whoever proves the mailbox is signed in by it, and need not be who made the user. So the first proof deletes every
   * password, every login at a provider and every session that is there; plugins add theirs (`unprovenClearing`).
   * For sign-in by magic link or by a mailed code. Default false: for a link that was asked for at sign-up, whose
   * owner keeps the password chosen there.
   */
  clearsUnproven?: boolean
}

/**
 * Marks the user's address as proven, if it is the first proof. Only a user whose address was never proven loses
 * anything, and only with `clearsUnproven`; a user whose address is proven already is left as it is.
 * @returns the user as it is now; `null` when there was nothing left to prove: it had been proven, also by a call at
 * the same moment, or the address is no longer the user's
 */
export function proveMailbox(
  auth: AuthContext,
  { id, email }: Pick<User, 'id' | 'email'>,
  { clearsUnproven = false }: MailboxProof = {},
): Promise<User | null> {
  const { hooks, sessions, unitOfWork } = auth.kernel
  return unitOfWork.run(async () => {
    const proven = await updateUserIf(auth, { id, email, emailVerified: false }, { emailVerified: true })
    if (!proven || !clearsUnproven) return proven
    await hooks.ask('unprovenClearing', proven, auth)
    await deleteAccounts(auth, id)
    await sessions.deleteAll(id)
    return proven
  })
}
