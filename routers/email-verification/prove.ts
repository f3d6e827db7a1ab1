import type { User } from '../../entities/index.ts'
import { tellApplication } from '../../src/application-callbacks.ts'
import type { AuthContext } from '../../src/context.ts'
import { askApplication } from '../../src/errors.ts'
import { proveMailbox } from '../../src/mailbox-proof.ts'
import { sendSession, storedSession } from '../../src/sessions.ts'
import type { Followed } from './followed.ts'
import { startSessionByLink } from './session.ts'

/** Marks the address as proven. What was proven before stays so, and signs nobody in again. */
export async function proveAddress(auth: AuthContext, user: User): Promise<Followed> {
  if (user.emailVerified) return { user: null }
  const { unitOfWork, options } = auth.kernel
  const { autoSignInAfterVerification, beforeEmailVerification, afterEmailVerification } = options.emailVerification
  await askApplication(() => beforeEmailVerification?.(user, auth.request?.()))
  const found = autoSignInAfterVerification ? await storedSession(auth) : null
  const own = found?.user.id === user.id ? found.session : undefined
  const proof = await unitOfWork.run(async () => {
    const proven = await proveMailbox(auth, user)
    const signsIn = proven && autoSignInAfterVerification
    return { proven, session: signsIn ? (own ?? (await startSessionByLink(auth, proven))) : undefined }
  })
  const { proven, session } = proof
  // Somebody followed the link at the same moment.
  if (!proven) return { user: null }
  await tellApplication(auth, 'afterEmailVerification', () => afterEmailVerification?.(proven, auth.request?.()))
  if (session) sendSession(auth, { session, user: proven })
  return { user: null }
}
