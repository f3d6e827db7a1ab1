import { defineProvider } from '../define-provider.ts'
import { fieldsOf } from '../fields.ts'
import type { OneClientOptions } from '../options.ts'

export interface KickProfile {
  user_id: string
  name: string
  email: string
  profile_picture: string
}

export interface KickOptions extends OneClientOptions<KickProfile> {}

export const kick = defineProvider<KickOptions>({
  id: 'kick',
  name: 'Kick',
  endpoints: { authorization: 'https://id.kick.com/oauth/authorize', token: 'https://id.kick.com/oauth/token' },
  scopes: ['user:read'],
  pkce: true,
  profile: async ({ ask }) => {
    const { data } = await ask('https://api.kick.com/public/v1/users')
    return Array.isArray(data) ? fieldsOf(data[0]) : null
  },
  user: ({ user_id, name, email, profile_picture }) => ({ id: user_id, name, email, image: profile_picture }),
})
