import type { GenericOAuthConfig } from '../options.ts'
import { IDENTITY_SCOPES, type PresetOptions, withOptions } from './preset.ts'

export interface MicrosoftEntraIdOptions extends PresetOptions {
  /** Id of the tenant, or `common`, `organizations` or `consumers`. */
  tenantId: string
}

const USER_INFO = 'https://graph.microsoft.com/oidc/userinfo'

/** Microsoft Entra ID. */
export function microsoftEntraId(options: MicrosoftEntraIdOptions): GenericOAuthConfig {
  return withOptions(options, {
    providerId: 'microsoft-entra-id',
    authorizationUrl: `https://login.microsoftonline.com/${options.tenantId}/oauth2/v2.0/authorize`,
    tokenUrl: `https://login.microsoftonline.com/${options.tenantId}/oauth2/v2.0/token`,
    userInfoUrl: USER_INFO,
    scopes: IDENTITY_SCOPES,
    getUserInfo: async (_tokens, { ask }) => {
      const found = await ask(USER_INFO)
      const { sub: id, given_name: given = '', family_name: family = '', picture: image } = found
      const name = found.name ?? `${given} ${family}`.trim()
      const emailVerified = found.email_verified ?? false
      return id ? { id, name, email: found.email ?? found.preferred_username, image, emailVerified } : null
    },
  })
}
