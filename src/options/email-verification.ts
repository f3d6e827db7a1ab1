import type { User } from '../../entities/index.ts'
import { positive } from './checks.ts'

export interface EmailVerificationOptions {
  /**
   * Delivers the link that proves an address. Without it no such link is ever sent. It runs after the response, so
   * that it tells nothing by its time.
   */
  sendVerificationEmail?: (mail: { user: User; url: string; token: string }, request?: Request) => Promise<void> | void
  /** Send the link at sign-up. Default: `emailAndPassword.requireEmailVerification`. */
  sendOnSignUp?: boolean
  /** Send the link when someone with the right password is refused for an unproven address. Default false. */
  sendOnSignIn?: boolean
  /** The first use of the link signs in. Default false. */
  autoSignInAfterVerification?: boolean
  /** Life of a link in seconds; default 3600. */
  expiresIn?: number
  /** Before an address counts as proven. Throwing refuses it. */
  beforeEmailVerification?: (user: User, request?: Request) => Promise<void> | void
  /** Once an address is proven, a new one of the user included. What it throws is logged. */
  afterEmailVerification?: (user: User, request?: Request) => Promise<void> | void
}

export function resolveEmailVerification(options: EmailVerificationOptions = {}) {
  return { ...options, expiresIn: positive('emailVerification.expiresIn', options.expiresIn ?? 3600) }
}
