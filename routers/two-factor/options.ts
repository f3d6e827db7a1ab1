import type { TWO_FACTOR_MODELS } from '../../entities/two-factor.ts'
import type { User } from '../../entities/user.ts'
import type { HookContext } from '../../src/options/hooks.ts'
import type { SchemaNames } from '../../src/plugin-schema.ts'

/** Codes of an authenticator app. */
export interface TOTPOptions {
  /** Default 6. */
  digits?: 6 | 8
  /** Seconds that a code lasts. Default 30. */
  period?: number
  /** Default: the same as `twoFactor`'s. */
  allowPasswordless?: boolean
  disable?: boolean
}

/** Codes that are sent to the user. */
export interface OTPOptions {
  /** Sends the code, by mail or otherwise. Without it there are no such codes. Runs after the response. */
  sendOTP?: (data: { user: User & { twoFactorEnabled?: boolean | null }; otp: string }, ctx: HookContext) => unknown
  /** Minutes that a code lasts. Default 3. */
  period?: number
  /** Default 6. */
  digits?: number
  /** Wrong codes before another one has to be sent. Default 5; the challenge of a sign-in allows no more than 5. */
  allowedAttempts?: number
  /**
   * How a code is stored. Default `encrypted`, which `plain` means as well: it is never stored as it is. `hashed` is an
   * HMAC with the instance's secret.
   */
  storeOTP?:
    | 'plain'
    | 'encrypted'
    | 'hashed'
    | { hash(otp: string): string | Promise<string> }
    | { encrypt(otp: string): string | Promise<string>; decrypt(stored: string): string | Promise<string> }
}

/** Codes for when the authenticator is lost; each works once. */
export interface BackupCodeOptions {
  /** Default 10. */
  amount?: number
  /** Characters of a code, without the hyphen. Default 10. */
  length?: number
  /** Makes the codes instead. */
  customBackupCodesGenerate?: () => string[]
  /**
   * Default `hashed`. Only with the others can `viewBackupCodes` show them: `encrypted`, which `plain` means as well, or
   * functions of your own.
   */
  storeBackupCodes?:
    | 'hashed'
    | 'encrypted'
    | 'plain'
    | { encrypt(codes: string): string | Promise<string>; decrypt(stored: string): string | Promise<string> }
  /** Default: the same as `twoFactor`'s. */
  allowPasswordless?: boolean
}

/** What `twoFactor` takes; the names are Better Auth's. */
export interface TwoFactorOptions {
  /** Shown in the authenticator app. Default: the instance's `appName`. */
  issuer?: string
  totpOptions?: TOTPOptions
  otpOptions?: OTPOptions
  backupCodeOptions?: BackupCodeOptions
  /** Turns the second factor on at once, before the authenticator has given a code. Default false. */
  skipVerificationOnEnable?: boolean
  /** Users who have no password need none to manage their second factor. Default false. */
  allowPasswordless?: boolean
  /**
   * Whoever has the second factor on, or a passkey, has proved it for the session before turning this factor on or off, or
   * being given another secret or other backup codes: otherwise a session and a password are enough to put another second
   * factor in its place. Default false, as the official client does not expect it.
   */
  requireSecondFactor?: boolean
  /** Seconds between the password and the second factor. Default 600. */
  twoFactorCookieMaxAge?: number
  /** Seconds that a device stays trusted after its last sign-in. Default 30 days. */
  trustDeviceMaxAge?: number
  /** Name of the table. Default `twoFactor`. */
  twoFactorTable?: string
  /** Names of tables and columns in the database. */
  schema?: SchemaNames<typeof TWO_FACTOR_MODELS>
  /** Wrong codes on one account, over all challenges and ways. It is locked for a while only, and opens by itself. */
  accountLockout?: {
    /** Default true. */
    enabled?: boolean
    /** Default 10. */
    maxFailedAttempts?: number
    /** Default 900. */
    durationSeconds?: number
  }
}

/** Wrong codes for one challenge: after that the password is asked for again. */
const CHALLENGE_ATTEMPTS = 5

/** Options with every default filled in. */
export type TwoFactorSettings = ReturnType<typeof resolveTwoFactor>

/** @throws when a number makes no sense */
export function resolveTwoFactor(options: TwoFactorOptions) {
  const { totpOptions = {}, otpOptions = {}, backupCodeOptions = {}, accountLockout = {}, allowPasswordless } = options
  const settings = {
    issuer: options.issuer,
    totp: {
      digits: totpOptions.digits ?? 6,
      period: totpOptions.period ?? 30,
      isDisabled: totpOptions.disable ?? false,
      allowPasswordless: totpOptions.allowPasswordless ?? allowPasswordless ?? false,
    },
    otp: {
      send: otpOptions.sendOTP,
      /** Seconds. */
      life: (otpOptions.period ?? 3) * 60,
      digits: otpOptions.digits ?? 6,
      allowedAttempts: otpOptions.allowedAttempts ?? 5,
      store: otpOptions.storeOTP ?? ('encrypted' as const),
    },
    backupCodes: {
      amount: backupCodeOptions.amount ?? 10,
      length: backupCodeOptions.length ?? 10,
      generate: backupCodeOptions.customBackupCodesGenerate,
      store: backupCodeOptions.storeBackupCodes ?? ('hashed' as const),
      allowPasswordless: backupCodeOptions.allowPasswordless ?? allowPasswordless ?? false,
    },
    skipVerificationOnEnable: options.skipVerificationOnEnable ?? false,
    allowPasswordless: allowPasswordless ?? false,
    requireSecondFactor: options.requireSecondFactor ?? false,
    challengeLife: options.twoFactorCookieMaxAge ?? 600,
    challengeAttempts: CHALLENGE_ATTEMPTS,
    trustLife: options.trustDeviceMaxAge ?? 30 * 86_400,
    lockout: {
      isEnabled: accountLockout.enabled ?? true,
      maxFailures: accountLockout.maxFailedAttempts ?? 10,
      seconds: accountLockout.durationSeconds ?? 900,
    },
  }
  assertSensible(settings)
  return settings
}

function assertSensible({ totp, otp, backupCodes, challengeLife, trustLife, lockout }: TwoFactorSettings): void {
  const numbers = {
    'totpOptions.period': totp.period,
    'otpOptions.period': otp.life,
    'otpOptions.digits': otp.digits,
    'otpOptions.allowedAttempts': otp.allowedAttempts,
    'backupCodeOptions.amount': backupCodes.amount,
    'backupCodeOptions.length': backupCodes.length,
    twoFactorCookieMaxAge: challengeLife,
    trustDeviceMaxAge: trustLife,
    'accountLockout.maxFailedAttempts': lockout.maxFailures,
    'accountLockout.durationSeconds': lockout.seconds,
  }
  for (const [name, value] of Object.entries(numbers)) {
    if (!Number.isFinite(value) || value <= 0) throw new Error(`twoFactor: ${name} must be a positive number`)
  }
  if (totp.digits !== 6 && totp.digits !== 8) throw new Error('twoFactor: totpOptions.digits must be 6 or 8')
  // Fewer could be guessed within the attempts that are allowed.
  if (otp.digits < 6) throw new Error('twoFactor: otpOptions.digits must be at least 6')
}
