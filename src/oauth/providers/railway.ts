import { defineProvider } from '../define-provider.ts'
import type { OneClientOptions } from '../options.ts'
import { fromUserInfo } from '../profile-sources.ts'

export interface RailwayProfile {
  sub: string
  email: string
  name: string
  picture: string
}

export interface RailwayOptions extends OneClientOptions<RailwayProfile> {}

export const railway = defineProvider<RailwayOptions>({
  id: 'railway',
  name: 'Railway',
  endpoints: {
    authorization: 'https://backboard.railway.com/oauth/auth',
    token: 'https://backboard.railway.com/oauth/token',
  },
  scopes: ['openid', 'email', 'profile'],
  pkce: true,
  token: { clientAuth: 'basic' },
  profile: fromUserInfo('https://backboard.railway.com/oauth/me'),
  user: ({ sub, name, email, picture }) => ({ id: sub, name, email, image: picture }),
})
