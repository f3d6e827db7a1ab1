import { defineProvider, type ProviderSurroundings } from '../../src/oauth/define-provider.ts'
import { OAuthError } from '../../src/oauth/oauth-error.ts'
import type { CodeExchange, OAuthProvider } from '../../src/oauth/provider.ts'
import type { SafeFetch } from '../../src/safe-fetch.ts'
import { definitionOf, optionsOf } from './definition.ts'
import { createDiscovery, type Metadata } from './discovery.ts'
import type { GenericOAuthConfig } from './options.ts'

/** A provider that is looked up when it is first needed. */
export function createGenericProvider(config: GenericOAuthConfig, surroundings: ProviderSurroundings): OAuthProvider {
  const options = optionsOf(config)
  const discover = createDiscovery(config, surroundings.now ?? (() => new Date()))
  const made = new WeakMap<Metadata, OAuthProvider>()
  const make = (metadata: Metadata) => defineProvider(definitionOf(config, metadata))(options, surroundings)
  // One for each document, so that it keeps its keys.
  const load = async (fetch: SafeFetch): Promise<OAuthProvider> => {
    const metadata = await discover(fetch)
    const provider = made.get(metadata) ?? make(metadata)
    made.set(metadata, provider)
    return provider
  }
  return {
    ...make({}),
    issuerRule: async fetch => (await load(fetch)).issuerRule(fetch),
    authorizationURL: async (request, fetch) => {
      const metadata = await discover(fetch)
      requireAddress(config, metadata.authorization ?? config.authorizationUrl)
      if (!config.getToken) requireAddress(config, metadata.token ?? config.tokenUrl)
      return (await load(fetch)).authorizationURL(request, fetch)
    },
    exchangeCode: async (exchange, fetch) => {
      const provider = await load(fetch)
      return config.getToken
        ? config.getToken(exchangeOf(config, provider, exchange))
        : provider.exchangeCode(exchange, fetch)
    },
    refreshTokens: async (refreshToken, fetch) => {
      requireAddress(config, (await discover(fetch)).token ?? config.tokenUrl)
      return (await load(fetch)).refreshTokens?.(refreshToken, fetch) ?? {}
    },
    userInfo: async (request, fetch) => (await load(fetch)).userInfo(request, fetch),
  }
}

function exchangeOf(
  { redirectURI: fixed }: GenericOAuthConfig,
  { usesPkce }: OAuthProvider,
  { code, redirectURI, codeVerifier }: CodeExchange,
) {
  return { code, redirectURI: fixed || redirectURI, ...(usesPkce && { codeVerifier }) }
}

/** @throws OAuthError PROVIDER_NOT_CONFIGURED */
function requireAddress({ providerId: provider }: GenericOAuthConfig, address: string | undefined): void {
  if (!address) throw new OAuthError('PROVIDER_NOT_CONFIGURED', 'an address is not known', { provider })
}
