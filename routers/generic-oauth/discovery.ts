import { fieldsOf, textOf } from '../../src/oauth/fields.ts'
import { callForJson } from '../../src/oauth/json-call.ts'
import { OAuthError } from '../../src/oauth/oauth-error.ts'
import type { SafeFetch } from '../../src/safe-fetch.ts'
import type { GenericOAuthConfig } from './options.ts'

/** What is known of a provider besides what the options say (OpenID Connect Discovery 1.0, section 3; RFC 8414). */
export interface Metadata {
  authorization?: string | undefined
  token?: string | undefined
  userInfo?: string | undefined
  issuer?: string | undefined
  keySet?: string | undefined
  knowsPkce?: boolean | undefined
  /** Its callbacks say who it is (RFC 9207, section 3). */
  givesIssuer?: boolean | undefined
  /** It signs id tokens with the client's secret, and in no other way. */
  signsWithSecret?: boolean | undefined
}

/** So long a provider may go on under addresses that it has given up. */
const LIFE_MS = 3_600_000

/**
 * Reads a provider's metadata when it is first needed, and keeps it for an hour. Calls that come at the same time share
 * one request; a failure is not kept.
 * @throws OAuthError PROVIDER_UNAVAILABLE when it cannot be had, or is not that of the configured issuer
 */
export function createDiscovery(config: GenericOAuthConfig, now: () => Date): (fetch: SafeFetch) => Promise<Metadata> {
  const { discoveryUrl } = config
  let known: { metadata: Promise<Metadata>; until: number } | undefined
  return async fetch => {
    if (!discoveryUrl) return {}
    if (!known || known.until <= now().getTime()) {
      const metadata = readMetadata(config, discoveryUrl, fetch)
      const current = { metadata, until: now().getTime() + LIFE_MS }
      known = current
      metadata.catch(() => {
        if (known === current) known = undefined
      })
    }
    return known.metadata
  }
}

async function readMetadata(
  { providerId: provider, discoveryHeaders, issuer: expected }: GenericOAuthConfig,
  url: string,
  fetch: SafeFetch,
): Promise<Metadata> {
  const headers = { ...discoveryHeaders, accept: 'application/json' }
  const { status, body } = await callForJson(url, { headers }, { provider, fetch })
  if (status < 200 || status > 299) {
    throw new OAuthError('PROVIDER_UNAVAILABLE', 'its metadata cannot be read', { provider, status })
  }
  const found = fieldsOf(body)
  const issuer = textOf(found.issuer)
  if (expected && issuer && expected !== issuer) {
    throw new OAuthError('PROVIDER_UNAVAILABLE', 'its metadata is that of another issuer', { provider })
  }
  const methods = textsOf(found.code_challenge_methods_supported)
  const algorithms = textsOf(found.id_token_signing_alg_values_supported)
  return {
    authorization: addressOf(found.authorization_endpoint),
    token: addressOf(found.token_endpoint),
    userInfo: addressOf(found.userinfo_endpoint),
    issuer,
    keySet: addressOf(found.jwks_uri),
    knowsPkce: methods.includes('S256'),
    givesIssuer: found.authorization_response_iss_parameter_supported === true,
    signsWithSecret: algorithms.length > 0 && algorithms.every(algorithm => algorithm === 'HS256'),
  }
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter(text => typeof text === 'string') : []
}

/** A script in the place of an address is none. */
function addressOf(value: unknown): string | undefined {
  const text = textOf(value)
  return text && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) ? text : undefined
}
