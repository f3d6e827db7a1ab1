import { defineProvider } from '../define-provider.ts'
import type { OneClientOptions } from '../options.ts'
import { fromUserInfo } from '../profile-sources.ts'

export interface SlackProfile {
  ok: boolean
  sub: string
  'https://slack.com/user_id': string
  'https://slack.com/team_id': string
  email: string
  email_verified: boolean
  date_email_verified: number
  name: string
  picture: string
  given_name: string
  family_name: string
  locale: string
  'https://slack.com/team_name': string
  'https://slack.com/team_domain': string
  'https://slack.com/user_image_512': string
  [claim: string]: unknown
}

export interface SlackOptions extends OneClientOptions<SlackProfile> {}

export const slack = defineProvider<SlackOptions>({
  id: 'slack',
  name: 'Slack',
  endpoints: {
    authorization: 'https://slack.com/openid/connect/authorize',
    token: 'https://slack.com/api/openid.connect.token',
  },
  scopes: ['openid', 'profile', 'email'],
  authorization: {
    callScopesFirst: true,
    order: ['scope', 'response_type', 'client_id', 'redirect_uri', 'state'],
  },
  profile: fromUserInfo('https://slack.com/api/openid.connect.userInfo'),
  // An answer that is not ok has neither.
  user: profile => ({
    id: profile['https://slack.com/user_id'],
    name: profile.name,
    email: profile.email,
    emailVerified: profile.email_verified,
    image: profile.picture || profile['https://slack.com/user_image_512'],
  }),
})
