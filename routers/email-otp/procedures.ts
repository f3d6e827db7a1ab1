import type { ProcedureBuilder } from '../../src/plugin.ts'
import { changeEmailProcedures } from './change-email.ts'
import type { OtpSettings } from './options.ts'
import { resetProcedures } from './reset.ts'
import { sendProcedures } from './send.ts'
import { signInProcedures } from './sign-in.ts'
import { verifyEmailProcedures } from './verify-email.ts'

/** `signIn.emailOtp` and, under `emailOtp`, everything else that is done with a mailed code */
export function emailOtpProcedures(builder: ProcedureBuilder, settings: OtpSettings) {
  return {
    signIn: signInProcedures(builder, settings),
    emailOtp: {
      ...sendProcedures(builder, settings),
      ...verifyEmailProcedures(builder, settings),
      ...resetProcedures(builder, settings),
      ...changeEmailProcedures(builder, settings),
    },
  }
}

export interface EmailOtpRouter extends ReturnType<typeof emailOtpProcedures> {}
