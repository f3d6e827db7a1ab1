import { authorizationURLOf } from './authorization-request.ts'
import { missingOptions } from './client.ts'
import type { ProviderDefinition } from './definition.ts'
import { verifyForSignIn } from './id-token-reader.ts'
import { assertConfigured, type Instance } from './instance.ts'
import { createKeySets } from './key-sets.ts'
import type { SocialProviderOptions } from './options.ts'
import type { OAuthProvider } from './provider.ts'
import { exchangeCode, refreshTokens } from './token-request.ts'
import { userInfoOf } from './user-info.ts'

export interface ProviderSurroundings {
  /** The time; default the system's. */
  now?: () => Date
  /** How long key sets are not fetched anew for an unknown key id; default 30. */
  keyCooldownSeconds?: number
}

/** Makes the provider of an instance. Nothing is shared between two that it makes. */
export interface ProviderFactory<O extends SocialProviderOptions> {
  (options: O, surroundings?: ProviderSurroundings): OAuthProvider
  readonly definition: ProviderDefinition<O>
}

/** Turns the description of a provider into a factory. */
export function defineProvider<O extends SocialProviderOptions>(definition: ProviderDefinition<O>): ProviderFactory<O> {
  const create = (options: O, { now = () => new Date(), keyCooldownSeconds }: ProviderSurroundings = {}) => {
    const { endpoints, required, idToken } = definition
    return toProvider({
      definition,
      options,
      endpoints: typeof endpoints === 'function' ? endpoints(options) : endpoints,
      missing: missingOptions(options, required?.(options) ?? ['clientId', 'clientSecret']),
      usesPkce: options.pkce ?? definition.pkce ?? false,
      usesNonce: idToken?.sendsNonce ?? false,
      keySets: createKeySets(definition.id, { cooldownSeconds: keyCooldownSeconds }),
      now,
    })
  }
  return Object.assign(create, { definition })
}

function toProvider<O extends SocialProviderOptions>(instance: Instance<O>): OAuthProvider {
  const { definition, options, missing, usesPkce, usesNonce } = instance
  const { id, name, token, idToken } = definition
  const refresh: OAuthProvider['refreshTokens'] = options.refreshAccessToken
    ? async refreshToken => (await options.refreshAccessToken?.(refreshToken)) ?? {}
    : (refreshToken, fetch) => refreshTokens(instance, refreshToken, fetch)
  return {
    id,
    name,
    options,
    missing,
    usesPkce,
    usesNonce,
    callbackPath: definition.callbackPath ?? `/callback/${id}`,
    issuerRule: async () => ({
      issuer: idToken?.issuers(options)[0],
      isRequired: definition.requiresIssuer ?? false,
    }),
    authorizationURL: async request => {
      assertConfigured(instance)
      return authorizationURLOf(instance, request)
    },
    exchangeCode: (exchange, fetch) => exchangeCode(instance, exchange, fetch),
    userInfo: (request, fetch) => userInfoOf(instance, request, fetch),
    ...((token?.refreshes !== false || options.refreshAccessToken) && { refreshTokens: refresh }),
    ...(idToken?.signsIn && {
      verifyIdToken: (token, nonce, fetch) => verifyForSignIn(instance, { idToken: token, nonce }, fetch),
    }),
  }
}
