import { z } from 'zod'
import type { User } from '../../entities/index.ts'
import { LONGEST_PASSWORD, setPasswordHash } from '../../src/accounts.ts'
import { tellApplication } from '../../src/application-callbacks.ts'
import type { AuthContext } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import { proveMailbox } from '../../src/mailbox-proof.ts'
import { forgetFailedAttempts } from '../../src/password-attempts.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { deleteSessions } from '../../src/sessions.ts'
import type { RightCode } from '../../src/short-codes/index.ts'
import { findUserByEmail } from '../../src/users.ts'
import { assertAcceptable, choiceErrors } from '../email-password/index.ts'
import { consume, judgeCode, mailCode } from './codes.ts'
import { addressErrors, codeErrors } from './errors.ts'
import { address, done, otp } from './inputs.ts'
import type { OtpSettings } from './options.ts'

const tags = ['Email OTP']
const type = 'forget-password'

/** `emailOtp.requestPasswordReset` and `.resetPassword` */
export function resetProcedures({ procedure }: ProcedureBuilder, settings: OtpSettings) {
  return {
    requestPasswordReset: procedure
      .public({
        rest: [
          'POST /email-otp/request-password-reset',
          { line: 'POST /forget-password/email-otp', operationId: 'forgetPasswordEmailOTP', deprecated: true },
        ],
        operationId: 'requestPasswordResetEmailOTP',
        summary: 'Mails a code to choose a new password with',
        description: 'The answer is the same whether or not the address has a user.',
        limit: settings.limit,
        tags,
      })
      .input(z.object({ email: address }))
      .output(done)
      .mutation(async ({ ctx: { auth }, input: { email } }) => {
        const isWanted = async () => (await findUserByEmail(auth, email)) !== null
        mailCode(auth, settings, { email, type, isWanted })
        return { success: true }
      }),

    resetPassword: procedure
      .public({
        rest: 'POST /email-otp/reset-password',
        operationId: 'resetPasswordEmailOTP',
        summary: 'Sets a new password with a mailed code',
        description:
          'The code proves the address too. If nobody had before, logins at providers and sessions of before are deleted.',
        errors: [addressErrors.USER_NOT_FOUND, ...Object.values(codeErrors), ...choiceErrors],
        limit: settings.limit,
        tags,
      })
      .input(z.object({ email: address, otp, password: z.string().max(LONGEST_PASSWORD) }))
      .output(done)
      .mutation(async ({ ctx: { auth }, input }) => {
        // First, so that a password that will not do costs no code.
        await assertAcceptable(auth, input.password)
        const code = await judgeCode(auth, settings, { type, email: input.email, otp: input.otp })
        const user = await findUserByEmail(auth, input.email)
        if (!user) throw new AuthError(addressErrors.USER_NOT_FOUND)
        await resetPassword(auth, { user, code, password: input.password })
        return { success: true }
      }),
  }
}

/**
 * Judged before, so that a bad code costs no hash. Consumed before the transaction and not in it: tries at the code would
 * wait for its end, and may hold every connection that it needs itself.
 */
async function resetPassword(
  auth: AuthContext,
  { user, code, password }: { user: User; code: RightCode; password: string },
): Promise<void> {
  const { kernel } = auth
  const { revokeSessionsOnPasswordReset, onPasswordReset } = kernel.options.emailAndPassword
  const hash = await kernel.hasher.hash(password)
  await consume(code)
  await kernel.unitOfWork.run(async () => {
    if (!user.emailVerified) await proveMailbox(auth, user, { clearsUnproven: true })
    await setPasswordHash(auth, user.id, hash)
    if (revokeSessionsOnPasswordReset) await deleteSessions(auth, user.id)
  })
  // Whoever reads the owner's mail is not the one who guessed.
  await forgetFailedAttempts(auth, user)
  await tellApplication(auth, 'onPasswordReset', () => onPasswordReset?.({ user }, auth.request?.()))
}
