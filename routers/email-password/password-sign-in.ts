import { z } from 'zod'
import type { Account, User } from '../../entities/index.ts'
import { checkPassword, replacePasswordHash } from '../../src/accounts.ts'
import type { AuthContext } from '../../src/context.ts'
import { AuthError, type ErrorDefinition } from '../../src/errors.ts'
import type { InstanceSchemas, SignInChallenge } from '../../src/plugin.ts'
import { createSession, sendSession } from '../../src/sessions.ts'
import { mailVerification } from '../../src/verification-mail.ts'

/** A sign-in with a password, whatever the user was named by. */
export interface PasswordSignIn {
  /** Who was named; `null` when there is nobody. */
  user: User | null
  /** What failed attempts are counted under, also for a user that does not exist. */
  countedAs: string
  password: string
  /** Default true. */
  rememberMe?: boolean
  callbackURL?: string
}

export interface PasswordRefusals {
  /** Nobody is named so, or the password is another one. */
  wrong: ErrorDefinition
  /** Told only to whoever knows the password. */
  unproven: ErrorDefinition
}

/** What a sign-in with a password answers. */
export function signedInSchema(schemas: InstanceSchemas) {
  return schemas.orChallenge(
    z.object({ redirect: z.boolean(), token: z.string(), url: z.string().optional(), user: schemas.user }),
  )
}

/**
 * Signs in with a password, or answers with the challenge of a plugin that asks for a second step.
 * @throws what `refusals` says, and RATE_LIMITED after too many failures
 */
export async function signInWithPassword(auth: AuthContext, given: PasswordSignIn, refusals: PasswordRefusals) {
  const { rememberMe = true, callbackURL: url } = given
  const user = await verify(auth, given, refusals)
  const challenge = await auth.kernel.hooks.ask('credentialVerified', { user, rememberMe }, auth)
  if (challenge) return challenge as SignInChallenge
  const session = await createSession(auth, user, { rememberMe })
  sendSession(auth, { session, user }, { rememberMe })
  return { redirect: Boolean(url), token: session.token, ...(url !== undefined && { url }), user }
}

async function verify(
  auth: AuthContext,
  { user, countedAs, password, callbackURL }: PasswordSignIn,
  { wrong, unproven }: PasswordRefusals,
): Promise<User> {
  const { emailAndPassword, emailVerification } = auth.kernel.options
  const credential = await checkPassword(auth, { id: user?.id, email: countedAs }, password)
  if (!user || !credential) throw new AuthError(wrong)
  if (emailAndPassword.requireEmailVerification && !user.emailVerified) {
    if (emailVerification.sendOnSignIn) mailVerification(auth, user, callbackURL)
    throw new AuthError(unproven)
  }
  await upgradeHash(auth, credential, password)
  return user
}

/** Old hashes are replaced at the one moment when the password is at hand. */
async function upgradeHash(auth: AuthContext, credential: Account, password: string): Promise<void> {
  const { hasher } = auth.kernel
  if (!credential.password || !hasher.needsRehash(credential.password)) return
  await replacePasswordHash(auth, credential, await hasher.hash(password))
}
