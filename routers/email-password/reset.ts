import { z } from 'zod'
import type { User } from '../../entities/index.ts'
import { setPasswordHash } from '../../src/accounts.ts'
import type { AuthContext } from '../../src/context.ts'
import { randomString } from '../../src/crypto/random.ts'
import { AuthError } from '../../src/errors.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { deleteSessions } from '../../src/sessions.ts'
import { findUserByEmail, findUserById, normalizeEmail } from '../../src/users.ts'
import { consumeVerification, createVerification, peekVerification } from '../../src/verifications.ts'
import { passwordErrors } from './errors.ts'
import { mailLimit } from './limits.ts'
import { assertAcceptable, choiceErrors, LONGEST_INPUT } from './passwords.ts'

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
          email: z.string().max(255).overwrite(normalizeEmail).email(),
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
        const userId = callbackURL ? await peekVerification(auth, { purpose: PURPOSE, secret: token }) : undefined
        const url = new URL(callbackURL || `${baseURL}/error`, origin)
        if (userId) url.searchParams.set('token', token)
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
      .input(z.object({ newPassword: z.string().max(LONGEST_INPUT), token: z.string().max(512).optional() }))
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
  await createVerification(auth, { purpose: PURPOSE, secret: token }, { value: user.id, expiresIn })
  const url = `${auth.baseURL}/reset-password/${token}?callbackURL=${encodeURIComponent(redirectTo)}`
  await sendResetPassword?.({ user, url, token }, auth.request)
}

async function resetPassword(auth: AuthContext, token: string, newPassword: string): Promise<void> {
  const { kernel } = auth
  const { revokeSessionsOnPasswordReset, onPasswordReset } = kernel.options.emailAndPassword
  // Looked up first, so that a bad token costs no hash; consumed with the write, so that it works once.
  const secret = { purpose: PURPOSE, secret: token }
  if (!(await peekVerification(auth, secret))) throw new AuthError(passwordErrors.INVALID_TOKEN)
  const hash = await kernel.hasher.hash(newPassword)
  const user = await kernel.unitOfWork.run(async () => {
    const userId = await consumeVerification(auth, secret)
    const owner = userId ? await findUserById(auth, userId) : null
    if (!owner) throw new AuthError(passwordErrors.INVALID_TOKEN)
    await setPasswordHash(auth, owner.id, hash)
    if (revokeSessionsOnPasswordReset) await deleteSessions(auth, owner.id)
    return owner
  })
  await onPasswordReset?.({ user }, auth.request)
}
