import { defineProvider } from '../define-provider.ts'
import { fieldsOf } from '../fields.ts'
import type { SocialProviderOptions } from '../options.ts'
import { fromUserInfo } from '../profile-sources.ts'

export interface TiktokProfile {
  data: {
    user: {
      open_id: string
      union_id?: string
      avatar_url?: string
      avatar_url_100?: string
      avatar_large_url: string
      display_name: string
      username: string
      email?: string
      bio_description?: string
      profile_deep_link?: string
      is_verified?: boolean
      [field: string]: unknown
    }
  }
  error?: { code?: string; message?: string; log_id?: string }
  [field: string]: unknown
}

/** TikTok says client key where others say client id. */
export interface TiktokOptions extends SocialProviderOptions<TiktokProfile> {
  clientId?: undefined
  clientKey?: string | undefined
}

/** TikTok tells no e-mail address: `mapProfileToUser` has to. */
export const tiktok = defineProvider<TiktokOptions>({
  id: 'tiktok',
  name: 'TikTok',
  endpoints: {
    authorization: 'https://www.tiktok.com/v2/auth/authorize',
    token: 'https://open.tiktokapis.com/v2/oauth/token/',
  },
  scopes: ['user.info.profile'],
  required: () => ['clientKey', 'clientSecret'],
  authorization: {
    clientIdParameter: 'client_key',
    scopeSeparator: ',',
    order: ['scope', 'response_type', 'client_key', 'redirect_uri', 'state'],
  },
  token: { clientIdParameter: 'client_key' },
  profile: fromUserInfo(
    'https://open.tiktokapis.com/v2/user/info/?fields=open_id,avatar_large_url,display_name,username',
  ),
  user: ({ data }) => {
    const { open_id, display_name, username, email, avatar_large_url } = fieldsOf(fieldsOf(data).user)
    return { id: open_id, name: display_name || username, email, image: avatar_large_url }
  },
})
