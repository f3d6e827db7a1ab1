import type { User } from '../../entities/index.ts'
import type { Argon2Options } from '../crypto/password.ts'
import { positive } from './checks.ts'

export interface EmailAndPasswordOptions {
  /** Default false; `plugins: [emailAndPassword()]` turns it on too. */
  enabled?: boolean
  disableSignUp?: boolean
  /** Refuse to sign in, and do not sign in at sign-up, until the address is proven. Default false. */
  requireEmailVerification?: boolean
  /** In UTF-16 units; default 8. */
  minPasswordLength?: number
  /** In UTF-16 units; default 128. */
  maxPasswordLength?: number
  /** Sign in at sign-up. Default true. */
  autoSignIn?: boolean
  /** Delivers the reset link. Without it, password reset is off. It runs after the response, so it tells nothing by its time. */
  sendResetPassword?: (mail: { user: User; url: string; token: string }, request?: Request) => Promise<void> | void
  /** Seconds; default 3600. */
  resetPasswordTokenExpiresIn?: number
  onPasswordReset?: (event: { user: User }, request?: Request) => Promise<void> | void
  /** Default false. */
  revokeSessionsOnPasswordReset?: boolean
  password?: {
    hash?: (password: string) => Promise<string>
    verify?: (input: { password: string; hash: string }) => Promise<boolean>
    /** Cost of the built-in hash; default m=65536, t=3, p=4. */
    argon2?: Argon2Options
    /** Hashes computed at once; default 4, the size of Node's thread pool. */
    concurrency?: number
  }
}

export function resolveEmailAndPassword(options: EmailAndPasswordOptions = {}) {
  const { minPasswordLength = 8, maxPasswordLength = 128, resetPasswordTokenExpiresIn = 3600, password } = options
  const name = (option: string) => `emailAndPassword.${option}`
  // With none at once nothing would ever be hashed.
  positive(name('password.concurrency'), password?.concurrency ?? 1)
  positive(name('minPasswordLength'), minPasswordLength)
  if (!(maxPasswordLength >= minPasswordLength))
    throw new Error(`init: ${name('maxPasswordLength')} is below the minimum`)
  positive(name('resetPasswordTokenExpiresIn'), resetPasswordTokenExpiresIn)
  return {
    ...options,
    enabled: options.enabled ?? false,
    minPasswordLength,
    maxPasswordLength,
    resetPasswordTokenExpiresIn,
    autoSignIn: options.autoSignIn ?? true,
  }
}
