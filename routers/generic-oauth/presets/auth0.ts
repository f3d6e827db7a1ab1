import type { GenericOAuthConfig } from '../options.ts'
import { discoveryOf, IDENTITY_SCOPES, type PresetOptions, withOptions } from './preset.ts'

export interface Auth0Options extends PresetOptions {
  /** Of the tenant, such as `acme.eu.auth0.com`. */
  domain: string
}

/** Auth0. */
export function auth0(options: Auth0Options): GenericOAuthConfig {
  return withOptions(options, {
    providerId: 'auth0',
    discoveryUrl: discoveryOf(`https://${options.domain.replace(/^https?:\/\//, '')}`),
    scopes: IDENTITY_SCOPES,
  })
}
