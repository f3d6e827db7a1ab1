import type { JWTVerifyGetKey } from 'jose'
import { loadJose } from '../crypto/jose.ts'
import type { SafeFetch } from '../safe-fetch.ts'
import { callProvider } from './json-call.ts'
import { OAuthError } from './oauth-error.ts'

/** Signing keys of a provider (RFC 7517), fetched when needed and kept. */
export type KeySets = (url: string, fetch: SafeFetch) => JWTVerifyGetKey

/**
 * The key sets of one provider of one instance. A set is kept for ten minutes; an unknown key id makes it fetched anew,
 * so that rotation needs no restart, but not before `cooldownSeconds` passed, so that made-up ids cost nothing.
 */
export function createKeySets(provider: string, { cooldownSeconds = 30 } = {}): KeySets {
  // By fetch, too: a set that was allowed to be fetched in one way is not there for a stricter one.
  const sets = new WeakMap<SafeFetch, Map<string, JWTVerifyGetKey>>()
  return (url, fetch) => {
    const ofFetch = sets.get(fetch) ?? new Map<string, JWTVerifyGetKey>()
    sets.set(fetch, ofFetch)
    const known = ofFetch.get(url)
    if (known) return known
    const set = remoteKeySet(url, { provider, fetch, cooldownSeconds })
    ofFetch.set(url, set)
    return set
  }
}

function remoteKeySet(
  url: string,
  { provider, fetch, cooldownSeconds }: { provider: string; fetch: SafeFetch; cooldownSeconds: number },
): JWTVerifyGetKey {
  let set: Promise<JWTVerifyGetKey> | undefined
  const make = async () => {
    const jose = await loadJose()
    return jose.createRemoteJWKSet(new URL(url), {
      cooldownDuration: cooldownSeconds * 1000,
      [jose.customFetch]: async (target, { headers, signal }) => {
        const response = await callProvider(target, { headers, signal }, { provider, fetch })
        const { status } = response
        if (status === 200) return response
        throw new OAuthError('PROVIDER_UNAVAILABLE', 'its keys cannot be fetched', { provider, status })
      },
    })
  }
  return async (header, token) => {
    set ??= make().catch(error => {
      set = undefined
      throw error
    })
    return (await set)(header, token)
  }
}
