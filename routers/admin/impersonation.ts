import type { Session, User } from '../../entities/index.ts'
import type { AuthContext, SessionData, SessionUse, SignedInContext } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import { expireCookie, readSignedCookie, setSignedCookie } from '../../src/response.ts'
import { createSession, deleteSession, findSession, isNotRemembered, sendSession } from '../../src/sessions.ts'
import { findUserById } from '../../src/users.ts'
import { type AdminUser, impersonatorOf, isBanned } from './admin-user.ts'
import { isAbove, isAdministrator, isOutranked, mayImpersonateAdmins, permits } from './authority.ts'
import { adminErrors, refusals, sessionErrors } from './errors.ts'
import type { Scope } from './guard.ts'
import type { AdminSettings } from './options.ts'

/** Keeps the administrator's own session meanwhile: its token, a colon, and whether it is not to be remembered. */
const COOKIE = 'admin_session'

/** @throws YOU_CANNOT_IMPERSONATE_ADMINS for one, and for whoever may do as much as the caller */
export function assertMayImpersonate({ auth, settings }: Scope, target: AdminUser): void {
  const { user } = auth.signedIn
  const isPeer = isAdministrator(settings, target) || !isAbove(settings, user, target)
  if (isOutranked(settings, user, target) || (isPeer && !mayImpersonateAdmins(settings, user))) {
    throw new AuthError(adminErrors.YOU_CANNOT_IMPERSONATE_ADMINS)
  }
}

/** Signs the administrator's browser in as the user, for a limited time. */
export async function startImpersonating({ auth, settings }: Scope, target: User): Promise<SessionData> {
  const { session: own, user: admin } = auth.signedIn
  const session = await createSession(auth, target, {
    rememberMe: false,
    expiresIn: settings.impersonationSessionDuration,
    fields: { impersonatedBy: admin.id },
  })
  const dontRemember = isNotRemembered(auth) ? 'true' : ''
  const { expiresIn: maxAge } = auth.kernel.options.session
  setSignedCookie(auth, COOKIE, { value: `${own.token}:${dontRemember}`, maxAge })
  sendSession(auth, { session, user: target }, { rememberMe: false })
  await auth.kernel.events.emit('admin.impersonation-started', {
    userId: target.id,
    adminId: admin.id,
    sessionId: session.id,
    until: session.expiresAt,
  })
  return { session, user: target }
}

/**
 * Ends the impersonation and signs the administrator in again.
 * @throws YOU_ARE_NOT_IMPERSONATING_ANYONE, FAILED_TO_FIND_ADMIN_SESSION when that has ended meanwhile
 */
export async function stopImpersonating(auth: SignedInContext): Promise<SessionData> {
  const { session, user } = auth.signedIn
  const adminId = impersonatorOf(session)
  if (!adminId) throw new AuthError(adminErrors.YOU_ARE_NOT_IMPERSONATING_ANYONE)
  const [token = '', dontRemember] = readSignedCookie(auth, COOKIE)?.split(':') ?? []
  const own = token ? await findSession(auth, token) : null
  const isOwn = own?.user.id === adminId && own.session.expiresAt > auth.kernel.now() && !impersonatorOf(own.session)
  if (!own || !isOwn) throw new AuthError(adminErrors.FAILED_TO_FIND_ADMIN_SESSION)
  // As when it is read: whoever may not use it any more must not come to it this way.
  await auth.kernel.hooks.ask('sessionRead', own, auth)
  await deleteSession(auth, session.token)
  sendSession(auth, own, { rememberMe: !dontRemember })
  expireCookie(auth, COOKIE)
  const stopped = { userId: user.id, adminId, sessionId: session.id }
  await auth.kernel.events.emit('admin.impersonation-stopped', stopped)
  return own
}

/**
 * An impersonation holds for as long as the administrator may impersonate. It costs a query, of impersonations only.
 * @throws IMPERSONATION_ENDED
 */
export async function refuseEnded(auth: AuthContext, session: Session, settings: AdminSettings): Promise<void> {
  const adminId = impersonatorOf(session)
  if (!adminId) return
  const admin = (await findUserById(auth, adminId)) as AdminUser | null
  const { now } = auth.kernel
  if (admin && !isBanned(admin, now()) && permits(settings, admin, { user: ['impersonate'] })) return
  await auth.kernel.sessions.delete(session.token)
  throw new AuthError(sessionErrors.IMPERSONATION_ENDED)
}

/** @throws NOT_WHILE_IMPERSONATING for what only the user may do */
export function refuseOwnersAffairs({ session, ownerOnly }: SessionUse): void {
  if (ownerOnly && impersonatorOf(session)) throw new AuthError(sessionErrors.NOT_WHILE_IMPERSONATING)
}

/**
 * The list of a user's sessions has their tokens: whoever acts in the user's name sees the own one only, and the user none
 * of those.
 */
export function shownSessions(sessions: readonly Session[], { seen }: AuthContext): readonly Session[] {
  const current = seen.session?.session
  const isActing = current !== undefined && impersonatorOf(current) !== undefined
  return sessions.filter(session =>
    isActing ? session.token === current.token : impersonatorOf(session) === undefined,
  )
}

/** What can be wrong with beginning an impersonation. */
export const impersonationErrors = [
  refusals.YOU_ARE_NOT_ALLOWED_TO_IMPERSONATE_USERS,
  adminErrors.YOU_CANNOT_IMPERSONATE_ADMINS,
  adminErrors.USER_NOT_FOUND,
]
