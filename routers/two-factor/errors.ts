import { credentialErrors } from '../../src/accounts.ts'
import { defineErrors } from '../../src/errors.ts'

export const twoFactorErrors = {
  INVALID_PASSWORD: credentialErrors.INVALID_PASSWORD,
  ...defineErrors({
    TWO_FACTOR_NOT_ENABLED: [400, "Two factor isn't enabled"],
    TOTP_NOT_CONFIGURED: [400, "totp isn't configured"],
    TOTP_NOT_ENABLED: [400, 'TOTP not enabled'],
    OTP_NOT_CONFIGURED: [400, "otp isn't configured"],
    OTP_HAS_EXPIRED: [400, 'OTP has expired'],
    TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: [400, 'Too many attempts. Please request a new code.'],
    BACKUP_CODES_NOT_ENABLED: [400, "Backup codes aren't enabled"],
    TRUSTED_DEVICE_NOT_FOUND: [404, 'Trusted device not found'],
    BACKUP_CODES_NOT_VIEWABLE: [400, 'Backup codes are stored hashed and cannot be shown'],
    INVALID_CODE: [401, 'Invalid code'],
    INVALID_BACKUP_CODE: [401, 'Invalid backup code'],
    INVALID_TWO_FACTOR_COOKIE: [401, 'Invalid two factor cookie'],
    ACCOUNT_TEMPORARILY_LOCKED: [
      429,
      'Too many failed verification attempts. Your account is temporarily locked. Please try again later.',
    ],
  }),
}

/** What any attempt at a second factor can meet. */
export const attemptErrors = [
  twoFactorErrors.INVALID_TWO_FACTOR_COOKIE,
  twoFactorErrors.TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE,
  twoFactorErrors.ACCOUNT_TEMPORARILY_LOCKED,
]
