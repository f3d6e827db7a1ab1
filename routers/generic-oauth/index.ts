import { definePlugin, type Plugin } from '../../src/plugin.ts'
import { assertProvidersFit, type GenericOAuthOptions } from './options.ts'
import { type GenericOAuthRouter, genericOAuthProcedures } from './procedures.ts'
import { createGenericProvider } from './provider.ts'

export type { GenericOAuthConfig, GenericOAuthOptions, UserInfoCall } from './options.ts'
export { auth0 } from './presets/auth0.ts'
export { gumroad } from './presets/gumroad.ts'
export { hubspot } from './presets/hubspot.ts'
export { keycloak } from './presets/keycloak.ts'
export { line } from './presets/line.ts'
export { microsoftEntraId } from './presets/microsoft-entra-id.ts'
export { okta } from './presets/okta.ts'
export { patreon } from './presets/patreon.ts'
export type { PresetOptions } from './presets/preset.ts'
export { slack } from './presets/slack.ts'
export type { GenericOAuthRouter } from './procedures.ts'

/**
 * Sign-in at any provider of OAuth 2.0 (RFC 6749) or OpenID Connect: those of `config`, by discovery or by their addresses.
 * @throws when two providers have one id, or an id does not fit into a path
 */
export function genericOAuth(options: GenericOAuthOptions): Plugin<GenericOAuthRouter> {
  assertProvidersFit(options)
  const ids = new Set(options.config.map(({ providerId }) => providerId))
  return definePlugin<GenericOAuthRouter>({
    id: 'generic-oauth',
    procedures: builder => genericOAuthProcedures(builder, ids),
    oauthProviders: surroundings => options.config.map(config => createGenericProvider(config, surroundings)),
  })
}
