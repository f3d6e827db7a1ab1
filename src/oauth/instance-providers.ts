import type { ProviderSurroundings } from './define-provider.ts'
import type { OAuthProvider } from './provider.ts'
import { configureProviders } from './providers/configured.ts'
import type { SocialProviders } from './providers/index.ts'

/** Where the users of an instance can sign in. */
export interface InstanceProviders {
  /** @returns `undefined` for one that is unknown or not enabled */
  find(id: string): Promise<OAuthProvider | undefined>
  /** Those that are enabled, configured or not: `missing` tells. */
  list(): Promise<OAuthProvider[]>
}

/** What a plugin adds to the providers. */
export type AddedProviders = (surroundings: ProviderSurroundings) => readonly OAuthProvider[]

/**
 * The providers of `socialProviders` and of plugins. Of two with one id the plugin's is used.
 * @throws Error for a name in `socialProviders` that is no provider's
 */
export function createInstanceProviders(
  social: SocialProviders,
  added: readonly AddedProviders[],
  surroundings: ProviderSurroundings,
): InstanceProviders {
  const configured = configureProviders(social, surroundings)
  const ofPlugins = new Map(added.flatMap(add => add(surroundings).map(provider => [provider.id, provider] as const)))
  return {
    find: async id => ofPlugins.get(id) ?? configured.find(id),
    list: async () => {
      const others = (await configured.list()).filter(({ id }) => !ofPlugins.has(id))
      return [...others, ...ofPlugins.values()]
    },
  }
}
