import { defineErrors } from '../../src/errors.ts'
import { emailErrors } from '../../src/users.ts'

export const sendErrors = defineErrors({
  VERIFICATION_EMAIL_NOT_ENABLED: [400, "Verification email isn't enabled"],
  EMAIL_MISMATCH: [400, 'Email mismatch'],
  EMAIL_ALREADY_VERIFIED: [400, 'Email is already verified'],
})

/** What can be wrong with a mailed link; told in the address it leads to, where there is one. */
export const linkErrors = {
  ...emailErrors,
  ...defineErrors({
    TOKEN_EXPIRED: [401, 'Token expired'],
    INVALID_TOKEN: [401, 'Invalid token'],
    USER_NOT_FOUND: [401, 'User not found'],
    INVALID_USER: [401, 'Invalid user'],
  }),
}
