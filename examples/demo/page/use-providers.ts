import type { ProviderInfo } from '../providers.ts'
import { useLoaded } from './use-loaded.ts'

export type { ProviderInfo } from '../providers.ts'

/** The providers that the server has, those that lack settings included. */
export function useProviders(): ProviderInfo[] {
  return useLoaded(fetchProviders).data ?? []
}

async function fetchProviders() {
  const response = await fetch('/dev/providers')
  if (!response.ok) return { data: null, error: { status: response.status } }
  const { providers } = (await response.json()) as { providers: ProviderInfo[] }
  return { data: providers, error: null }
}
