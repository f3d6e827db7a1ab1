import { z } from 'zod'
import type { User } from '../../entities/index.ts'
import { LONGEST_PASSWORD, setPasswordHash } from '../../src/accounts.ts'
import { tellApplication } from '../../src/application-callbacks.ts'
import type { AuthContext } from '../../src/context.ts'
import { sha256 } from '../../src/crypto/hmac.ts'
import { randomString } from '../../src/crypto/random.ts'
import { AuthError } from '../../src/errors.ts'
import { forgetFailedAttempts } from '../../src/password-attempts.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { deleteSessions } from '../../src/sessions.ts'
import { emailInput, findUserByEmail, findUserById } from '../../src/users.ts'
import { consumeVerification, createVerification, peekVerification } from '../../src/verifications.ts'
import { passwordErrors } from './errors.ts'
import { mailLimit } from './limits.ts'
import { assertAcceptable, choiceErrors } from './passwords.ts'

const tags = ['Email and password']
const PURPOSE = 'reset-password'
const TOKEN_LENGTH = 24

export function resetProcedures({ procedure }: ProcedureBuilder) {
  return {
    requestReset: procedure
      .public({
        rest: [
          'POST /request-password-reset',
          { line: 'POST /forget-password', operationId: 'forgetPassword', deprecated: true },
        ],
        operationId: 'requestPasswordReset',
        summary: 'Mails a link to choose a new password',
        description: 'The answer is the same whether or not the address has an account.',
        errors: [passwordErrors.RESET_PASSWORD_DISABLED],
        limit: mailLimit,
        tags,
      })
      .input(
        z.object({
          email: emailInput,
          redirectTo: z.string().max(2048).optional(),
        }),
      )
      .output(z.object({ status: z.boolean(), message: z.string() }))
      .mutation(async ({ ctx: { auth }, input }) => {
        if (!auth.kernel.options.emailAndPassword.sendResetPassword) {
          throw new AuthError(passwordErrors.RESET_PASSWORD_DISABLED)
        }
        const user = await findUserByEmail(auth, input.email)
        // After the response, so that its time does not tell whether there is a user.
        if (user) auth.kernel.background(() => mailResetLink(auth, user, input.redirectTo))
        return { status: true, message: 'If this email exists in our system, check your email for the reset link' }
      }),

    resetCallback: procedure
      .public({
        rest: 'GET /reset-password/:token',
        operationId: 'requestPasswordResetCallback',
        summary: 'Where the mailed link leads: sends the browser on to the page that asks for the new password',
        description:
          'Redirects to `callbackURL` with `token`, or with `error=INVALID_TOKEN`. The token is not used up.',
        redirect: true,
        tags,
      })
      .input(z.object({ token: z.string().max(512), callbackURL: z.string().max(2048) }))
      .output(z.object({ url: z.string() }))
      .query(async ({ ctx: { auth }, input: { token, callbackURL } }) => {
        const { origin, baseURL } = auth
        const value = callbackURL ? await peekVerification(auth, { purpose: PURPOSE, secret: token }) : undefined
        const url = new URL(callbackURL || `${baseURL}/error`, origin)
        if (await ownerOf(auth, value)) url.searchParams.set('token', token)
        else url.searchParams.set('error', passwordErrors.INVALID_TOKEN.code)
        return { url: url.href }
      }),

    reset: procedure
      .public({
        rest: 'POST /reset-password',
        operationId: 'resetPassword',
        summary: 'Sets a new password with the token of a reset link',
        errors: [passwordErrors.INVALID_TOKEN, ...choiceErrors],
        tags,
      })
      .input(z.object({ newPassword: z.string().max(LONGEST_PASSWORD), token: z.string().max(512).optional() }))
      .output(z.object({ status: z.boolean() }))
      .mutation(async ({ ctx: { auth }, input: { newPassword, token } }) => {
        if (!token) throw new AuthError(passwordErrors.INVALID_TOKEN)
        await assertAcceptable(auth, newPassword)
        await resetPassword(auth, token, newPassword)
        return { status: true }
      }),
  }
}

async function mailResetLink(auth: AuthContext, user: User, redirectTo = ''): Promise<void> {
  const { options } = auth.kernel
  const { sendResetPassword, resetPasswordTokenExpiresIn: expiresIn } = options.emailAndPassword
  const token = randomString(TOKEN_LENGTH)
  await createVerification(auth, { purpose: PURPOSE, secret: token }, { value: proofOf(user), expiresIn })
  const url = `${auth.baseURL}/reset-password/${token}?callbackURL=${encodeURIComponent(redirectTo)}`
  await sendResetPassword?.({ user, url, token }, auth.request?.())
}

/** Whose password, and to which mailbox the link went: it is worth nothing once the user has another address. */
function proofOf({ id, email }: User): string {
  return `${id}:${sha256(email)}`
}

/** The user whose password a link sets, by what its secret proves. */
async function ownerOf(auth: AuthContext, value: string | undefined): Promise<User | null> {
  if (!value) return null
  const user = await findUserById(auth, value.slice(0, value.lastIndexOf(':')))
  return user && proofOf(user) === value ? user : null
}

async function resetPassword(auth: AuthContext, token: string, newPassword: string): Promise<void> {
  const { kernel } = auth
  const { revokeSessionsOnPasswordReset, onPasswordReset } = kernel.options.emailAndPassword
  // Looked up first, so that a bad token costs no hash; consumed with the write, so that it works once.
  const secret = { purpose: PURPOSE, secret: token }
  if (!(await ownerOf(auth, await peekVerification(auth, secret)))) throw new AuthError(passwordErrors.INVALID_TOKEN)
  const hash = await kernel.hasher.hash(newPassword)
  const user = await kernel.unitOfWork.run(async () => {
    const owner = await ownerOf(auth, await consumeVerification(auth, secret))
    if (!owner) throw new AuthError(passwordErrors.INVALID_TOKEN)
    await setPasswordHash(auth, owner.id, hash)
    if (revokeSessionsOnPasswordReset) await deleteSessions(auth, owner.id)
    return owner
  })
  // Whoever reads the owner's mail is not the one who guessed.
  await forgetFailedAttempts(auth, user)
  await tellApplication(auth, 'onPasswordReset', () => onPasswordReset?.({ user }, auth.request?.()))
}
