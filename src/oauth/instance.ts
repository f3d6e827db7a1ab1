import type { SafeFetch } from '../safe-fetch.ts'
import type { AskForJson, Endpoints, ProviderDefinition } from './definition.ts'
import { callForJson } from './json-call.ts'
import type { KeySets } from './key-sets.ts'
import { OAuthError } from './oauth-error.ts'
import type { SocialProviderOptions } from './options.ts'

/** A definition put to use with the options of an application. */
export interface Instance<O extends SocialProviderOptions> {
  definition: ProviderDefinition<O>
  options: O
  endpoints: Endpoints
  missing: readonly string[]
  usesPkce: boolean
  usesNonce: boolean
  keySets: KeySets
  now: () => Date
}

/** @throws OAuthError PROVIDER_NOT_CONFIGURED */
export function assertConfigured<O extends SocialProviderOptions>({ definition, missing }: Instance<O>): void {
  if (missing.length === 0) return
  throw new OAuthError('PROVIDER_NOT_CONFIGURED', `not configured: ${missing.join(', ')}`, { provider: definition.id })
}

/** A way to call the instance's provider. */
export function askerOf<O extends SocialProviderOptions>({ definition }: Instance<O>, fetch: SafeFetch): AskForJson {
  return (url, init = {}) => callForJson(url, init, { provider: definition.id, fetch })
}
