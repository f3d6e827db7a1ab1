import { defineProvider } from '../define-provider.ts'
import type { OneClientOptions } from '../options.ts'
import { fromUserInfo } from '../profile-sources.ts'

export interface ZoomProfile {
  id: string
  account_id: string
  account_number: number
  created_at: string
  dept: string
  display_name: string
  email: string
  first_name: string
  last_name: string
  group_ids: string[]
  jid: string
  job_title: string
  language: string
  last_login_time: string
  timezone: string
  location: string
  personal_meeting_url: string
  pic_url: string
  pmi: number
  role_id: string
  role_name: string
  status: 'pending' | 'active' | 'inactive'
  /** 1 when the address is verified. */
  verified: number
  company?: string
  phone_numbers?: { code: string; country: string; label: string; number: string; verified: boolean }[]
  [field: string]: unknown
}

export interface ZoomOptions extends OneClientOptions<ZoomProfile> {}

export const zoom = defineProvider<ZoomOptions>({
  id: 'zoom',
  name: 'Zoom',
  endpoints: { authorization: 'https://zoom.us/oauth/authorize', token: 'https://zoom.us/oauth/token' },
  scopes: [],
  pkce: true,
  authorization: {
    omitsEmptyScope: true,
    order: ['response_type', 'redirect_uri', 'client_id', 'state', 'code_challenge_method', 'code_challenge'],
  },
  profile: fromUserInfo('https://api.zoom.us/v2/users/me'),
  user: ({ id, display_name, email, verified, pic_url }) => ({
    id,
    name: display_name,
    email,
    emailVerified: verified === 1 || verified === true,
    image: pic_url,
  }),
})
