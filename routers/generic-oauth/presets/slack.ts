import type { GenericOAuthConfig } from '../options.ts'
import { IDENTITY_SCOPES, type PresetOptions, withOptions } from './preset.ts'

const USER_INFO = 'https://slack.com/api/openid.connect.userInfo'

/** Slack. */
export function slack(options: PresetOptions): GenericOAuthConfig {
  return withOptions(options, {
    providerId: 'slack',
    authorizationUrl: 'https://slack.com/openid/connect/authorize',
    tokenUrl: 'https://slack.com/api/openid.connect.token',
    userInfoUrl: USER_INFO,
    scopes: IDENTITY_SCOPES,
    getUserInfo: async (_tokens, { ask }) => {
      const found = await ask(USER_INFO)
      const id = found['https://slack.com/user_id'] ?? found.sub
      const image = found.picture ?? found['https://slack.com/user_image_512']
      return id
        ? { id, name: found.name, email: found.email, image, emailVerified: found.email_verified ?? false }
        : null
    },
  })
}
