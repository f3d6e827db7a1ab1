import { defineErrors } from '../../src/errors.ts'

export const oneTapErrors = defineErrors({
  INVALID_ID_TOKEN: [400, 'invalid id token'],
  PROVIDER_NOT_CONFIGURED: [400, 'This provider is not configured'],
  ACCOUNT_NOT_LINKED: [401, 'This Google login cannot be linked to the user with its address'],
  SIGNUP_DISABLED: [502, 'User not found'],
  FAILED_TO_CREATE_USER: [500, 'Could not create user'],
})
