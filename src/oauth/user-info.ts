import type { SafeFetch } from '../safe-fetch.ts'
import type { ProfileCall, UserClaims } from './definition.ts'
import { fieldsOf, isTrue, type JsonFields, subjectOf, textOf } from './fields.ts'
import { claimsForProfile } from './id-token-reader.ts'
import { askerOf, type Instance } from './instance.ts'
import { OAuthError } from './oauth-error.ts'
import type { SocialProviderOptions } from './options.ts'
import type { ProviderUser, ProviderUserInfo, UserInfoRequest } from './provider.ts'

/** Who the tokens belong to; see `OAuthProvider.userInfo`. */
export async function userInfoOf<O extends SocialProviderOptions>(
  instance: Instance<O>,
  request: UserInfoRequest,
  fetch: SafeFetch,
): Promise<ProviderUserInfo | null> {
  const { definition, options } = instance
  if (options.getUserInfo) {
    const given = await options.getUserInfo(request)
    const user = given && toUser(given.user)
    return user && { user: { ...given.user, ...user }, data: fieldsOf(given.data) }
  }
  const data = await definition.profile(profileCall(instance, request, fetch))
  const user = data && toUser(definition.user(data))
  return user && { user: await mapped(user, data, options), data }
}

/** The same user with every field of the kind it should be; `null` without a subject. */
function toUser(claims: UserClaims): ProviderUser | null {
  const id = subjectOf(claims.id)
  if (!id) return null
  const email = emailOf(claims.email)
  const isVerified = email !== null && isTrue(claims.emailVerified)
  return { id, name: textOf(claims.name)?.trim() ?? '', email, emailVerified: isVerified, image: imageOf(claims.image) }
}

/** A user name or a phone number in the place of an address is none. */
function emailOf(value: unknown): string | null {
  const text = textOf(value)
  return text && /^[^\s@]+@[^\s@]+$/.test(text) ? text : null
}

/** An address that a page may show; a script in its place is none. */
function imageOf(value: unknown): string | undefined {
  const text = textOf(value)
  return text && /^(https?:\/\/|data:image\/)/i.test(text) ? text : undefined
}

async function mapped(user: ProviderUser, profile: JsonFields, options: SocialProviderOptions): Promise<ProviderUser> {
  const answer = await options.mapProfileToUser?.(profile)
  const changes = Object.fromEntries(Object.entries(answer ?? {}).filter(([, value]) => value !== undefined))
  const changed = { ...user, ...changes, id: subjectOf(changes.id) ?? user.id }
  const isSameEmail = changed.email?.toLowerCase() === user.email?.toLowerCase()
  const isVerified = changes.emailVerified ?? (isSameEmail && user.emailVerified)
  return { ...changed, emailVerified: isVerified === true && Boolean(changed.email) }
}

function profileCall<O extends SocialProviderOptions>(
  instance: Instance<O>,
  request: UserInfoRequest,
  fetch: SafeFetch,
): ProfileCall<O> {
  const provider = instance.definition.id
  const askWithToken: ProfileCall<O>['ask'] = async (url, init = {}) => {
    if (!request.accessToken) throw new OAuthError('PROFILE_REFUSED', 'there is no access token', { provider })
    const headers = { accept: 'application/json', authorization: `Bearer ${request.accessToken}`, ...init.headers }
    const { status, body } = await askerOf(instance, fetch)(url, { ...init, headers })
    if (status >= 500) throw new OAuthError('PROVIDER_UNAVAILABLE', 'the profile failed', { provider, status })
    if (status < 200 || status > 299) throw new OAuthError('PROFILE_REFUSED', 'no profile', { provider, status })
    if (typeof body === 'object' && body !== null) return body as JsonFields
    throw new OAuthError('PROFILE_INVALID', 'the profile is not JSON', { provider, status })
  }
  return {
    request,
    options: instance.options,
    fetch,
    ask: askWithToken,
    tryToAsk: url => askWithToken(url).catch(ignoreRefusal),
    idToken: () => claimsForProfile(instance, request, fetch),
  }
}

function ignoreRefusal(error: unknown): undefined {
  if (!(error instanceof OAuthError)) throw error
}
