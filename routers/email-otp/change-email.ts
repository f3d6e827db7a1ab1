import { z } from 'zod'
import type { User } from '../../entities/index.ts'
import { UniqueViolation } from '../../src/adapters/contract.ts'
import { tellApplication } from '../../src/application-callbacks.ts'
import type { SignedInContext } from '../../src/context.ts'
import { AuthError, askApplication } from '../../src/errors.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { sendSession } from '../../src/sessions.ts'
import { findUserByEmail, updateUserIf } from '../../src/users.ts'
import { mailCode, type OtpPlace, spendCode } from './codes.ts'
import { addressErrors, changeErrors, codeErrors } from './errors.ts'
import { address, assertAddress, done, otp } from './inputs.ts'
import type { OtpSettings } from './options.ts'

const tags = ['Email OTP']

/** `emailOtp.requestEmailChange` and `.changeEmail` */
export function changeEmailProcedures({ procedure }: ProcedureBuilder, settings: OtpSettings) {
  const { EMAIL_ALREADY_IN_USE, OTP_REQUIRED, ...wishErrors } = changeErrors
  const errors = [addressErrors.INVALID_EMAIL, ...Object.values(wishErrors), ...Object.values(codeErrors)]
  return {
    requestEmailChange: procedure
      .sensitive({
        rest: 'POST /email-otp/request-email-change',
        operationId: 'requestEmailChangeEmailOTP',
        ownerOnly: true,
        summary: 'Mails a code to the address that the user wants to have',
        description:
          'With `changeEmail.verifyCurrentEmail`, `otp` is a code of type `email-verification` to the present address. The ' +
          'answer is the same whether or not the new address has a user.',
        errors: [OTP_REQUIRED, ...errors],
        limit: settings.limit,
        tags,
      })
      .input(z.object({ newEmail: address, otp: otp.optional() }))
      .output(done)
      .mutation(async ({ ctx: { auth }, input: { newEmail, otp: entered } }) => {
        const place = placeOf(auth, settings, newEmail)
        if (settings.changeEmail.verifyCurrentEmail) {
          if (!entered) throw new AuthError(OTP_REQUIRED)
          const { email } = auth.signedIn.user
          await spendCode(auth, settings, { type: 'email-verification', email, otp: entered })
        }
        const isWanted = async () => (await findUserByEmail(auth, newEmail)) === null
        mailCode(auth, settings, { ...place, isWanted })
        return { success: true }
      }),

    changeEmail: procedure
      .sensitive({
        rest: 'POST /email-otp/change-email',
        operationId: 'changeEmailEmailOTP',
        ownerOnly: true,
        summary: "Changes the user's address with the code that was mailed to the new one",
        errors: [EMAIL_ALREADY_IN_USE, addressErrors.USER_NOT_FOUND, ...errors],
        limit: settings.limit,
        sessionCookie: 'set',
        tags,
      })
      .input(z.object({ newEmail: address, otp }))
      .output(done)
      .mutation(async ({ ctx: { auth }, input: { newEmail, otp: entered } }) => {
        await spendCode(auth, settings, { ...placeOf(auth, settings, newEmail), otp: entered })
        await changeAddress(auth, newEmail)
        return { success: true }
      }),
  }
}

/**
 * Where the code for this change is: bound to the user and both addresses.
 * @throws CHANGE_EMAIL_DISABLED, INVALID_EMAIL, EMAIL_IS_THE_SAME
 */
function placeOf({ signedIn: { user } }: SignedInContext, settings: OtpSettings, newEmail: string): OtpPlace {
  if (!settings.changeEmail.enabled) throw new AuthError(changeErrors.CHANGE_EMAIL_DISABLED)
  assertAddress(newEmail)
  if (newEmail === user.email) throw new AuthError(changeErrors.EMAIL_IS_THE_SAME)
  return { type: 'change-email', email: newEmail, owner: `${user.id} ${user.email}` }
}

async function changeAddress(auth: SignedInContext, newEmail: string): Promise<void> {
  const { session, user: before } = auth.signedIn
  const { emailVerification, user: userOptions } = auth.kernel.options
  const { beforeEmailVerification, afterEmailVerification } = emailVerification
  await askApplication(() => beforeEmailVerification?.(before, auth.request?.()))
  const user = await write(auth, before, newEmail)
  sendSession(auth, { session, user })
  await tellApplication(auth, 'afterEmailVerification', () => afterEmailVerification?.(user, auth.request?.()))
  const oldEmail = before.email
  auth.kernel.background(() => userOptions.changeEmail.onEmailChanged?.({ user, oldEmail }, auth.request?.()))
}

/** @throws EMAIL_ALREADY_IN_USE, USER_NOT_FOUND when the user is gone or has another address by now */
async function write(auth: SignedInContext, { id, email }: User, newEmail: string): Promise<User> {
  const changes = { email: newEmail, emailVerified: true }
  const user = await updateUserIf(auth, { id, email }, changes).catch(error => {
    // Whoever has the code has the mailbox, and may know that it has a user.
    const isTaken = error instanceof UniqueViolation && error.model === 'user'
    throw isTaken ? new AuthError(changeErrors.EMAIL_ALREADY_IN_USE) : error
  })
  if (!user) throw new AuthError(addressErrors.USER_NOT_FOUND)
  return user
}
