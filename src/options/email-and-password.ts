import type { User } from '../../entities/index.ts'
import type { Argon2Options } from '../crypto/password.ts'
import { positive } from './checks.ts'

export interface EmailAndPasswordOptions {
  /** Default false; `plugins: [emailAndPassword()]` turns it on too. */
  enabled?: boolean
  /** Refuse new users: those that are there still sign in. Default false. */
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
  /** Once a password was reset by the mailed link. What it throws is logged. */
  onPasswordReset?: (event: { user: User }, request?: Request) => Promise<void> | void
  /** Default false. */
  revokeSessionsOnPasswordReset?: boolean
  /**
   * Somebody signed up with an address that has a user, and was not told so: the place to tell that user. Only where
   * sign-up does not sign in (`requireEmailVerification`, or `autoSignIn: false`). Runs after the response.
   */
  onExistingUserSignUp?: (event: { user: User }, request?: Request) => Promise<void> | void
  /**
   * Makes the user that such a sign-up is answered with, where hooks give a real one fields that the default lacks.
   * The answer should have the same fields as a real one.
   */
  customSyntheticUser?: (parts: SyntheticUserParts) => Record<string, unknown>
  /** How passwords are hashed. */
  password?: {
    /** In the place of the built-in Argon2id; `verify` belongs to it. */
    hash?: (password: string) => Promise<string>
    /** Whether a password is the one that was hashed. */
    verify?: (input: { password: string; hash: string }) => Promise<boolean>
    /** Cost of the built-in hash; default m=65536, t=3, p=4. */
    argon2?: Argon2Options
    /** Hashes computed at once; default 4, the size of Node's thread pool. */
    concurrency?: number
    /** Hashes that wait beside them; beyond it calls are answered 503 SERVICE_BUSY. Default 128. */
    maxQueue?: number
  }
  /**
   * Slows down guessing at one account's password, wherever the guesses come from. On where `rateLimit` is on; `false`
   * turns it off.
   */
  failedAttempts?:
    | {
        /** So many failures in a row, and the next attempt has to wait. Default 10. */
        free?: number
        /** Seconds. The wait begins with one and doubles with each failure up to this. Default 60. */
        longestDelay?: number
      }
    | false
}

/** NIST SP 800-63B-4, 3.2.2. */
const MOST_FAILURES_PER_HOUR = 100

export interface SyntheticUserParts {
  coreFields: Pick<User, 'name' | 'email' | 'emailVerified' | 'createdAt' | 'updatedAt'> & { image: string | null }
  /** Those of `user.additionalFields`, with their defaults. */
  additionalFields: Record<string, unknown>
  id: string
}

export function resolveEmailAndPassword(options: EmailAndPasswordOptions = {}) {
  const { minPasswordLength = 8, maxPasswordLength = 128, resetPasswordTokenExpiresIn = 3600, password } = options
  const name = (option: string) => `emailAndPassword.${option}`
  // With none at once nothing would ever be hashed.
  positive(name('password.concurrency'), password?.concurrency ?? 1)
  positive(name('password.maxQueue'), password?.maxQueue ?? 1)
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
    failedAttempts: resolveFailedAttempts(options.failedAttempts),
  }
}

function resolveFailedAttempts(
  given: EmailAndPasswordOptions['failedAttempts'] = {},
): { free: number; longestDelay: number } | false {
  if (given === false) return false
  const { free = 10, longestDelay = 60 } = given
  if (!(free >= 2)) throw new Error('init: emailAndPassword.failedAttempts.free must be at least 2')
  positive('emailAndPassword.failedAttempts.longestDelay', longestDelay)
  let failures = free
  for (let waited = 0, level = 0; waited < 3600; level++, failures++) waited += Math.min(2 ** level, longestDelay)
  if (failures > MOST_FAILURES_PER_HOUR) {
    throw new Error(`init: emailAndPassword.failedAttempts allows ${failures} failures an hour; 100 is the most`)
  }
  return { free, longestDelay }
}
