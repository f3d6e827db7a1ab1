import type { Session, User } from '../../entities/index.ts'
import type { AuthContext, Draft } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import { deleteSessions } from '../../src/sessions.ts'
import { findUserById, updateUser, updateUserIf } from '../../src/users.ts'
import { type AdminUser, isBanned } from './admin-user.ts'
import { sessionErrors } from './errors.ts'
import type { AdminSettings } from './options.ts'

const NOT_BANNED = { banned: false, banReason: null, banExpires: null }

/**
 * Changes a user so that a ban among the changes ends all sessions, those that begin at this moment included. From the first
 * write on the ban holds: a sign-in that has not seen it finds it once its session is written, and one that was before
 * that is swept away by the second. In one transaction they would wait for sign-ins that wait for them.
 * @returns `null` when there is no such user
 */
export async function updateWithBan(auth: AuthContext, id: string, changes: Draft): Promise<User | null> {
  const user = await updateUser(auth, id, changes)
  if (user && changes.banned === true) await deleteSessions(auth, id)
  return user
}

export function unban(auth: AuthContext, id: string): Promise<User | null> {
  return updateUser(auth, id, NOT_BANNED)
}

/**
 * No session begins for a banned user, whatever the way to sign in. A ban that is over is lifted.
 * @throws BANNED_USER
 */
export async function refuseBanned(auth: AuthContext, draft: Draft, settings: AdminSettings): Promise<void> {
  const user = (await findUserById(auth, String(draft.userId))) as AdminUser | null
  if (!user?.banned) return
  if (isBanned(user, auth.kernel.now())) throw bannedError(settings)
  // Only this ban: another one may be there by now.
  const { id, banExpires = null } = user
  const expected: Partial<AdminUser> & { id: string } = { id, banned: true, banExpires }
  if (await updateUserIf(auth, expected, NOT_BANNED)) return
  await refuseBanned(auth, draft, settings)
}

/** A ban that came while the session was written has not seen it: from both sides it is looked for after the write. */
export async function endIfBanned(auth: AuthContext, { userId, token }: Session): Promise<void> {
  const user = (await findUserById(auth, userId)) as AdminUser | null
  if (user && isBanned(user, auth.kernel.now())) await auth.kernel.sessions.delete(token)
}

/** Sessions of a banned user do nothing. @throws BANNED_USER */
export function refuseSession(auth: AuthContext, user: User, settings: AdminSettings): void {
  if (isBanned(user, auth.kernel.now())) throw bannedError(settings)
}

function bannedError({ bannedUserMessage: message }: AdminSettings): AuthError {
  return new AuthError(sessionErrors.BANNED_USER, { message, redirectCode: 'banned' })
}
