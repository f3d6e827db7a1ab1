import type { GenericOAuthConfig } from '../options.ts'
import { discoveryOf, IDENTITY_SCOPES, type PresetOptions, withOptions } from './preset.ts'

export interface KeycloakOptions extends PresetOptions {
  /** Such as `https://login.example.com/realms/main`. */
  issuer: string
}

/** Keycloak. */
export function keycloak(options: KeycloakOptions): GenericOAuthConfig {
  return withOptions(options, {
    providerId: 'keycloak',
    discoveryUrl: discoveryOf(options.issuer),
    scopes: IDENTITY_SCOPES,
  })
}
