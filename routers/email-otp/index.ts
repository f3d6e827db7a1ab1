import type { Hooks } from '../../src/context.ts'
import { definePlugin, type Plugin } from '../../src/plugin.ts'
import { mailCode } from './codes.ts'
import { type EmailOTPOptions, type OtpSettings, resolveEmailOTP } from './options.ts'
import { type EmailOtpRouter, emailOtpProcedures } from './procedures.ts'
import { type EmailOtpServerRouter, emailOtpServerProcedures } from './server.ts'

export type { EmailOTPOptions, OtpMail, OtpStorage, OtpType } from './options.ts'
export type { EmailOtpRouter } from './procedures.ts'
export type { EmailOtpServerRouter } from './server.ts'

type None = Record<never, never>

/**
 * Short codes by mail: to sign in, to prove an address, to choose a new password and to change the address.
 * @throws without `sendVerificationOTP`, and when a number makes no sense
 */
export function emailOTP(options: EmailOTPOptions): Plugin<EmailOtpRouter, None, never, EmailOtpServerRouter> {
  const settings = resolveEmailOTP(options)
  return definePlugin<EmailOtpRouter, None, never, EmailOtpServerRouter>({
    id: 'email-otp',
    signInMethod: 'email-otp',
    requires: ['email-password'],
    procedures: builder => emailOtpProcedures(builder, settings),
    serverProcedures: builder => emailOtpServerProcedures(builder, settings),
    hooks: hooksOf(settings),
  })
}

/** Codes that are mailed without anybody asking this feature for them. */
function hooksOf(settings: OtpSettings): Hooks {
  const type = 'email-verification'
  const mail: NonNullable<Hooks['signedUp']> = ({ email }, auth) => mailCode(auth, settings, { email, type })
  if (settings.overrideDefaultEmailVerification) return { verificationAsked: mail }
  return settings.sendVerificationOnSignUp ? { signedUp: mail } : {}
}
