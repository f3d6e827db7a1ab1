import { OAuthError } from './oauth-error.ts'

/** The order of Better Auth's URLs. It means nothing to a provider, but keeps ours comparable. */
const ORDER = [
  'response_type',
  'client_id',
  'state',
  'scope',
  'redirect_uri',
  'duration',
  'display',
  'login_hint',
  'nonce',
  'prompt',
  'hd',
  'access_type',
  'response_mode',
  'code_challenge_method',
  'code_challenge',
  'claims',
]

/** What the protocol itself puts into the URL; `client_key` and `appid` are client ids by another name. */
const RESERVED = new Set([
  'response_type',
  'client_id',
  'client_key',
  'appid',
  'state',
  'scope',
  'redirect_uri',
  'response_mode',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  // A request object (RFC 9101) would replace all of the above.
  'request',
  'request_uri',
])

export interface AuthorizationParts {
  provider: string
  endpoint: string
  /** What is `undefined` is left out. */
  parameters: Readonly<Record<string, string | undefined>>
  additionalParams?: Readonly<Record<string, string>> | undefined
  /** Names that come first, instead of the usual order. */
  order?: readonly string[] | undefined
  fragment?: string | undefined
  /** Write spaces as %20, for servers that take a plus for a plus. */
  percentSpaces?: boolean | undefined
}

/**
 * An authorization request (RFC 6749, section 4.1.1).
 * @throws OAuthError RESERVED_PARAMETER
 */
export function buildAuthorizationURL(parts: AuthorizationParts): URL {
  const { provider, endpoint, parameters, additionalParams = {}, order = ORDER, fragment, percentSpaces } = parts
  if (Object.keys(additionalParams).some(name => RESERVED.has(name))) {
    throw new OAuthError('RESERVED_PARAMETER', 'an additional parameter belongs to the protocol', { provider })
  }
  const url = new URL(endpoint)
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length)
  const names = Object.keys(parameters).toSorted((a, b) => place(a) - place(b))
  for (const name of names) {
    const value = parameters[name]
    if (value !== undefined) url.searchParams.set(name, value)
  }
  for (const [name, value] of Object.entries(additionalParams)) url.searchParams.set(name, value)
  if (fragment) url.hash = fragment
  if (percentSpaces) url.search = url.search.replaceAll('+', '%20')
  return url
}
