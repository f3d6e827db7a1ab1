import { defineProvider } from '../define-provider.ts'
import type { OneClientOptions } from '../options.ts'
import { fromUserInfo } from '../profile-sources.ts'

export interface RobloxProfile {
  sub: string
  preferred_username: string
  nickname: string
  name: string
  created_at: number
  profile: string
  picture: string
  [field: string]: unknown
}

export interface RobloxOptions extends OneClientOptions<RobloxProfile> {}

/** Roblox tells no e-mail address: `mapProfileToUser` has to. */
export const roblox = defineProvider<RobloxOptions>({
  id: 'roblox',
  name: 'Roblox',
  endpoints: {
    authorization: 'https://apis.roblox.com/oauth/v1/authorize',
    token: 'https://apis.roblox.com/oauth/v1/token',
  },
  scopes: ['openid', 'profile'],
  authorization: {
    takes: ['prompt'],
    prompt: 'select_account consent',
    order: ['scope', 'response_type', 'client_id', 'redirect_uri', 'state', 'prompt'],
  },
  profile: fromUserInfo('https://apis.roblox.com/oauth/v1/userinfo'),
  user: ({ sub, nickname, preferred_username, picture }) => ({
    id: sub,
    name: nickname || preferred_username,
    image: picture,
  }),
})
