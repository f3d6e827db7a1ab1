import { defineProvider } from '../define-provider.ts'
import type { OneClientOptions } from '../options.ts'
import { fromUserInfo } from '../profile-sources.ts'

export interface PolarProfile {
  id: string
  email: string
  username: string
  avatar_url: string
  github_username?: string
  account_id?: string
  public_name?: string
  email_verified?: boolean
  profile_settings?: Record<string, unknown>
}

export interface PolarOptions extends OneClientOptions<PolarProfile> {}

export const polar = defineProvider<PolarOptions>({
  id: 'polar',
  name: 'Polar',
  endpoints: { authorization: 'https://polar.sh/oauth2/authorize', token: 'https://api.polar.sh/v1/oauth2/token' },
  scopes: ['openid', 'profile', 'email'],
  pkce: true,
  authorization: { takes: ['prompt'] },
  profile: fromUserInfo('https://api.polar.sh/v1/oauth2/userinfo'),
  user: ({ id, public_name, username, email, email_verified, avatar_url }) => ({
    id,
    name: public_name || username,
    email,
    emailVerified: email_verified,
    image: avatar_url,
  }),
})
