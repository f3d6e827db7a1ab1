import { clientIdsOf } from '../client.ts'
import { defineProvider } from '../define-provider.ts'
import { textOf } from '../fields.ts'
import type { SocialProviderOptions } from '../options.ts'

export interface CognitoProfile {
  sub: string
  email: string
  email_verified: boolean
  name: string
  given_name?: string
  family_name?: string
  picture?: string
  username?: string
  locale?: string
  phone_number?: string
  phone_number_verified?: boolean
  aud: string
  iss: string
  exp: number
  iat: number
  [claim: string]: unknown
}

export interface CognitoOptions extends SocialProviderOptions<CognitoProfile> {
  /** Of the hosted pages, such as `shop.auth.eu-west-1.amazoncognito.com`. */
  domain?: string | undefined
  /** Such as `eu-west-1`. */
  region?: string | undefined
  userPoolId?: string | undefined
  /** The app client has a secret; without, it is a public one, which PKCE alone protects. */
  requireClientSecret?: boolean | undefined
}

const poolOf = ({ region, userPoolId }: CognitoOptions) => `https://cognito-idp.${region}.amazonaws.com/${userPoolId}`

/** Amazon Cognito user pools. */
export const cognito = defineProvider<CognitoOptions>({
  id: 'cognito',
  name: 'Cognito',
  endpoints: options => {
    const domain = domainOf(options)
    return { authorization: `https://${domain}/oauth2/authorize`, token: `https://${domain}/oauth2/token` }
  },
  scopes: ['openid', 'profile', 'email'],
  pkce: true,
  required: ({ requireClientSecret }) => [
    'clientId',
    ...(requireClientSecret ? (['clientSecret'] as const) : []),
    'domain',
    'region',
    'userPoolId',
  ],
  authorization: {
    takes: ['prompt'],
    // Its server takes a plus in the scope for a plus.
    percentSpaces: true,
    order: [
      ...['response_type', 'client_id', 'state', 'redirect_uri', 'nonce', 'prompt', 'response_mode'],
      ...['code_challenge_method', 'code_challenge', 'scope'],
    ],
  },
  idToken: {
    issuers: options => [poolOf(options)],
    keySet: options => `${poolOf(options)}/.well-known/jwks.json`,
    algorithms: ['RS256'],
    audiences: options => (options.region && options.userPoolId ? clientIdsOf(options) : []),
    // An access token of the same pool is signed with the same keys.
    accepts: ({ token_use }) => token_use === 'id',
    sendsNonce: true,
    signsIn: true,
  },
  profile: async ({ options, idToken, ask }) =>
    withName((await idToken()) ?? (await ask(`https://${domainOf(options)}/oauth2/userinfo`))),
  user: ({ sub, name, email, picture, email_verified }) => ({
    id: sub,
    name,
    email,
    image: picture,
    emailVerified: email_verified,
  }),
})

function withName(claims: Record<string, unknown>): Record<string, unknown> {
  return { ...claims, name: textOf(claims.name) ?? textOf(claims.given_name) ?? textOf(claims.username) ?? '' }
}

function domainOf({ domain = '' }: CognitoOptions): string {
  return domain.replace(/^https?:\/\//, '').replace(/\/+$/, '')
}
