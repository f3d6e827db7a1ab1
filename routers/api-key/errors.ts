import { defineErrors, type ErrorDefinition } from '../../src/errors.ts'

export const apiKeyErrors = defineErrors({
  SERVER_ONLY_PROPERTY: [400, "The property you're trying to set can only be set from the server auth instance only."],
  INVALID_METADATA_TYPE: [400, 'metadata must be an object or undefined'],
  METADATA_DISABLED: [400, 'Metadata is disabled.'],
  REFILL_AMOUNT_AND_INTERVAL_REQUIRED: [400, 'refillAmount is required when refillInterval is provided'],
  REFILL_INTERVAL_AND_AMOUNT_REQUIRED: [400, 'refillInterval is required when refillAmount is provided'],
  EXPIRES_IN_IS_TOO_SMALL: [400, 'The expiresIn is smaller than the predefined minimum value.'],
  EXPIRES_IN_IS_TOO_LARGE: [400, 'The expiresIn is larger than the predefined maximum value.'],
  OVERLAP_IS_TOO_LARGE: [400, 'The overlap is larger than the predefined maximum value.'],
  KEY_DISABLED_EXPIRATION: [400, 'Custom key expiration values are disabled.'],
  INVALID_PREFIX_LENGTH: [400, 'The prefix length is either too large or too small.'],
  INVALID_NAME_LENGTH: [400, 'The name length is either too large or too small.'],
  NAME_REQUIRED: [400, 'API Key name is required.'],
  NO_VALUES_TO_UPDATE: [400, 'No values to update.'],
  ORGANIZATION_ID_REQUIRED: [400, 'Organization ID is required for organization-owned API keys.'],
  NO_DEFAULT_API_KEY_CONFIGURATION_FOUND: [400, 'No default api-key configuration found.'],
  INVALID_API_KEY_GETTER_RETURN_TYPE: [400, 'API Key getter returned an invalid key type. Expected string.'],
  UNAUTHORIZED_SESSION: [401, 'Unauthorized or invalid session'],
  KEY_DISABLED: [401, 'API Key is disabled'],
  KEY_EXPIRED: [401, 'API Key has expired'],
  INVALID_REFERENCE_ID_FROM_API_KEY: [401, 'The reference id from the API key is invalid.'],
  INVALID_API_KEY: [401, 'Invalid API key.'],
  USER_NOT_MEMBER_OF_ORGANIZATION: [403, 'You are not a member of the organization that owns this API key.'],
  INSUFFICIENT_API_KEY_PERMISSIONS: [
    403,
    'You do not have permission to perform this action on organization API keys.',
  ],
  SIGN_IN_REQUIRED: [403, 'This needs somebody who is signed in: an API key is not enough.'],
  KEY_NOT_FOUND: [404, 'API Key not found'],
  KEY_ALREADY_ROTATED: [409, 'The API key has been rotated: another one has taken its place.'],
  USAGE_EXCEEDED: [429, 'API Key has reached its usage limit'],
  RATE_LIMITED: [429, 'Rate limit exceeded.'],
})

/** Of something that cannot be a key at all, and of one that the application's own check refuses. */
export const notAKey: ErrorDefinition = { ...apiKeyErrors.INVALID_API_KEY, status: 403 }

/** Of a key that lacks the permissions asked for. */
export const keyLacksPermission: ErrorDefinition = { ...apiKeyErrors.KEY_NOT_FOUND, status: 401 }

/** What a request with a key in its header can be refused with, whatever it calls. */
export const keySessionErrors: readonly ErrorDefinition[] = [
  apiKeyErrors.INVALID_API_KEY_GETTER_RETURN_TYPE,
  apiKeyErrors.NO_DEFAULT_API_KEY_CONFIGURATION_FOUND,
  notAKey,
  apiKeyErrors.INVALID_API_KEY,
  apiKeyErrors.KEY_DISABLED,
  apiKeyErrors.KEY_EXPIRED,
  apiKeyErrors.INVALID_REFERENCE_ID_FROM_API_KEY,
  apiKeyErrors.USAGE_EXCEEDED,
  apiKeyErrors.RATE_LIMITED,
  apiKeyErrors.SIGN_IN_REQUIRED,
]

/** What managing keys of an organization can be refused with. */
export const ownerErrors: readonly ErrorDefinition[] = [
  apiKeyErrors.NO_DEFAULT_API_KEY_CONFIGURATION_FOUND,
  apiKeyErrors.USER_NOT_MEMBER_OF_ORGANIZATION,
  apiKeyErrors.INSUFFICIENT_API_KEY_PERMISSIONS,
]
