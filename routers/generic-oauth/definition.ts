import type { JwtClaims } from '../../src/crypto/jwt-claims.ts'
import type { IdTokenRules, ProviderDefinition } from '../../src/oauth/definition.ts'
import type { SocialProviderOptions } from '../../src/oauth/options.ts'
import type { HookContext } from '../../src/options/hooks.ts'
import type { Metadata } from './discovery.ts'
import type { GenericOAuthConfig } from './options.ts'
import { profileOf, userOf } from './profile.ts'

/** The part of an issuer that stands for a tenant, where one document serves all tenants, as at Microsoft. */
const TENANT = '{tenantid}'

/** A provider by its options and its metadata, in the words of the built-in ones. */
export function definitionOf(config: GenericOAuthConfig, metadata: Metadata): ProviderDefinition {
  const { providerId: id, name = id, accessType, responseType, authorizationUrlParams, tokenUrlParams } = config
  const { authorization = config.authorizationUrl ?? '', token = config.tokenUrl ?? '' } = metadata
  return {
    id,
    name,
    endpoints: { authorization, token },
    callbackPath: `/oauth2/callback/${id}`,
    requiresIssuer: config.requireIssuerValidation ?? metadata.givesIssuer ?? false,
    scopes: [],
    pkce: metadata.knowsPkce ?? false,
    required: () => ['clientId'],
    authorization: {
      takes: ['prompt', 'loginHint'],
      callScopesFirst: true,
      ...(responseType && { responseType }),
      parameters: (_options, _scopes, context) => ({
        ...(accessType && { access_type: accessType }),
        ...resolve(authorizationUrlParams, context),
      }),
    },
    token: {
      clientAuth: config.authentication ?? 'post',
      exchangeParameters: (_options, context) => resolve(tokenUrlParams, context),
      ...(config.authorizationHeaders && { headers: config.authorizationHeaders }),
    },
    idToken: idTokenRules(config, metadata),
    profile: call => profileOf(config, metadata.userInfo ?? config.userInfoUrl, call),
    user: userOf,
  }
}

/** The options under the names that providers have them by. */
export function optionsOf(config: GenericOAuthConfig): SocialProviderOptions {
  const { clientId, clientSecret, scopes, redirectURI, prompt, responseMode, pkce, mapProfileToUser } = config
  return {
    clientId,
    clientSecret,
    scope: scopes,
    redirectURI,
    // It has more values here than at the built-in providers; it is only passed on.
    prompt: prompt as SocialProviderOptions['prompt'],
    responseMode,
    pkce,
    ...(mapProfileToUser && { mapProfileToUser }),
    disableImplicitSignUp: config.disableImplicitSignUp,
    disableSignUp: config.disableSignUp,
    overrideUserInfoOnSignIn: config.overrideUserInfo,
  }
}

/** A nonce goes with every request for an id token. */
export function usesNonce({ scopes = [] }: GenericOAuthConfig): boolean {
  return scopes.includes('openid')
}

function idTokenRules(config: GenericOAuthConfig, metadata: Metadata): IdTokenRules<SocialProviderOptions> {
  const { issuer, keySet, signsWithSecret } = metadata
  const expected = config.issuer ?? issuer
  const algorithm = config.idTokenSignedResponseAlg ?? (signsWithSecret ? 'HS256' : undefined)
  const isOfTenant = expected?.includes(TENANT) ?? false
  return {
    issuers: () => (expected && !isOfTenant ? [expected] : []),
    ...(keySet !== undefined && { keySet: () => keySet }),
    ...(algorithm && { algorithms: [algorithm] }),
    ...(isOfTenant && { accepts: ({ iss, tid }: JwtClaims) => iss === expected?.replace(TENANT, String(tid)) }),
    sendsNonce: usesNonce(config),
  }
}

function resolve(
  parameters: GenericOAuthConfig['tokenUrlParams'],
  context: object | undefined,
): Record<string, string> {
  // The flow's context is that of the call, for this very callback.
  return { ...(typeof parameters === 'function' ? parameters(context as HookContext) : parameters) }
}
