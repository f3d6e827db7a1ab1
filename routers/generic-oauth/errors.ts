import { AuthError, defineErrors } from '../../src/errors.ts'

export const genericOAuthErrors = defineErrors({
  PROVIDER_CONFIG_NOT_FOUND: [400, 'No config found for provider'],
  INVALID_OAUTH_CONFIGURATION: [400, 'Invalid OAuth configuration'],
})

/** Of linking, where Better Auth calls an unknown provider by another name. */
export const linkErrors = defineErrors({
  PROVIDER_NOT_FOUND: [404, 'Provider not found'],
})

/** The refusal of a provider that is not configured, in Better Auth's words. */
export function unknownProvider(id: string): AuthError {
  const definition = genericOAuthErrors.PROVIDER_CONFIG_NOT_FOUND
  return new AuthError(definition, { message: `${definition.code} ${id}` })
}
