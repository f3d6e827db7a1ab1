import type { GenericOAuthConfig } from '../options.ts'
import { discoveryOf, IDENTITY_SCOPES, type PresetOptions, withOptions } from './preset.ts'

export interface OktaOptions extends PresetOptions {
  /** Such as `https://acme.okta.com/oauth2/default`. */
  issuer: string
}

/** Okta. */
export function okta(options: OktaOptions): GenericOAuthConfig {
  return withOptions(options, {
    providerId: 'okta',
    discoveryUrl: discoveryOf(options.issuer),
    scopes: IDENTITY_SCOPES,
  })
}
