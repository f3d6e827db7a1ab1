import { defineProvider } from '../define-provider.ts'
import { textOf } from '../fields.ts'
import type { OneClientOptions } from '../options.ts'
import { fromUserInfo } from '../profile-sources.ts'

export interface RedditProfile {
  id: string
  name: string
  icon_img: string | null
  /** Of an address that it does not tell. */
  has_verified_email: boolean
  oauth_client_id: string
  verified: boolean
}

export interface RedditOptions extends OneClientOptions<RedditProfile> {
  /** `permanent` for a refresh token. */
  duration?: string | undefined
}

/** Reddit tells no e-mail address: `mapProfileToUser` has to. */
export const reddit = defineProvider<RedditOptions>({
  id: 'reddit',
  name: 'Reddit',
  endpoints: {
    authorization: 'https://www.reddit.com/api/v1/authorize',
    token: 'https://www.reddit.com/api/v1/access_token',
  },
  scopes: ['identity'],
  authorization: { parameters: ({ duration }) => ({ duration: duration || undefined }) },
  token: { clientAuth: 'basic' },
  profile: fromUserInfo('https://oauth.reddit.com/api/v1/me'),
  // Behind the question mark is a signature that runs out.
  user: ({ id, name, icon_img }) => ({ id, name, image: textOf(icon_img)?.split('?')[0] }),
})
