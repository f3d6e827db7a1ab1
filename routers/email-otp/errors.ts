import { defineErrors } from '../../src/errors.ts'

/** What can be wrong with a code. */
export const codeErrors = defineErrors({
  OTP_EXPIRED: [400, 'OTP expired'],
  INVALID_OTP: [400, 'Invalid OTP'],
  TOO_MANY_ATTEMPTS: [403, 'Too many attempts'],
})

export const addressErrors = defineErrors({
  INVALID_EMAIL: [400, 'Invalid email'],
  USER_NOT_FOUND: [400, 'User not found'],
})

export const typeErrors = defineErrors({ INVALID_OTP_TYPE: [400, 'Invalid OTP type'] })

export const changeErrors = defineErrors({
  CHANGE_EMAIL_DISABLED: [400, 'Change email with OTP is disabled'],
  EMAIL_IS_THE_SAME: [400, 'Email is the same'],
  OTP_REQUIRED: [400, 'OTP is required to verify current email'],
  EMAIL_ALREADY_IN_USE: [400, 'Email already in use'],
})

export const serverErrors = defineErrors({
  OTP_HASHED: [400, 'OTP is hashed, cannot return the plain text OTP'],
})
