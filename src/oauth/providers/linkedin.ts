import { defineProvider } from '../define-provider.ts'
import type { OneClientOptions } from '../options.ts'
import { fromUserInfo } from '../profile-sources.ts'

export interface LinkedInProfile {
  sub: string
  name: string
  given_name: string
  family_name: string
  picture: string
  locale: { country: string; language: string }
  email?: string
  email_verified?: boolean
}

export interface LinkedInOptions extends OneClientOptions<LinkedInProfile> {}

export const linkedin = defineProvider<LinkedInOptions>({
  id: 'linkedin',
  name: 'Linkedin',
  endpoints: {
    authorization: 'https://www.linkedin.com/oauth/v2/authorization',
    token: 'https://www.linkedin.com/oauth/v2/accessToken',
  },
  scopes: ['profile', 'email', 'openid'],
  authorization: { takes: ['loginHint'] },
  profile: fromUserInfo('https://api.linkedin.com/v2/userinfo'),
  user: ({ sub, name, email, email_verified, picture }) => ({
    id: sub,
    name,
    email,
    emailVerified: email_verified,
    image: picture,
  }),
})
