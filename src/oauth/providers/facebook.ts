import type { JwtClaims } from '../../crypto/jwt-claims.ts'
import { clientIdsOf, primaryClientId } from '../client.ts'
import { defineProvider } from '../define-provider.ts'
import type { AskForJson, ProfileCall } from '../definition.ts'
import { fieldsOf, type JsonFields, subjectOf } from '../fields.ts'
import { OAuthError } from '../oauth-error.ts'
import type { SocialProviderOptions } from '../options.ts'

export interface FacebookProfile {
  id: string
  name: string
  email?: string
  email_verified?: boolean
  picture: { data: { height: number; is_silhouette: boolean; url: string; width: number } }
}

export interface FacebookOptions extends SocialProviderOptions<FacebookProfile> {
  /** More fields of the profile than id, name, email and picture. */
  fields?: readonly string[] | undefined
  /** Of Facebook Login for Business. */
  configId?: string | undefined
}

const GRAPH = 'https://graph.facebook.com'

/** Facebook Login, and Limited Login of iOS, whose id token is a JWT; other native apps bring an access token. */
export const facebook = defineProvider<FacebookOptions>({
  id: 'facebook',
  name: 'Facebook',
  endpoints: {
    authorization: 'https://www.facebook.com/v24.0/dialog/oauth',
    token: `${GRAPH}/v24.0/oauth/access_token`,
  },
  scopes: ['email', 'public_profile'],
  authorization: { takes: ['loginHint'], parameters: ({ configId }) => ({ config_id: configId || undefined }) },
  idToken: {
    issuers: () => ['https://www.facebook.com'],
    keySet: () => 'https://limited.facebook.com/.well-known/oauth/openid/jwks/',
    algorithms: ['RS256'],
    signsIn: true,
    ask: async (token, _nonce, { options, ask }) =>
      isJwt(token) ? undefined : claimsOfAccessToken(token, options, ask),
  },
  profile: async call => {
    const { idToken } = call.request
    return idToken && isJwt(idToken) ? profileOfClaims(await call.idToken()) : graphProfile(call)
  },
  user: ({ id, name, email, email_verified, picture }) => ({
    id,
    name,
    email,
    emailVerified: email_verified,
    image: fieldsOf(fieldsOf(picture).data).url,
  }),
})

function isJwt(token: string): boolean {
  return token.split('.').length === 3
}

/**
 * Whom an access token belongs to. The Graph API answers to tokens of every app alike, so it is asked which app this one
 * was given to: else whoever runs another app could sign in here as its users.
 */
async function claimsOfAccessToken(
  token: string,
  options: FacebookOptions,
  ask: AskForJson,
): Promise<JwtClaims | null> {
  const access = `${primaryClientId(options)}|${options.clientSecret ?? ''}`
  const query = new URLSearchParams({ input_token: token, access_token: access })
  const { status, body } = await ask(`${GRAPH}/debug_token?${query}`)
  if (status >= 500)
    throw new OAuthError('PROVIDER_UNAVAILABLE', 'debug_token failed', { provider: 'facebook', status })
  const { is_valid, app_id, user_id } = fieldsOf(fieldsOf(body).data)
  const app = subjectOf(app_id)
  const sub = subjectOf(user_id)
  const isOurs = is_valid === true && app !== undefined && clientIdsOf(options).includes(app)
  return isOurs && sub ? { sub, aud: app } : null
}

async function graphProfile({
  request,
  options,
  ask,
  idToken,
}: ProfileCall<FacebookOptions>): Promise<JsonFields | null> {
  const fields = ['id', 'name', 'email', 'picture', ...(options.fields ?? [])].join(',')
  const url = `${GRAPH}/me?${new URLSearchParams({ fields })}`
  if (!request.idToken) return ask(url)
  // A client brought an access token as its id token: that one was checked, and no other is believed.
  await idToken()
  return ask(url, { headers: { authorization: `Bearer ${request.idToken}` } })
}

/** Claims in the form of the Graph API, which `mapProfileToUser` knows. */
function profileOfClaims(claims: JsonFields | null): JsonFields | null {
  if (!claims) return null
  const picture = { data: { url: claims.picture, height: 100, width: 100, is_silhouette: false } }
  return { ...claims, id: claims.sub, picture, email_verified: false }
}
