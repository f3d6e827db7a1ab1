/** What can go wrong between Kernia and a provider. */
export type OAuthErrorCode =
  /** The application did not give what the provider needs, such as `clientSecret`. */
  | 'PROVIDER_NOT_CONFIGURED'
  /** Additional parameters of the authorization URL may not replace those that protect it. */
  | 'RESERVED_PARAMETER'
  /** No answer, a late or too large one, or a failure of the provider's (5xx). */
  | 'PROVIDER_UNAVAILABLE'
  /** The token endpoint said no (RFC 6749, section 5.2); `providerError` says why. */
  | 'TOKEN_REFUSED'
  /** The token endpoint's answer is not one of RFC 6749, section 5.1. */
  | 'TOKEN_RESPONSE_INVALID'
  /** An id token is missing, not signed by the provider, not for this client, expired or of another sign-in. */
  | 'ID_TOKEN_INVALID'
  /** The profile was not given. */
  | 'PROFILE_REFUSED'
  /** The profile is not JSON, or not the provider's. */
  | 'PROFILE_INVALID'

interface Details extends ErrorOptions {
  provider: string
  providerError?: string | undefined
  status?: number | undefined
}

/**
 * A failure between Kernia and a provider. It may be logged and its code shown: it carries no token, code, secret,
 * address or text of the provider's.
 */
export class OAuthError extends Error {
  override readonly name = 'OAuthError'
  readonly code: OAuthErrorCode
  /** Id of the provider. */
  readonly provider: string
  /** The provider's own error code, such as `invalid_grant` (RFC 6749, section 5.2). */
  readonly providerError: string | undefined
  /** HTTP status of the provider's answer. */
  readonly status: number | undefined

  constructor(code: OAuthErrorCode, message: string, { provider, providerError, status, ...options }: Details) {
    super(`${provider}: ${message}`, options)
    this.code = code
    this.provider = provider
    this.providerError = codeIn(providerError)
    this.status = status
  }
}

/** Only what looks like a code: some providers put sentences, and what they were sent, into `error`. */
function codeIn(text: string | undefined): string | undefined {
  return text !== undefined && /^[\w.-]{1,64}$/.test(text) ? text : undefined
}
