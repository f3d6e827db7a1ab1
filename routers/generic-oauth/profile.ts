import type { ProfileCall, UserClaims } from '../../src/oauth/definition.ts'
import { fieldsOf, type JsonFields } from '../../src/oauth/fields.ts'
import { OAuthError } from '../../src/oauth/oauth-error.ts'
import type { SocialProviderOptions } from '../../src/oauth/options.ts'
import type { GenericOAuthConfig } from './options.ts'

/**
 * What a provider tells about a user: the claims of the id token where they have an address, else what the user info
 * endpoint answers. The application's own way goes before both.
 * @throws OAuthError ID_TOKEN_INVALID, PROFILE_INVALID, PROFILE_REFUSED, PROVIDER_UNAVAILABLE
 */
export async function profileOf(
  { providerId: provider, getUserInfo }: GenericOAuthConfig,
  userInfoUrl: string | undefined,
  call: ProfileCall<SocialProviderOptions>,
): Promise<JsonFields | null> {
  if (getUserInfo) {
    const given = await getUserInfo(call.request, call)
    return given && fieldsOf(given)
  }
  const claims = await call.idToken()
  if (claims?.sub && claims.email) return asProfile(claims)
  if (!userInfoUrl) return null
  const info = await call.ask(userInfoUrl)
  // Otherwise an answer about somebody else would be taken for this user's (OpenID Connect Core, section 5.3.2).
  if (claims && info.sub !== claims.sub) {
    throw new OAuthError('PROFILE_INVALID', 'the profile is that of another subject', { provider })
  }
  return asProfile(info)
}

/** Standard claims (OpenID Connect Core, section 5.1) under the names of a user's fields, and everything else. */
function asProfile(claims: JsonFields): JsonFields {
  return { id: claims.sub, emailVerified: claims.email_verified ?? false, image: claims.picture, ...claims }
}

/** Which field of such a profile means what. */
export function userOf({ id, name, email, emailVerified, image }: JsonFields): UserClaims {
  return { id, name, email, emailVerified, image }
}
