import { buildAuthorizationURL } from './authorization-url.ts'
import { primaryClientId } from './client.ts'
import type { Instance } from './instance.ts'
import type { SocialProviderOptions } from './options.ts'
import { codeChallengeOf } from './pkce.ts'
import type { AuthorizationRequest } from './provider.ts'

/** Where a browser is sent to sign in at a provider (RFC 6749, section 4.1.1, with PKCE and a nonce where it takes them). */
export async function authorizationURLOf<O extends SocialProviderOptions>(
  instance: Instance<O>,
  request: AuthorizationRequest,
): Promise<URL> {
  const { definition, options, usesPkce, usesNonce } = instance
  const { takes = [], clientIdParameter = 'client_id', ...rules } = definition.authorization ?? {}
  const scopes = scopesOf(instance, request)
  const isWithoutScope = scopes.length === 0 && rules.omitsEmptyScope
  return buildAuthorizationURL({
    ...rules,
    provider: definition.id,
    endpoint: options.authorizationEndpoint || instance.endpoints.authorization,
    additionalParams: request.additionalParams,
    parameters: {
      response_type: rules.responseType ?? 'code',
      [clientIdParameter]: primaryClientId(options),
      scope: isWithoutScope ? undefined : scopes.join(rules.scopeSeparator ?? ' '),
      redirect_uri: options.redirectURI || request.redirectURI,
      login_hint: (takes.includes('loginHint') && request.loginHint) || undefined,
      prompt: (takes.includes('prompt') && options.prompt) || rules.prompt,
      response_mode: options.responseMode ?? rules.responseMode,
      ...rules.parameters?.(options, scopes, request.context),
      // After the provider's own parameters, where an option gives its default.
      ...(takes.includes('display') && request.display && { display: request.display }),
      // And what protects the flow last: nothing replaces it.
      state: request.state,
      ...(usesNonce && request.nonce && { nonce: request.nonce }),
      ...(usesPkce && {
        code_challenge_method: 'S256',
        code_challenge: await codeChallengeOf(request.codeVerifier),
      }),
    },
  })
}

/** Default scopes, those of the options and those of the call, each once. */
function scopesOf<O extends SocialProviderOptions>(
  { definition, options }: Instance<O>,
  { scopes = [] }: AuthorizationRequest,
): string[] {
  const defaults = options.disableDefaultScope ? [] : definition.scopes
  const configured = options.scope ?? []
  const added = definition.authorization?.callScopesFirst ? [...scopes, ...configured] : [...configured, ...scopes]
  return [...new Set([...defaults, ...added])]
}
