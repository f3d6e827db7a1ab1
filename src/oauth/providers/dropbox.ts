import { defineProvider } from '../define-provider.ts'
import { fieldsOf } from '../fields.ts'
import type { OneClientOptions } from '../options.ts'
import { fromUserInfo } from '../profile-sources.ts'

export interface DropboxProfile {
  account_id: string
  name: {
    given_name: string
    surname: string
    familiar_name: string
    display_name: string
    abbreviated_name: string
  }
  email: string
  email_verified: boolean
  profile_photo_url: string
}

export interface DropboxOptions extends OneClientOptions<DropboxProfile> {
  /** `offline` for a refresh token. */
  accessType?: 'offline' | 'online' | 'legacy' | undefined
}

export const dropbox = defineProvider<DropboxOptions>({
  id: 'dropbox',
  name: 'Dropbox',
  endpoints: {
    authorization: 'https://www.dropbox.com/oauth2/authorize',
    token: 'https://api.dropboxapi.com/oauth2/token',
  },
  scopes: ['account_info.read'],
  pkce: true,
  authorization: { parameters: ({ accessType }) => ({ token_access_type: accessType }) },
  profile: fromUserInfo('https://api.dropboxapi.com/2/users/get_current_account', { method: 'POST' }),
  user: ({ account_id, name, email, email_verified, profile_photo_url }) => ({
    id: account_id,
    name: fieldsOf(name).display_name,
    email,
    emailVerified: email_verified,
    image: profile_photo_url,
  }),
})
