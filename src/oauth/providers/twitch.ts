import { defineProvider } from '../define-provider.ts'
import type { OneClientOptions } from '../options.ts'
import { fromIdToken } from '../profile-sources.ts'

export interface TwitchProfile {
  sub: string
  preferred_username: string
  email: string
  email_verified: boolean
  picture: string
}

export interface TwitchOptions extends OneClientOptions<TwitchProfile> {
  /** Claims to ask for besides `email` and `email_verified`; default the name and the picture. */
  claims?: readonly string[] | undefined
}

const ISSUER = 'https://id.twitch.tv/oauth2'

export const twitch = defineProvider<TwitchOptions>({
  id: 'twitch',
  name: 'Twitch',
  endpoints: { authorization: `${ISSUER}/authorize`, token: `${ISSUER}/token` },
  scopes: ['user:read:email', 'openid'],
  authorization: {
    parameters: ({ claims = ['preferred_username', 'picture'] }) => ({ claims: claimsRequest(claims) }),
  },
  idToken: {
    issuers: () => [ISSUER],
    keySet: () => `${ISSUER}/keys`,
    algorithms: ['RS256'],
    sendsNonce: true,
  },
  profile: fromIdToken(),
  user: ({ sub, preferred_username, email, email_verified, picture }) => ({
    id: sub,
    name: preferred_username,
    email,
    emailVerified: email_verified,
    image: picture,
  }),
})

/** Which claims the id token should have (OpenID Connect Core, section 5.5). */
function claimsRequest(names: readonly string[]): string {
  return JSON.stringify({
    id_token: Object.fromEntries(['email', 'email_verified', ...names].map(name => [name, null])),
  })
}
