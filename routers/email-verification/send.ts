import { z } from 'zod'
import type { AuthContext } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { storedSession } from '../../src/sessions.ts'
import { emailInput, findUserByEmail } from '../../src/users.ts'
import { isVerificationMailed, mailVerification } from '../../src/verification-mail.ts'
import { sendErrors } from './errors.ts'
import { mailLimit } from './limits.ts'

export function sendProcedures({ procedure }: ProcedureBuilder) {
  return {
    send: procedure
      .public({
        rest: 'POST /send-verification-email',
        operationId: 'sendVerificationEmail',
        summary: 'Mails a link that proves the address',
        description:
          'Without a session the answer is the same whether or not the address has a user and needs proof. ' +
          'With one it must be the address of the session.',
        errors: Object.values(sendErrors),
        limit: mailLimit,
        tags: ['Email verification'],
      })
      .input(z.object({ email: emailInput, callbackURL: z.string().max(2048).optional() }))
      .output(z.object({ status: z.boolean() }))
      .mutation(async ({ ctx: { auth }, input }) => {
        if (!isVerificationMailed(auth)) throw new AuthError(sendErrors.VERIFICATION_EMAIL_NOT_ENABLED)
        const current = await storedSession(auth)
        if (!current) mailIfUnproven(auth, input)
        else if (current.user.email !== input.email) throw new AuthError(sendErrors.EMAIL_MISMATCH)
        else if (current.user.emailVerified) throw new AuthError(sendErrors.EMAIL_ALREADY_VERIFIED)
        else mailVerification(auth, current.user, input.callbackURL)
        return { status: true }
      }),
  }
}

/** Nothing is looked up before the answer, so its time cannot tell what there is. */
function mailIfUnproven(auth: AuthContext, { email, callbackURL }: { email: string; callbackURL?: string }): void {
  auth.kernel.background(async () => {
    const user = await findUserByEmail(auth, email)
    if (user && !user.emailVerified) mailVerification(auth, user, callbackURL)
  })
}
