import type { Account, Session, User } from '../../entities/index.ts'
import { UniqueViolation } from '../adapters/contract.ts'
import type { AuthContext } from '../context.ts'
import { AuthError } from '../errors.ts'
import { proveMailbox } from '../mailbox-proof.ts'
import { createSession, sendSession } from '../sessions.ts'
import { isUnavailable } from '../unavailable.ts'
import { createUser, findUserByEmail, findUserById, updateUser } from '../users.ts'
import { mailVerification } from '../verification-mail.ts'
import { writeErrors } from '../writes.ts'
import { sendAccountCookie } from './account-cookie.ts'
import { createProviderAccount, findProviderAccount, type ProviderLogin, updateTokens } from './provider-accounts.ts'
import { newUserFields, overriddenFields } from './provider-user.ts'
import { isTrustedProvider } from './trust.ts'

/** How often a sign-in begins anew when another one, of the same person, was faster. */
const MOST_ATTEMPTS = 3

/** A login with an address, which a user of ours needs. */
export interface SignInLogin extends ProviderLogin {
  /** As `emailOf` gives it. */
  email: string
}

export interface SignInRequest {
  /** Whoever began it asked for a new user. */
  requestSignUp?: boolean | undefined
  /** Where a mailed link leads that proves the address. */
  callbackURL?: string | undefined
  /** The provider is trusted, whatever the options say. */
  isTrusted?: boolean | undefined
}

/** Why nobody is signed in, in Better Auth's words; `error` where a hook refused. */
export interface SignInRefusal {
  refusal: string
  error?: AuthError
}

export type SignInOutcome = { session: Session; user: User; isNew: boolean } | SignInRefusal

interface Attempt extends SignInLogin, SignInRequest {
  /** What is being done: when it fails, this is told. */
  step: string | undefined
}

type Resolved = { user: User; account?: Account; isNew: boolean } | SignInRefusal

/**
 * Signs in whoever signed in at a provider: as the user who has this login, else as the user with this address if both
 * sides have proven it, else as a new user. User, account and session are written together. Sends the session.
 */
export async function signInWithProvider(
  auth: AuthContext,
  login: SignInLogin,
  request: SignInRequest = {},
): Promise<SignInOutcome> {
  auth.seen.signInMethod = login.provider.id
  const isTrusted = request.isTrusted ?? (await isTrustedProvider(auth, login.provider.id))
  for (let attempts = 1; ; attempts++) {
    const attempt: Attempt = { ...login, ...request, isTrusted, step: undefined }
    try {
      await auth.kernel.hooks.ask('methodUsing', { method: login.provider.id }, auth)
      const outcome = await auth.kernel.unitOfWork.run(() => attemptSignIn(auth, attempt))
      if (!('refusal' in outcome)) finish(auth, outcome, attempt)
      return outcome
    } catch (error) {
      // Somebody with this login, or this address, got in between: now there is a user to find.
      if (error instanceof UniqueViolation && attempts < MOST_ATTEMPTS) continue
      return refusalOf(auth, error, attempt)
    }
  }
}

type SignedIn = { session: Session; user: User; isNew: boolean; account?: Account }

async function attemptSignIn(auth: AuthContext, attempt: Attempt): Promise<SignedIn | SignInRefusal> {
  const resolved = await resolveUser(auth, attempt)
  if ('refusal' in resolved) return resolved
  attempt.step = 'unable to create session'
  return { ...resolved, session: await createSession(auth, resolved.user) }
}

async function resolveUser(auth: AuthContext, attempt: Attempt): Promise<Resolved> {
  const known = await findProviderAccount(auth, attempt)
  if (known) return signInKnown(auth, known, attempt)
  const user = await findUserByEmail(auth, attempt.email)
  if (user) return linkImplicitly(auth, user, attempt)
  return signUp(auth, attempt)
}

async function signInKnown(auth: AuthContext, known: Account, attempt: Attempt): Promise<Resolved> {
  const user = await findUserById(auth, known.userId)
  // Deleted at this very moment.
  if (!user) return { refusal: 'unable to create user' }
  attempt.step = 'unable to update account'
  const isUpdated = auth.kernel.options.account.updateAccountOnSignIn
  const account = isUpdated ? await updateTokens(auth, known, attempt.tokens) : known
  return { user: await updateFromProfile(auth, user, attempt), account, isNew: false }
}

/** [A20] An address that was only typed in, here or at the provider, proves nothing about whose it is. */
async function linkImplicitly(auth: AuthContext, user: User, attempt: Attempt): Promise<Resolved> {
  const { enabled, disableImplicitLinking, requireLocalEmailVerified } = auth.kernel.options.account.accountLinking
  const isProvenThere = attempt.isTrusted || attempt.user.emailVerified
  const isProvenHere = user.emailVerified || !requireLocalEmailVerified
  if (!enabled || disableImplicitLinking || !isProvenThere || !isProvenHere) return { refusal: 'account not linked' }
  attempt.step = 'unable to link account'
  // Where the application lets in a user whose address nobody proved here, this is the first proof, and whoever made the
  // user need not be its owner.
  const proven = (attempt.user.emailVerified && (await proveMailbox(auth, user, { clearsUnproven: true }))) || user
  const account = await createProviderAccount(auth, proven.id, attempt)
  return { user: await updateFromProfile(auth, proven, attempt), account, isNew: false }
}

async function signUp(auth: AuthContext, attempt: Attempt): Promise<Resolved> {
  const { disableSignUp, disableImplicitSignUp } = attempt.provider.options
  if (disableSignUp || (disableImplicitSignUp && !attempt.requestSignUp)) return { refusal: 'signup disabled' }
  attempt.step = 'unable to create user'
  const user = await createUser(auth, newUserFields(auth, attempt.user, attempt.email))
  return { user, account: await createProviderAccount(auth, user.id, attempt), isNew: true }
}

async function updateFromProfile(auth: AuthContext, user: User, attempt: Attempt): Promise<User> {
  const isProof = attempt.user.emailVerified && attempt.email === user.email && !user.emailVerified
  const proven = (isProof && (await proveMailbox(auth, user))) || user
  if (!attempt.provider.options.overrideUserInfoOnSignIn) return proven
  return (await updateUser(auth, user.id, await overriddenFields(auth, proven, attempt))) ?? proven
}

function finish(auth: AuthContext, { session, user, account, isNew }: SignedIn, attempt: Attempt): void {
  if (account) sendAccountCookie(auth, account)
  sendSession(auth, { session, user })
  const isMailed = isNew && !user.emailVerified && auth.kernel.options.emailVerification.sendOnSignUp
  if (isMailed) mailVerification(auth, user, attempt.callbackURL)
}

/** @throws what is not about this sign-in, such as a database that does not answer */
function refusalOf(auth: AuthContext, error: unknown, { step }: Attempt): SignInRefusal {
  if (error instanceof AuthError) {
    const isSilent = Object.values(writeErrors).some(definition => definition === error.definition)
    return { refusal: isSilent && step ? step : error.message, error }
  }
  if (step === undefined || isUnavailable(error)) throw error
  auth.kernel.log.error(`sign-in at a provider: ${step}`, error)
  return { refusal: step }
}
