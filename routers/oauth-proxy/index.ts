import { definePlugin, type Plugin } from '../../src/plugin.ts'
import { forwardToCurrent } from './forward.ts'
import { leaveByProduction } from './leave.ts'
import { type OAuthProxyOptions, resolveOAuthProxy } from './options.ts'
import { type OAuthProxyRouter, oauthProxyProcedures } from './procedures.ts'

export type { OAuthProxyOptions } from './options.ts'
export type { OAuthProxyRouter } from './procedures.ts'

/**
 * Sign-in at providers from servers that these do not know, such as previews: by way of the one that they know, which
 * has the plugin as well.
 * @throws when an address of the options is none, or `maxAge` is no time
 */
export function oAuthProxy(options: OAuthProxyOptions = {}): Plugin<OAuthProxyRouter> {
  const settings = resolveOAuthProxy(options)
  return definePlugin<OAuthProxyRouter>({
    id: 'oauth-proxy',
    procedures: builder => oauthProxyProcedures(builder, settings),
    hooks: { providerLeaving: leaveByProduction(settings), providerReturned: forwardToCurrent(settings) },
  })
}
