import { z } from 'zod'
import type { Account, User } from '../../entities/index.ts'
import { checkPassword, LONGEST_PASSWORD, setPasswordHash } from '../../src/accounts.ts'
import type { AuthContext } from '../../src/context.ts'
import { AuthError, errors } from '../../src/errors.ts'
import type { ProcedureBuilder, SignInChallenge } from '../../src/plugin.ts'
import { createSession, sendSession } from '../../src/sessions.ts'
import { findUserByEmail, normalizeEmail } from '../../src/users.ts'
import { mailVerification } from '../../src/verification-mail.ts'
import { passwordErrors } from './errors.ts'
import { credentialLimit } from './limits.ts'

const input = z.object({
  email: z.string().max(255).overwrite(normalizeEmail),
  password: z.string().max(LONGEST_PASSWORD),
  callbackURL: z.string().max(2048).optional(),
  rememberMe: z.boolean().optional(),
})

export function signInProcedures({ procedure, schemas }: ProcedureBuilder) {
  const signedIn = z.object({
    redirect: z.boolean(),
    token: z.string(),
    url: z.string().optional(),
    user: schemas.user,
  })
  return {
    email: procedure
      .public({
        rest: 'POST /sign-in/email',
        operationId: 'signInEmail',
        summary: 'Signs in with e-mail and password',
        description:
          'Sets the session cookie. A wrong password and an unknown address are answered alike, in time too.',
        errors: [
          passwordErrors.EMAIL_PASSWORD_DISABLED,
          passwordErrors.INVALID_EMAIL,
          passwordErrors.INVALID_CREDENTIALS,
          passwordErrors.EMAIL_NOT_VERIFIED,
          errors.SERVICE_BUSY,
        ],
        limit: credentialLimit,
        form: true,
        sessionCookie: 'set',
        tags: ['Email and password'],
      })
      .input(input)
      .output(schemas.orChallenge(signedIn))
      .mutation(async ({ ctx: { auth }, input }) => {
        const user = await verifyCredentials(auth, input)
        const rememberMe = input.rememberMe ?? true
        const challenge = await auth.kernel.hooks.ask('credentialVerified', { user, rememberMe }, auth)
        if (challenge) return challenge as SignInChallenge
        const session = await createSession(auth, user, { rememberMe })
        sendSession(auth, { session, user }, { rememberMe })
        const url = input.callbackURL
        return { redirect: Boolean(url), token: session.token, ...(url !== undefined && { url }), user }
      }),
  }
}

async function verifyCredentials(
  auth: AuthContext,
  { email, password, callbackURL }: z.infer<typeof input>,
): Promise<User> {
  const { emailAndPassword, emailVerification } = auth.kernel.options
  const { enabled, requireEmailVerification } = emailAndPassword
  if (!enabled) throw new AuthError(passwordErrors.EMAIL_PASSWORD_DISABLED)
  if (!z.email().safeParse(email).success) throw new AuthError(passwordErrors.INVALID_EMAIL)
  const user = await findUserByEmail(auth, email)
  const credential = await checkPassword(auth, user ?? { email }, password)
  if (!user || !credential) throw new AuthError(passwordErrors.INVALID_CREDENTIALS)
  // Told only to whoever knows the password.
  if (requireEmailVerification && !user.emailVerified) {
    if (emailVerification.sendOnSignIn) mailVerification(auth, user, callbackURL)
    throw new AuthError(passwordErrors.EMAIL_NOT_VERIFIED)
  }
  await upgradeHash(auth, credential, password)
  return user
}

/** Old hashes are replaced at the one moment when the password is at hand. */
async function upgradeHash(auth: AuthContext, credential: Account, password: string): Promise<void> {
  const { hasher } = auth.kernel
  if (!credential.password || !hasher.needsRehash(credential.password)) return
  await setPasswordHash(auth, credential.userId, await hasher.hash(password))
}
