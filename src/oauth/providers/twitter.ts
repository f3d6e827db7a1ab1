import { defineProvider } from '../define-provider.ts'
import { fieldsOf, textOf } from '../fields.ts'
import type { OneClientOptions } from '../options.ts'

export interface TwitterProfile {
  data: {
    id: string
    name: string
    /** The confirmed address, if the user lets it be known. */
    email?: string
    confirmed_email?: string
    username: string
    location?: string
    entities?: unknown
    verified?: boolean
    description?: string
    url?: string
    profile_image_url?: string
    protected?: boolean
    pinned_tweet_id?: string
    created_at?: string
  }
  includes?: { tweets?: { id: string; text: string }[] }
  [field: string]: unknown
}

export interface TwitterOptions extends OneClientOptions<TwitterProfile> {}

const ME = 'https://api.x.com/2/users/me?user.fields='

/** X. The address is asked for by itself, since without its scope the whole answer would be refused. */
export const twitter = defineProvider<TwitterOptions>({
  id: 'twitter',
  name: 'Twitter',
  endpoints: { authorization: 'https://x.com/i/oauth2/authorize', token: 'https://api.x.com/2/oauth2/token' },
  scopes: ['users.read', 'tweet.read', 'offline.access', 'users.email'],
  pkce: true,
  token: { clientAuth: 'basic' },
  profile: async ({ ask, tryToAsk }) => {
    const profile = await ask(`${ME}profile_image_url`)
    const about = fieldsOf(fieldsOf(await tryToAsk(`${ME}confirmed_email`)).data)
    const data = fieldsOf(profile.data)
    const email = about.id === data.id ? textOf(about.confirmed_email) : undefined
    return { ...profile, data: { ...data, ...(email && { email, confirmed_email: email }) } }
  },
  user: ({ data }) => {
    const { id, name, confirmed_email, profile_image_url } = fieldsOf(data)
    return { id, name, email: confirmed_email, emailVerified: Boolean(confirmed_email), image: profile_image_url }
  },
})
