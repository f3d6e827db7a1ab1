import { credentialErrors } from '../../src/accounts.ts'
import { fieldErrors } from '../../src/additional-fields.ts'
import { defineErrors } from '../../src/errors.ts'

export const updateErrors = {
  ...fieldErrors,
  ...defineErrors({
    EMAIL_CAN_NOT_BE_UPDATED: [400, 'Email can not be updated'],
    NO_FIELDS_TO_UPDATE: [400, 'No fields to update'],
  }),
}

export const changeEmailErrors = defineErrors({
  CHANGE_EMAIL_DISABLED: [400, 'Change email is disabled'],
  EMAIL_IS_THE_SAME: [400, 'Email is the same'],
  VERIFICATION_EMAIL_NOT_ENABLED: [400, "Verification email isn't enabled"],
})

export const deleteErrors = {
  ...credentialErrors,
  ...defineErrors({ SESSION_EXPIRED: [400, 'Session expired. Re-authenticate to perform this action.'] }),
}

export const deleteLinkErrors = defineErrors({
  FAILED_TO_GET_USER_INFO: [404, 'Failed to get user info'],
  INVALID_TOKEN: [404, 'Invalid token'],
})
