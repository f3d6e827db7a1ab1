import type { JwtClaims } from '../crypto/jwt-claims.ts'
import type { SafeFetch } from '../safe-fetch.ts'
import type { SocialProviderOptions } from './options.ts'
import type { OAuthTokens } from './tokens.ts'

export interface AuthorizationRequest {
  state: string
  /** Its S256 challenge goes into the URL where the provider `usesPkce`; it stays here itself. */
  codeVerifier: string
  /** Goes into the URL where the provider `usesNonce` (OpenID Connect Core, section 3.1.2.1). */
  nonce?: string | undefined
  /** Asked for besides those of the options. */
  scopes?: readonly string[] | undefined
  redirectURI: string
  loginHint?: string | undefined
  display?: string | undefined
  /** More query parameters; those of the protocol cannot be replaced. */
  additionalParams?: Readonly<Record<string, string>> | undefined
  /** The call, for callbacks of the application. */
  context?: object | undefined
}

export interface CodeExchange {
  code: string
  codeVerifier?: string | undefined
  /** The same as in the authorization request. */
  redirectURI: string
  /** `device_id` of the callback, which VK gives. */
  deviceId?: string | undefined
  /** The call, for callbacks of the application. */
  context?: object | undefined
}

/** What userInfo is asked with: tokens, and what came along with them. */
export interface UserInfoRequest extends OAuthTokens {
  /** `user` of Apple's callback: a name, which the browser could have made up. */
  user?: { name?: { firstName?: string; lastName?: string }; email?: string } | undefined
  /** The nonce of the authorization request, which the id token must repeat. */
  nonce?: string | undefined
  /**
   * The id token was checked before, by `verifyIdToken` now or by `userInfo` when it was stored, so it is only read.
   * Without this it must be valid at this moment.
   */
  idTokenVerified?: boolean | undefined
}

export interface ProviderUser {
  /** The subject at the provider: never empty, and a string even where the provider counts. */
  id: string
  /** Empty where the provider tells none. */
  name: string
  email: string | null
  /** Only ever true for `email`, and when the provider, or `mapProfileToUser`, says so. */
  emailVerified: boolean
  image?: string | undefined
  /** What `mapProfileToUser` added. */
  [field: string]: unknown
}

export interface ProviderUserInfo {
  user: ProviderUser
  /** The profile as the provider gave it. */
  data: Record<string, unknown>
}

export interface IssuerRule {
  /** The `iss` of its callbacks; unknown for some. */
  issuer?: string | undefined
  /** Callbacks without `iss` are not taken for its own. */
  isRequired: boolean
}

/** A provider of one instance, with the application's options. Every request goes through the given fetch. */
export interface OAuthProvider {
  readonly id: string
  readonly name: string
  /** As the application gave them, secrets included. */
  readonly options: SocialProviderOptions
  /** Options that are not given and without which nobody can be sent to the provider; empty means usable. */
  readonly missing: readonly string[]
  readonly usesPkce: boolean
  readonly usesNonce: boolean
  /** Where it sends the browser back to, below the address of the routes. */
  readonly callbackPath: string
  /**
   * What callbacks of this provider say about who sends them (RFC 9207).
   * @throws OAuthError PROVIDER_UNAVAILABLE
   */
  issuerRule(fetch: SafeFetch): Promise<IssuerRule>
  /** @throws OAuthError PROVIDER_NOT_CONFIGURED, RESERVED_PARAMETER, PROVIDER_UNAVAILABLE */
  authorizationURL(request: AuthorizationRequest, fetch: SafeFetch): Promise<URL>
  /**
   * Trades the callback's code for tokens (RFC 6749, section 4.1.3).
   * @throws OAuthError PROVIDER_NOT_CONFIGURED, PROVIDER_UNAVAILABLE, TOKEN_REFUSED, TOKEN_RESPONSE_INVALID
   */
  exchangeCode(exchange: CodeExchange, fetch: SafeFetch): Promise<OAuthTokens>
  /**
   * New tokens for a refresh token (RFC 6749, section 6); absent where the provider gives none.
   * @throws as `exchangeCode`, and whatever `options.refreshAccessToken` throws
   */
  refreshTokens?(refreshToken: string, fetch: SafeFetch): Promise<OAuthTokens>
  /**
   * Who signed in. An id token whose claims are used is verified first.
   * @returns `null` when the tokens name nobody, or somebody whom the provider blocked
   * @throws OAuthError PROVIDER_UNAVAILABLE, ID_TOKEN_INVALID, PROFILE_REFUSED, PROFILE_INVALID, and whatever callbacks
   * of the application throw
   */
  userInfo(request: UserInfoRequest, fetch: SafeFetch): Promise<ProviderUserInfo | null>
  /**
   * Verifies an id token that a client brings; absent where the provider's cannot be verified. Needs no client secret.
   * @returns its claims, or `null` when it is not good
   * @throws OAuthError PROVIDER_UNAVAILABLE when the provider's keys cannot be had
   */
  verifyIdToken?(token: string, nonce: string | undefined, fetch: SafeFetch): Promise<JwtClaims | null>
}
