import { fieldsOf } from '../../../src/oauth/fields.ts'
import type { GenericOAuthConfig } from '../options.ts'
import { type PresetOptions, withOptions } from './preset.ts'

const IDENTITY =
  'https://www.patreon.com/api/oauth2/v2/identity?fields[user]=email,full_name,image_url,is_email_verified'

/** Patreon. */
export function patreon(options: PresetOptions): GenericOAuthConfig {
  return withOptions(options, {
    providerId: 'patreon',
    authorizationUrl: 'https://www.patreon.com/oauth2/authorize',
    tokenUrl: 'https://www.patreon.com/api/oauth2/token',
    scopes: ['identity[email]'],
    getUserInfo: async (_tokens, { ask }) => {
      const { id, attributes } = fieldsOf((await ask(IDENTITY)).data)
      const { full_name: name, email, image_url: image, is_email_verified: emailVerified } = fieldsOf(attributes)
      return id ? { id, name, email, image, emailVerified } : null
    },
  })
}
