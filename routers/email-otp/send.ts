import { z } from 'zod'
import { AuthError } from '../../src/errors.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { findUserByEmail } from '../../src/users.ts'
import { judgeCode, mailCode } from './codes.ts'
import { addressErrors, codeErrors, typeErrors } from './errors.ts'
import { address, assertAddress, done, otp, otpType } from './inputs.ts'
import type { OtpSettings } from './options.ts'

const tags = ['Email OTP']

/** `emailOtp.send` and `.check` */
export function sendProcedures({ procedure }: ProcedureBuilder, settings: OtpSettings) {
  return {
    send: procedure
      .public({
        rest: 'POST /email-otp/send-verification-otp',
        operationId: 'sendVerificationOTP',
        summary: 'Mails a code',
        description: 'The answer is the same whether or not the address has a user.',
        errors: [addressErrors.INVALID_EMAIL, ...Object.values(typeErrors)],
        limit: settings.limit,
        tags,
      })
      .input(z.object({ email: address, type: otpType }))
      .output(done)
      .mutation(async ({ ctx: { auth }, input: { email, type } }) => {
        assertAddress(email)
        // Only who is signed in changes an address.
        if (type === 'change-email') throw new AuthError(typeErrors.INVALID_OTP_TYPE)
        const isForAnyone = type === 'sign-in' && !settings.disableSignUp
        const isWanted = async () => isForAnyone || (await findUserByEmail(auth, email)) !== null
        mailCode(auth, settings, { email, type, isWanted })
        return { success: true }
      }),

    check: procedure
      .public({
        rest: 'POST /email-otp/check-verification-otp',
        operationId: 'checkVerificationOTP',
        summary: 'Whether this is the code, without using it up',
        description: 'A wrong code counts as a try. An address without a user is answered like a wrong code.',
        errors: [...Object.values(addressErrors), ...Object.values(codeErrors)],
        limit: settings.limit,
        tags,
      })
      .input(z.object({ email: address, type: otpType, otp }))
      .output(done)
      .mutation(async ({ ctx: { auth }, input }) => {
        assertAddress(input.email)
        const code = await judgeCode(auth, settings, input)
        await code.returnTry()
        // Told to whoever has the mailbox.
        if (!(await findUserByEmail(auth, input.email))) throw new AuthError(addressErrors.USER_NOT_FOUND)
        return { success: true }
      }),
  }
}
