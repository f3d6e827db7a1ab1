import { z } from 'zod'
import { AuthError } from '../../src/errors.ts'
import { hookContextOf } from '../../src/hook-context.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { attemptErrors, twoFactorErrors } from './errors.ts'
import { backupCodeFactor, otpFactor, totpFactor } from './factors.ts'
import { codeLimit } from './limits.ts'
import type { TwoFactorSettings } from './options.ts'
import { newOtp } from './otp.ts'
import { proveFactor } from './prove.ts'
import { findSubject } from './subject.ts'

const tags = ['Two factor']
const code = z.string().max(128)
const trusting = z.boolean().optional().meta({ description: 'Do not ask for the second factor on this device again' })

/** `twoFactor.verifyTotp` and `.verifyBackupCode` */
export function ownedCodeProcedures({ procedure, schemas }: ProcedureBuilder, settings: TwoFactorSettings) {
  const proven = z.object({ token: z.string(), user: schemas.user })
  return {
    verifyTotp: procedure
      .public({
        rest: 'POST /two-factor/verify-totp',
        operationId: 'verifyTOTP',
        summary: 'Completes a sign-in, or turns the second factor on, with a code of an authenticator app',
        errors: [
          twoFactorErrors.TOTP_NOT_CONFIGURED,
          twoFactorErrors.TOTP_NOT_ENABLED,
          twoFactorErrors.INVALID_CODE,
          ...attemptErrors,
        ],
        limit: codeLimit,
        sessionCookie: 'set',
        tags,
      })
      .input(z.object({ code, trustDevice: trusting }))
      .output(proven)
      .mutation(async ({ ctx: { auth }, input }) => {
        if (settings.totp.isDisabled) throw new AuthError(twoFactorErrors.TOTP_NOT_CONFIGURED)
        const { token = '', user } = await proveFactor(auth, settings, totpFactor(auth, settings, input))
        return { token, user }
      }),

    verifyBackupCode: procedure
      .public({
        rest: 'POST /two-factor/verify-backup-code',
        operationId: 'verifyBackupCode',
        summary: 'Completes a sign-in with a backup code, which is used up by that',
        description: 'With `disableSession` it only says whether the code is right.',
        errors: [twoFactorErrors.BACKUP_CODES_NOT_ENABLED, twoFactorErrors.INVALID_BACKUP_CODE, ...attemptErrors],
        limit: codeLimit,
        sessionCookie: 'set',
        tags,
      })
      .input(z.object({ code, disableSession: z.boolean().optional(), trustDevice: trusting }))
      .output(proven.partial({ token: true }))
      .mutation(({ ctx: { auth }, input }) => proveFactor(auth, settings, backupCodeFactor(auth, settings, input))),
  }
}

/** `twoFactor.sendOtp` and `.verifyOtp` */
export function sentCodeProcedures({ procedure, schemas }: ProcedureBuilder, settings: TwoFactorSettings) {
  return {
    sendOtp: procedure
      .public({
        rest: 'POST /two-factor/send-otp',
        operationId: 'sendTwoFactorOTP',
        summary: 'Sends a code to the user who is signed in, or about to be',
        errors: [twoFactorErrors.OTP_NOT_CONFIGURED, twoFactorErrors.INVALID_TWO_FACTOR_COOKIE],
        limit: codeLimit,
        tags,
      })
      .input(z.object({ trustDevice: trusting }).optional())
      .output(z.object({ status: z.boolean() }))
      .mutation(async ({ ctx: { auth } }) => {
        const { send } = settings.otp
        if (!send) throw new AuthError(twoFactorErrors.OTP_NOT_CONFIGURED)
        const { user, key } = await findSubject(auth)
        const otp = await newOtp(auth, key, settings.otp)
        auth.kernel.background(() => send({ user, otp }, hookContextOf(auth)))
        return { status: true }
      }),

    verifyOtp: procedure
      .public({
        rest: 'POST /two-factor/verify-otp',
        operationId: 'verifyTwoFactorOTP',
        summary: 'Completes a sign-in, or turns the second factor on, with a code that was sent',
        errors: [twoFactorErrors.OTP_HAS_EXPIRED, twoFactorErrors.INVALID_CODE, ...attemptErrors],
        limit: codeLimit,
        sessionCookie: 'set',
        tags,
      })
      .input(z.object({ code, trustDevice: trusting }))
      .output(z.object({ token: z.string(), user: schemas.user }))
      .mutation(async ({ ctx: { auth }, input }) => {
        const { token = '', user } = await proveFactor(auth, settings, otpFactor(auth, settings, input))
        return { token, user }
      }),
  }
}
