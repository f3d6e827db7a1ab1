import type { ProviderFactory, ProviderSurroundings } from '../../src/oauth/define-provider.ts'
import type { SocialProviderOptions } from '../../src/oauth/options.ts'
import type { OAuthProvider } from '../../src/oauth/provider.ts'
import { type SocialProviderId, socialProviders } from '../../src/oauth/providers/index.ts'
import type { SafeFetch } from '../../src/safe-fetch.ts'
import { GOLDEN_OPTIONS } from './goldens.ts'

export const PROVIDER_IDS = Object.keys(socialProviders) as SocialProviderId[]

/** A provider with what it needs to be usable, and `options` besides. */
export function makeProvider(id: SocialProviderId, options: object = {}, more?: ProviderSurroundings): OAuthProvider {
  const factory = socialProviders[id] as ProviderFactory<SocialProviderOptions>
  return factory({ clientId: 'CID', clientSecret: 'CS', ...GOLDEN_OPTIONS[id], ...options }, more)
}

/** The error that a promise fails with. */
export async function failureOf(promise: Promise<unknown>): Promise<{ code?: string; message: string }> {
  return promise.then(
    () => ({ message: 'nothing failed' }),
    (error: Error) => error,
  )
}

/** For what needs no request. */
export const refuseAll: SafeFetch = () => Promise.reject(new Error('nothing is to be fetched'))
