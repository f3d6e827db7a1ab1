import type { Session, User } from '../../entities/index.ts'
import { UniqueViolation } from '../../src/adapters/contract.ts'
import { tellApplication } from '../../src/application-callbacks.ts'
import type { AuthContext, SessionData } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import { sendSession, storedSession } from '../../src/sessions.ts'
import { findUserByEmail, updateUserIf } from '../../src/users.ts'
import { mailChange } from '../../src/verification-mail.ts'
import { linkErrors } from './errors.ts'
import type { Followed } from './followed.ts'
import { startSessionByLink } from './session.ts'

export interface EmailChange {
  user: User
  newEmail: string
}

/**
 * The first step, at the present address: mails the link of the second step to the new one. Following the link again
 * mails again; nothing has changed by it yet.
 */
export async function confirmChange(
  auth: AuthContext,
  change: EmailChange,
  callbackURL: string | undefined,
): Promise<Followed> {
  await ownSession(auth, change)
  auth.kernel.background(async () => {
    // An address that somebody took meanwhile gets no mail, and the answer does not tell.
    if (!(await findUserByEmail(auth, change.newEmail))) await mailChange(auth, change, callbackURL)
  })
  return {}
}

/** The last step, at the new address: that is the user's from now on. Works once, as the link is about the old one. */
export async function completeChange(auth: AuthContext, change: EmailChange): Promise<Followed> {
  const own = await ownSession(auth, change)
  const { user, session } = await write(auth, change, own?.session)
  const { emailVerification, user: userOptions } = auth.kernel.options
  const { afterEmailVerification } = emailVerification
  await tellApplication(auth, 'afterEmailVerification', () => afterEmailVerification?.(user, auth.request?.()))
  const oldEmail = change.user.email
  auth.kernel.background(() => userOptions.changeEmail.onEmailChanged?.({ user, oldEmail }, auth.request?.()))
  if (session) sendSession(auth, { session, user })
  return { user }
}

/** Address and session are one unit. */
async function write(
  auth: AuthContext,
  { user: { id, email }, newEmail }: EmailChange,
  own: Session | undefined,
): Promise<{ user: User; session: Session | undefined }> {
  try {
    return await auth.kernel.unitOfWork.run(async () => {
      const user = await updateUserIf(auth, { id, email }, { email: newEmail, emailVerified: true })
      if (!user) throw new AuthError(linkErrors.USER_NOT_FOUND)
      return { user, session: own ?? (await startSessionByLink(auth, user)) }
    })
  } catch (error) {
    // Whoever follows the link has the mailbox, and may know that it has a user.
    if (error instanceof UniqueViolation && error.model === 'user') throw new AuthError(linkErrors.EMAIL_ALREADY_IN_USE)
    throw error
  }
}

/** @throws INVALID_USER when somebody else is signed in */
async function ownSession(auth: AuthContext, { user }: EmailChange): Promise<SessionData | null> {
  const current = await storedSession(auth)
  if (current && current.user.id !== user.id) throw new AuthError(linkErrors.INVALID_USER)
  return current
}
