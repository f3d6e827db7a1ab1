import type { GenericOAuthConfig } from '../options.ts'
import { IDENTITY_SCOPES, type PresetOptions, withOptions } from './preset.ts'

export interface LineOptions extends PresetOptions {
  /** One for each channel, where there are several; default `line`. */
  providerId?: string
}

const USER_INFO = 'https://api.line.me/oauth2/v2.1/userinfo'

/** LINE. It does not say whether an address is proven. Channels of several countries are several providers. */
export function line(options: LineOptions): GenericOAuthConfig {
  return withOptions(options, {
    providerId: options.providerId ?? 'line',
    issuer: 'https://access.line.me',
    authorizationUrl: 'https://access.line.me/oauth2/v2.1/authorize',
    tokenUrl: 'https://api.line.me/oauth2/v2.1/token',
    userInfoUrl: USER_INFO,
    scopes: IDENTITY_SCOPES,
    getUserInfo: async (_tokens, { ask, idToken }) => {
      const { sub: id, name, email, picture: image } = (await idToken()) ?? (await ask(USER_INFO))
      return id ? { id, name, email, image, emailVerified: false } : null
    },
  })
}
