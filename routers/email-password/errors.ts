import { fieldErrors } from '../../src/additional-fields.ts'
import { defineErrors } from '../../src/errors.ts'

export const passwordErrors = {
  ...fieldErrors,
  ...defineErrors({
    EMAIL_PASSWORD_DISABLED: [400, 'Email and password is not enabled'],
    EMAIL_PASSWORD_SIGN_UP_DISABLED: [400, 'Email and password sign up is not enabled'],
    INVALID_EMAIL: [400, 'Invalid email'],
    PASSWORD_TOO_SHORT: [400, 'Password too short'],
    PASSWORD_TOO_LONG: [400, 'Password too long'],
    EMAIL_ALREADY_IN_USE: [
      409,
      'User already exists. Use another email.',
      [422, 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL'],
    ],
    INVALID_CREDENTIALS: [401, 'Invalid email or password', [401, 'INVALID_EMAIL_OR_PASSWORD']],
    EMAIL_NOT_VERIFIED: [403, 'Email not verified'],
    INVALID_PASSWORD: [400, 'Invalid password'],
    CREDENTIAL_ACCOUNT_NOT_FOUND: [400, 'Credential account not found'],
    RESET_PASSWORD_DISABLED: [400, "Reset password isn't enabled"],
    INVALID_TOKEN: [400, 'Invalid token'],
  }),
}
