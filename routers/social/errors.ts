import { defineErrors } from '../../src/errors.ts'

/** Of choosing a provider. */
export const providerErrors = defineErrors({
  PROVIDER_NOT_FOUND: [404, 'Provider not found'],
  PROVIDER_NOT_CONFIGURED: [400, 'This provider is not configured'],
  RESERVED_PARAMETER: [400, 'An additional parameter belongs to the protocol'],
})

/** Of an id token that a client brings. */
export const idTokenErrors = defineErrors({
  ID_TOKEN_NOT_SUPPORTED: [404, 'id_token not supported'],
  INVALID_TOKEN: [401, 'Invalid token'],
  FAILED_TO_GET_USER_INFO: [401, 'Failed to get user info'],
  USER_EMAIL_NOT_FOUND: [401, 'User email not found'],
})

export const signInErrors = defineErrors({
  OAUTH_LINK_ERROR: [401, 'This login cannot be used'],
})

export const linkErrors = defineErrors({
  LINKING_NOT_ALLOWED: [401, 'Account not linked - linking not allowed'],
  LINKING_DIFFERENT_EMAILS_NOT_ALLOWED: [401, 'Account not linked - different emails not allowed'],
  LINKING_FAILED: [417, 'Account not linked - unable to create account'],
})

export const unlinkErrors = defineErrors({
  FAILED_TO_UNLINK_LAST_ACCOUNT: [400, "You can't unlink your last account"],
})

export const accountErrors = defineErrors({
  ACCOUNT_NOT_FOUND: [400, 'Account not found'],
})

export const tokenErrors = defineErrors({
  PROVIDER_NOT_SUPPORTED: [400, 'Provider is not supported.'],
  TOKEN_REFRESH_NOT_SUPPORTED: [400, 'Provider does not support token refreshing.'],
  REFRESH_TOKEN_NOT_FOUND: [400, 'Refresh token not found'],
  FAILED_TO_GET_ACCESS_TOKEN: [400, 'Failed to get a valid access token'],
  FAILED_TO_REFRESH_ACCESS_TOKEN: [400, 'Failed to refresh access token'],
  ACCESS_TOKEN_NOT_FOUND: [400, 'Access token not found'],
})
