import { fieldsOf } from '../../../src/oauth/fields.ts'
import type { GenericOAuthConfig } from '../options.ts'
import { type PresetOptions, withOptions } from './preset.ts'

/** HubSpot. It does not say whether an address is proven, and the address is the name. */
export function hubspot(options: PresetOptions): GenericOAuthConfig {
  return withOptions(options, {
    providerId: 'hubspot',
    authorizationUrl: 'https://app.hubspot.com/oauth/authorize',
    tokenUrl: 'https://api.hubapi.com/oauth/v1/token',
    authentication: 'post',
    scopes: ['oauth'],
    getUserInfo: async ({ accessToken = '' }, { ask }) => {
      const found = await ask(`https://api.hubapi.com/oauth/v1/access-tokens/${encodeURIComponent(accessToken)}`)
      const id = found.user_id ?? fieldsOf(found.signed_access_token).userId
      return id ? { id, name: found.user, email: found.user, emailVerified: false } : null
    },
  })
}
