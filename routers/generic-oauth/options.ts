import type { JwtClaims } from '../../src/crypto/jwt-claims.ts'
import type { IdTokenAlgorithm } from '../../src/oauth/definition.ts'
import type { JsonFields } from '../../src/oauth/fields.ts'
import type { MappedUser } from '../../src/oauth/options.ts'
import type { OAuthTokens } from '../../src/oauth/tokens.ts'
import type { HookContext } from '../../src/options/hooks.ts'
import type { SafeFetchInit } from '../../src/safe-fetch.ts'

/** What `getUserInfo` has at hand besides the tokens. */
export interface UserInfoCall {
  /** Gets JSON with the access token, by the way out that every request takes; throws when it is refused. */
  ask(url: string, init?: SafeFetchInit): Promise<JsonFields>
  /** The claims of the id token, verified; `null` when there is none. Throws when it is not valid. */
  idToken(): Promise<JwtClaims | null>
}

interface FromCall {
  parameters(ctx: HookContext): Record<string, string>
}

/** A function is typed as a method, so that one for Better Auth's context fits. */
type Parameters = Readonly<Record<string, string>> | FromCall['parameters']

/** A provider of OAuth 2 or OpenID Connect. Callbacks are methods, so that ones with other profile types fit. */
export interface GenericOAuthConfig {
  /** Unique; in the addresses of its callback and in the column `providerId`. */
  providerId: string
  /** What a page calls it; default `providerId`. */
  name?: string | undefined
  clientId: string
  clientSecret?: string | undefined
  /** Of OpenID Connect Discovery 1.0. What it says goes before the addresses below. */
  discoveryUrl?: string | undefined
  discoveryHeaders?: Readonly<Record<string, string>> | undefined
  authorizationUrl?: string | undefined
  tokenUrl?: string | undefined
  userInfoUrl?: string | undefined
  /** The `iss` of callbacks (RFC 9207) and id tokens; default what discovery says. */
  issuer?: string | undefined
  /** Callbacks without `iss` are refused, where the issuer is known. Default: where discovery says that they have it. */
  requireIssuerValidation?: boolean | undefined
  /**
   * With what id tokens are signed, as it was agreed with the provider (OpenID Connect Registration, section 2); with
   * `HS256` it is the client's secret. Default: any asymmetric algorithm, or `HS256` where discovery says that there is no other.
   */
  idTokenSignedResponseAlg?: IdTokenAlgorithm | undefined
  /** Asked for besides those of a call. */
  scopes?: readonly string[] | undefined
  /** Where the browser is sent back to, if not to `<baseURL>/oauth2/callback/<providerId>`. */
  redirectURI?: string | undefined
  /** Default `code`. */
  responseType?: string | undefined
  responseMode?: 'query' | 'form_post' | undefined
  prompt?:
    | 'none'
    | 'login'
    | 'create'
    | 'consent'
    | 'select_account'
    | 'select_account consent'
    | 'login consent'
    | undefined
  /** Whether an S256 challenge (RFC 7636) is sent. Default: where discovery says that the provider knows it. */
  pkce?: boolean | undefined
  accessType?: string | undefined
  /** More of the authorization request. They may replace what the plugin says, but for what protects it. */
  authorizationUrlParams?: Parameters | undefined
  /** More of the request that trades a code for tokens. */
  tokenUrlParams?: Parameters | undefined
  /** How the client proves itself at the token endpoint (RFC 6749, section 2.3.1). Default `post`. */
  authentication?: 'basic' | 'post' | undefined
  /** Headers of requests to the token endpoint. */
  authorizationHeaders?: Readonly<Record<string, string>> | undefined
  /** Trades the code in place of the built-in way. */
  getToken?(data: { code: string; redirectURI: string; codeVerifier?: string | undefined }): Promise<OAuthTokens>
  /** Gets the profile in place of the built-in way, which is the id token, or else the user info endpoint. */
  getUserInfo?(tokens: OAuthTokens, call: UserInfoCall): Promise<object | null>
  /** Changes what is stored of a user. An address other than the provider's counts as unverified, unless it says so. */
  // biome-ignore lint/suspicious/noExplicitAny: the shape of a profile is the provider's
  mapProfileToUser?(profile: Record<string, any>): MappedUser | Promise<MappedUser>
  /** Create a user only when sign-in says `requestSignUp`. */
  disableImplicitSignUp?: boolean | undefined
  disableSignUp?: boolean | undefined
  /** Write name, image and e-mail at every sign-in, not only at sign-up. */
  overrideUserInfo?: boolean | undefined
}

export interface GenericOAuthOptions {
  config: readonly GenericOAuthConfig[]
}

/** @throws Error when two providers have one id, or one has an id that no path can have */
export function assertProvidersFit({ config }: GenericOAuthOptions): void {
  const ids = new Set<string>()
  for (const { providerId } of config) {
    if (!/^[\w.~-]{1,128}$/.test(providerId)) throw new Error(`genericOAuth: "${providerId}" is no providerId`)
    if (ids.has(providerId)) throw new Error(`genericOAuth: the provider "${providerId}" is there twice`)
    ids.add(providerId)
  }
}
