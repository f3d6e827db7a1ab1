import { z } from 'zod'
import { AuthError } from '../../src/errors.ts'
import type { ServerProcedureBuilder } from '../../src/plugin.ts'
import { currentCode, makeCode } from './codes.ts'
import { serverErrors } from './errors.ts'
import { address, otpType } from './inputs.ts'
import type { OtpSettings } from './options.ts'

const tags = ['Email OTP']
const wish = z.object({ email: address, type: otpType })

/** `emailOtp.create` and `.get` */
export function emailOtpServerProcedures({ procedure }: ServerProcedureBuilder, settings: OtpSettings) {
  return {
    emailOtp: {
      create: procedure
        .public({
          operationId: 'createVerificationOTP',
          summary: 'Makes a code on behalf of whoever owns the address, for the application to deliver',
          tags,
        })
        .input(wish)
        .output(z.string())
        .mutation(({ ctx: { auth }, input }) => makeCode(auth, settings, input)),

      get: procedure
        .public({
          operationId: 'getVerificationOTP',
          summary: 'The code that was made for an address, for tests and support of the application',
          errors: Object.values(serverErrors),
          tags,
        })
        .input(wish)
        .output(z.object({ otp: z.union([z.string(), z.null()]) }))
        .query(async ({ ctx: { auth }, input }) => {
          const code = await currentCode(auth, settings, input)
          if (code && !code.isReadable) throw new AuthError(serverErrors.OTP_HASHED)
          return { otp: code?.otp ?? null }
        }),
    },
  }
}

export interface EmailOtpServerRouter extends ReturnType<typeof emailOtpServerProcedures> {}
