import { defineProvider } from '../define-provider.ts'
import type { OneClientOptions } from '../options.ts'
import { fromUserInfo } from '../profile-sources.ts'

export interface AtlassianProfile {
  account_type?: string
  account_id: string
  email?: string
  name: string
  picture?: string
  nickname?: string
  locale?: string
  extended_profile?: { job_title?: string; organization?: string; department?: string; location?: string }
}

export interface AtlassianOptions extends OneClientOptions<AtlassianProfile> {}

export const atlassian = defineProvider<AtlassianOptions>({
  id: 'atlassian',
  name: 'Atlassian',
  endpoints: {
    authorization: 'https://auth.atlassian.com/authorize',
    token: 'https://auth.atlassian.com/oauth/token',
  },
  scopes: ['read:jira-user', 'offline_access'],
  pkce: true,
  authorization: { takes: ['prompt'], parameters: () => ({ audience: 'api.atlassian.com' }) },
  profile: fromUserInfo('https://api.atlassian.com/me'),
  // Nothing in the answer says whether the address was verified.
  user: ({ account_id, name, email, picture }) => ({ id: account_id, name, email, image: picture }),
})
