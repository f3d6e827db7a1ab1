import type { AuthContext, SessionData } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import { storedSession } from '../../src/sessions.ts'
import { findUserById } from '../../src/users.ts'
import { type Challenge, peekChallenge, takeChallenge } from './challenge.ts'
import { twoFactorErrors } from './errors.ts'
import type { TwoFactorUser } from './store.ts'

/** Who proves a second factor: a user who is signed in, or one who is about to be. */
export type Subject = SignedInSubject | ChallengedSubject

interface SignedInSubject {
  user: TwoFactorUser
  /** What a code is sent for. */
  key: string
  session: SessionData['session']
  challenge?: undefined
}

interface ChallengedSubject {
  user: TwoFactorUser
  key: string
  challenge: Challenge
  session?: undefined
}

/** @throws INVALID_TWO_FACTOR_COOKIE for a browser that has neither a session nor a challenge */
export function findSubject(auth: AuthContext): Promise<Subject> {
  return subjectOf(auth, peekChallenge)
}

/** The same, with the challenge taken: it has to be met, or put back. */
export function takeSubject(auth: AuthContext): Promise<Subject> {
  return subjectOf(auth, takeChallenge)
}

async function subjectOf(auth: AuthContext, get: typeof takeChallenge): Promise<Subject> {
  const signedIn = await storedSession(auth)
  if (signedIn) {
    const { session, user } = signedIn
    return { user, session, key: `session ${session.id}` }
  }
  const challenge = await get(auth)
  const user = challenge && ((await findUserById(auth, challenge.userId)) as TwoFactorUser | null)
  // Whoever has turned it off meanwhile has nothing to prove here any more, and signs in anew.
  if (!challenge || !user?.twoFactorEnabled) throw new AuthError(twoFactorErrors.INVALID_TWO_FACTOR_COOKIE)
  return { user, challenge, key: `challenge ${challenge.token}` }
}
