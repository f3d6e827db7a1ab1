import { genericOAuth } from '../../routers/generic-oauth/index.ts'

export type LocalIdOptions = { issuer: string; clientId: string; clientSecret: string }

/** The bundled provider as the demo's auth sees it: like any other of OpenID Connect. */
export function localId({ issuer, clientId, clientSecret }: LocalIdOptions) {
  const discoveryUrl = `${issuer}/.well-known/openid-configuration`
  const scopes = ['openid', 'email', 'profile']
  return genericOAuth({
    config: [{ providerId: 'local', name: 'Local ID', discoveryUrl, clientId, clientSecret, scopes, pkce: true }],
  })
}
