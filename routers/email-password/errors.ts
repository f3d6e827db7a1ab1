import { credentialErrors } from '../../src/accounts.ts'
import { fieldErrors } from '../../src/additional-fields.ts'
import { defineErrors } from '../../src/errors.ts'
import { emailErrors } from '../../src/users.ts'

export const passwordErrors = {
  ...fieldErrors,
  ...emailErrors,
  ...credentialErrors,
  ...defineErrors({
    EMAIL_PASSWORD_DISABLED: [400, 'Email and password is not enabled'],
    EMAIL_PASSWORD_SIGN_UP_DISABLED: [400, 'Email and password sign up is not enabled'],
    INVALID_EMAIL: [400, 'Invalid email'],
    PASSWORD_TOO_SHORT: [400, 'Password too short'],
    PASSWORD_TOO_LONG: [400, 'Password too long'],
    INVALID_CREDENTIALS: [401, 'Invalid email or password', [401, 'INVALID_EMAIL_OR_PASSWORD']],
    EMAIL_NOT_VERIFIED: [403, 'Email not verified'],
    PASSWORD_ALREADY_SET: [400, 'User already has a password set'],
    RESET_PASSWORD_DISABLED: [400, "Reset password isn't enabled"],
    INVALID_TOKEN: [400, 'Invalid token'],
  }),
}
