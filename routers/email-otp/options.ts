import type { HookContext } from '../../src/options/index.ts'

/** What a code is for: presented for anything else, it is unknown. */
export const OTP_TYPES = ['email-verification', 'sign-in', 'forget-password', 'change-email'] as const
export type OtpType = (typeof OTP_TYPES)[number]

/** What an application mails. */
export interface OtpMail {
  email: string
  otp: string
  type: OtpType
}

/** How codes are stored. */
export type OtpStorage =
  | 'plain'
  | 'hashed'
  | 'encrypted'
  | { hash: (otp: string) => Promise<string> | string }
  | { encrypt: (otp: string) => Promise<string> | string; decrypt: (stored: string) => Promise<string> | string }

export interface EmailOTPOptions {
  /** Delivers a code. It runs after the response; what it throws is logged. */
  sendVerificationOTP: (mail: OtpMail, ctx?: HookContext) => Promise<void> | void
  /** Digits of a code; default 6. */
  otpLength?: number
  /** Life of a code in seconds; default 300. */
  expiresIn?: number
  /** Makes a code; the usual one where it gives none. */
  generateOTP?: (wish: { email: string; type: OtpType }, ctx?: HookContext) => string | undefined
  /** Tries at one code, the right one included; default 3. */
  allowedAttempts?: number
  /**
   * Default `encrypted` (AES-256-GCM). `hashed` is HMAC-SHA256 with the instance's secret, as a plain hash of six digits
   * hides nothing; a code can then neither be read nor sent again.
   */
  storeOTP?: OtpStorage
  /** Send the same code again, with a new life, while one is alive (`reuse`); default `rotate`: always a new one. */
  resendStrategy?: 'rotate' | 'reuse'
  /** Nobody is made for an address without a user. Default false. */
  disableSignUp?: boolean
  /** Mail a code of type `email-verification` at sign-up. Default false. */
  sendVerificationOnSignUp?: boolean
  /**
   * Mail a code wherever a link would be mailed that proves an address. Default false. As in Better Auth, an
   * `emailVerification.sendVerificationEmail` of the application goes before it.
   */
  overrideDefaultEmailVerification?: boolean
  /** Users may change their address by a code to the new one, with `verifyCurrentEmail` by one to the old one too. */
  changeEmail?: { enabled?: boolean; verifyCurrentEmail?: boolean }
  /** Calls of each route from one address; default 3 in 60 seconds. */
  rateLimit?: { window: number; max: number }
  /**
   * Signs users in without the second step that a plugin asks for, as Better Auth does. Default false: a mailbox is
   * one factor.
   */
  skipSecondFactor?: boolean
}

/** Options with every default filled in. */
export type OtpSettings = ReturnType<typeof resolveEmailOTP>

/** @throws without `sendVerificationOTP`, and when a number makes no sense */
export function resolveEmailOTP(options: EmailOTPOptions) {
  const { otpLength = 6, expiresIn = 300, allowedAttempts = 3, storeOTP = 'encrypted', changeEmail = {} } = options
  if (typeof options.sendVerificationOTP !== 'function') throw new Error('emailOTP: `sendVerificationOTP` is missing')
  const { window = 60, max = 3 } = (options.rateLimit ?? {}) as { window?: number; max?: number }
  for (const [name, value] of Object.entries({ otpLength, expiresIn, allowedAttempts, window, max })) {
    if (!(value > 0)) throw new Error(`emailOTP: ${name} must be a positive number`)
  }
  return { ...options, otpLength, expiresIn, allowedAttempts, storeOTP, changeEmail, limit: { window, max } }
}
