import { fieldsOf } from '../../../src/oauth/fields.ts'
import type { GenericOAuthConfig } from '../options.ts'
import { type PresetOptions, withOptions } from './preset.ts'

/** Gumroad. It does not say whether an address is proven. */
export function gumroad(options: PresetOptions): GenericOAuthConfig {
  return withOptions(options, {
    providerId: 'gumroad',
    authorizationUrl: 'https://gumroad.com/oauth/authorize',
    tokenUrl: 'https://api.gumroad.com/oauth/token',
    scopes: ['view_profile'],
    getUserInfo: async (_tokens, { ask }) => {
      const { success, user } = await ask('https://api.gumroad.com/v2/user')
      const { user_id: id, name, email, profile_url: image } = fieldsOf(user)
      return success && id ? { id, name, email, image, emailVerified: false } : null
    },
  })
}
