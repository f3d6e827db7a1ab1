import type { Session } from '../../entities/index.ts'
import type { TwoFactor } from '../../entities/two-factor.ts'
import type { AuthContext } from '../../src/context.ts'
import { AuthError, type ErrorDefinition } from '../../src/errors.ts'
import { createSession, sendSession } from '../../src/sessions.ts'
import { forgetChallenge, putChallenge } from './challenge.ts'
import { turnOn } from './enrolment.ts'
import { twoFactorErrors } from './errors.ts'
import { announceLock, countAttempt, uncountAttempt } from './lockout.ts'
import type { TwoFactorSettings } from './options.ts'
import { noteProof, proofOf } from './proof.ts'
import { findTwoFactor, type TwoFactorUser, updateTwoFactor } from './store.ts'
import { type Subject, takeSubject } from './subject.ts'
import { trustDevice } from './trusted-devices.ts'

/** One way to prove a second factor. */
export interface Factor {
  /** The row that the attempt is counted on, if there is one; throws when the user does not have this factor. */
  rowFor(subject: Subject, row: TwoFactor | null): Promise<TwoFactor | null>
  /** Whether the code is right; a right one is used up by this. */
  check(subject: Subject, row: TwoFactor | null): Promise<boolean>
  /** What a wrong code is answered with. */
  wrong: ErrorDefinition
  /** Turns the second factor on for a signed-in user who had it off. */
  enrols: boolean
  trustDevice?: boolean
  /** Only says whether the code is right. */
  makesNoSession?: boolean
}

export interface Proven {
  /** Of the session; none where no session was made. */
  token?: string
  user: TwoFactorUser
}

/**
 * Lets the caller prove a second factor and completes what that was for: a sign-in, turning the factor on, or a session that
 * has to be proved anew.
 * Attempts are counted before they are made. One that failed for another reason than its code does not count.
 */
export async function proveFactor(auth: AuthContext, settings: TwoFactorSettings, factor: Factor): Promise<Proven> {
  const subject = await takeSubject(auth)
  const { challenge } = subject
  if (challenge && challenge.failures >= settings.challengeAttempts) {
    forgetChallenge(auth)
    throw new AuthError(twoFactorErrors.TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE)
  }
  let isRight: boolean
  try {
    isRight = await attempt(auth, subject, { settings, factor })
  } catch (error) {
    if (challenge) await putChallenge(auth, challenge)
    throw error
  }
  if (!isRight) {
    if (challenge) await putChallenge(auth, { ...challenge, failures: challenge.failures + 1 })
    throw new AuthError(factor.wrong)
  }
  return complete(auth, subject, { settings, factor })
}

interface Attempt {
  settings: TwoFactorSettings
  factor: Factor
}

async function attempt(auth: AuthContext, subject: Subject, { settings, factor }: Attempt): Promise<boolean> {
  const row = await factor.rowFor(subject, await findTwoFactor(auth, subject.user.id))
  const { lockout } = settings
  const failures = row ? await countAttempt(auth, row, lockout) : 0
  try {
    const isRight = await factor.check(subject, row)
    if (row && !isRight) await announceLock(auth, row, { failures, lockout })
    if (row && isRight) await updateTwoFactor(auth, row.userId, { failedVerificationCount: 0, lockedUntil: null })
    return isRight
  } catch (error) {
    if (row) await uncountAttempt(auth, row, lockout)
    throw error
  }
}

async function complete(auth: AuthContext, subject: Subject, { settings, factor }: Attempt): Promise<Proven> {
  const { user, session, challenge } = subject
  if (factor.makesNoSession) {
    if (challenge) await putChallenge(auth, challenge)
    return { user, ...(session && { token: session.token }) }
  }
  if (session) {
    if (user.twoFactorEnabled) await noteProof(auth, { session, user })
    if (user.twoFactorEnabled || !factor.enrols) return { token: session.token, user }
    const enrolled = await turnOn(auth, { user, session }, { isProved: true })
    return { token: enrolled.session.token, user: enrolled.user }
  }
  const { rememberMe, signInMethod } = challenge
  if (signInMethod) auth.seen.signInMethod = signInMethod
  const made: Session = await auth.kernel.unitOfWork.run(async () => {
    const created = await createSession(auth, user, { rememberMe, fields: proofOf(auth.kernel.now()) })
    if (factor.trustDevice) await trustDevice(auth, user.id, settings.trustLife)
    return created
  })
  sendSession(auth, { session: made, user }, { rememberMe })
  forgetChallenge(auth)
  return { token: made.token, user }
}
