import type { SafeFetch } from '../safe-fetch.ts'
import { primaryClientId } from './client.ts'
import type { Grant } from './definition.ts'
import { askerOf, assertConfigured, type Instance } from './instance.ts'
import type { JsonAnswer } from './json-call.ts'
import type { SocialProviderOptions } from './options.ts'
import type { CodeExchange } from './provider.ts'
import { type OAuthTokens, readTokens } from './tokens.ts'

/**
 * Trades a code for tokens (RFC 6749, section 4.1.3; RFC 7636, section 4.5).
 * @throws OAuthError
 */
export function exchangeCode<O extends SocialProviderOptions>(
  instance: Instance<O>,
  { code, codeVerifier, redirectURI, deviceId, context }: CodeExchange,
  fetch: SafeFetch,
): Promise<OAuthTokens> {
  const { definition, options, usesPkce } = instance
  const grant = {
    ...definition.token?.exchangeParameters?.(options, context),
    grant_type: 'authorization_code',
    code,
    code_verifier: usesPkce ? codeVerifier : undefined,
    device_id: definition.token?.takesDeviceId ? deviceId : undefined,
    redirect_uri: options.redirectURI || redirectURI,
  }
  return requestTokens(instance, grant, fetch)
}

/**
 * Trades a refresh token for new tokens (RFC 6749, section 6).
 * @throws OAuthError
 */
export function refreshTokens<O extends SocialProviderOptions>(
  instance: Instance<O>,
  refreshToken: string,
  fetch: SafeFetch,
): Promise<OAuthTokens> {
  const more = instance.definition.token?.refreshParameters?.(instance.options)
  return requestTokens(instance, { grant_type: 'refresh_token', refresh_token: refreshToken, ...more }, fetch)
}

async function requestTokens<O extends SocialProviderOptions>(
  instance: Instance<O>,
  grant: Grant,
  fetch: SafeFetch,
): Promise<OAuthTokens> {
  assertConfigured(instance)
  const { definition, options, now } = instance
  const request = definition.token?.request
  const answer = request
    ? await request(grant, { options, ask: askerOf(instance, fetch) })
    : await postGrant(instance, grant, fetch)
  return readTokens({ ...answer, provider: definition.id, now: now() })
}

async function postGrant<O extends SocialProviderOptions>(
  instance: Instance<O>,
  grant: Grant,
  fetch: SafeFetch,
): Promise<JsonAnswer> {
  const { definition, options, endpoints, now } = instance
  const { clientAuth = 'post', clientIdParameter = 'client_id', clientSecret, headers: more } = definition.token ?? {}
  const id = primaryClientId(options) ?? ''
  const secret = clientSecret ? await clientSecret(options, now()) : options.clientSecret
  const body = new URLSearchParams(given(grant))
  const headers: Record<string, string> = { ...more, accept: 'application/json' }
  if (clientAuth === 'basic') {
    // Not form-encoded before, as RFC 6749 has it: providers that use it take the characters as they are.
    headers.authorization = `Basic ${Buffer.from(`${id}:${secret ?? ''}`).toString('base64')}`
  } else {
    body.set(clientIdParameter, id)
    if (secret) body.set('client_secret', secret)
  }
  return askerOf(instance, fetch)(endpoints.token, { method: 'POST', headers, body })
}

function given(grant: Grant): Record<string, string> {
  return Object.fromEntries(Object.entries(grant).flatMap(([name, value]) => (value ? [[name, value]] : [])))
}
