import type { ProviderFactory, ProviderSurroundings } from '../define-provider.ts'
import type { SocialProviderOptions } from '../options.ts'
import type { OAuthProvider } from '../provider.ts'
import { type SocialProviderId, type SocialProviders, socialProviders } from './index.ts'

/** The social providers of an instance. */
export interface ConfiguredProviders {
  /** Ids in the order of the options; one whose function answers `enabled: false` is among them all the same. */
  readonly ids: readonly SocialProviderId[]
  /** @returns `undefined` for one that is unknown, not among the options, or not enabled */
  find(id: string): Promise<OAuthProvider | undefined>
  /** Those that are enabled, configured or not: `missing` tells. */
  list(): Promise<OAuthProvider[]>
}

type Given = SocialProviderOptions | (() => SocialProviderOptions | Promise<SocialProviderOptions>)

/**
 * Makes the providers of an instance from `socialProviders` of its options. Each is made once, when first asked for.
 * @throws Error for a name that is no provider's
 */
export function configureProviders(given: SocialProviders, surroundings?: ProviderSurroundings): ConfiguredProviders {
  const entries = Object.entries(given).filter(([, options]) => options && isEnabled(options))
  for (const [id] of Object.entries(given)) {
    if (!Object.hasOwn(socialProviders, id)) throw new Error(`init: socialProviders.${id} is not a provider`)
  }
  const options = new Map<string, Given>(entries)
  const made = new Map<string, Promise<OAuthProvider | undefined>>()
  const find = (id: string): Promise<OAuthProvider | undefined> => {
    const found = options.get(id)
    if (!found) return Promise.resolve(undefined)
    const provider = made.get(id) ?? make(id as SocialProviderId, found, surroundings)
    made.set(id, provider)
    // What failed, such as a vault that did not answer, is tried again the next time.
    provider.catch(() => made.delete(id))
    return provider
  }
  const ids = [...options.keys()] as SocialProviderId[]
  return { ids, find, list: async () => (await Promise.all(ids.map(find))).filter(provider => provider !== undefined) }
}

function isEnabled(given: Given): boolean {
  return typeof given === 'function' || given.enabled !== false
}

async function make(
  id: SocialProviderId,
  given: Given,
  surroundings?: ProviderSurroundings,
): Promise<OAuthProvider | undefined> {
  const options = typeof given === 'function' ? await given() : given
  // The options are those of this very provider: the type of `SocialProviders` says so by name.
  const factory = socialProviders[id] as ProviderFactory<SocialProviderOptions>
  return options && isEnabled(options) ? factory(options, surroundings) : undefined
}
