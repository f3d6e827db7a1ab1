import type { AuthContext, Hooks } from '../../src/context.ts'
import type { OAuthProxySettings } from './options.ts'
import { sealState } from './sealed.ts'

/** Sends browsers to providers by way of the server that the providers know, unless this is the one. */
export function leaveByProduction(settings: OAuthProxySettings): NonNullable<Hooks['providerLeaving']> {
  return ({ provider, flow }, auth) => {
    const production = settings.productionOrigin ?? auth.kernel.options.origin
    const current = settings.currentOrigin ?? auth.origin
    if (production === current || auth.headers.has('x-skip-oauth-proxy')) return undefined
    const { state, codeVerifier, nonce, callbackURL, expiresAt } = flow
    const returnTo = `${current}${pathOf(auth)}/oauth-proxy-callback?callbackURL=${encodeURIComponent(callbackURL)}`
    return {
      redirectURI: `${production}${pathOf(auth)}${provider.callbackPath}`,
      state: sealState(auth, settings, { state, provider: provider.id, codeVerifier, nonce, returnTo, expiresAt }),
    }
  }
}

/** The path of the routes, which is the same on both servers. */
function pathOf({ baseURL, origin }: AuthContext): string {
  return baseURL.slice(origin.length)
}
