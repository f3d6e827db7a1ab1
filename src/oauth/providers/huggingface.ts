import { defineProvider } from '../define-provider.ts'
import type { OneClientOptions } from '../options.ts'
import { fromUserInfo } from '../profile-sources.ts'

export interface HuggingFaceProfile {
  sub: string
  name: string
  preferred_username: string
  profile: string
  picture: string
  website?: string
  email?: string
  email_verified?: boolean
  isPro: boolean
  canPay?: boolean
  orgs?: unknown
}

export interface HuggingFaceOptions extends OneClientOptions<HuggingFaceProfile> {}

export const huggingface = defineProvider<HuggingFaceOptions>({
  id: 'huggingface',
  name: 'Hugging Face',
  endpoints: {
    authorization: 'https://huggingface.co/oauth/authorize',
    token: 'https://huggingface.co/oauth/token',
  },
  scopes: ['openid', 'profile', 'email'],
  pkce: true,
  profile: fromUserInfo('https://huggingface.co/oauth/userinfo'),
  user: ({ sub, name, preferred_username, email, email_verified, picture }) => ({
    id: sub,
    name: name || preferred_username,
    email,
    emailVerified: email_verified,
    image: picture,
  }),
})
