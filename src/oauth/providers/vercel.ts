import { defineProvider } from '../define-provider.ts'
import type { OneClientOptions } from '../options.ts'
import { fromUserInfo } from '../profile-sources.ts'

export interface VercelProfile {
  sub: string
  name?: string
  preferred_username?: string
  email?: string
  email_verified?: boolean
  picture?: string
}

export interface VercelOptions extends OneClientOptions<VercelProfile> {}

/** Vercel. Scopes are chosen in its dashboard, and there are no refresh tokens. */
export const vercel = defineProvider<VercelOptions>({
  id: 'vercel',
  name: 'Vercel',
  endpoints: {
    authorization: 'https://vercel.com/oauth/authorize',
    token: 'https://api.vercel.com/login/oauth/token',
  },
  scopes: [],
  pkce: true,
  authorization: { omitsEmptyScope: true },
  token: { refreshes: false },
  profile: fromUserInfo('https://api.vercel.com/login/oauth/userinfo'),
  user: ({ sub, name, preferred_username, email, email_verified, picture }) => ({
    id: sub,
    name: name ?? preferred_username,
    email,
    emailVerified: email_verified,
    image: picture,
  }),
})
