import type { JwtClaims } from '../crypto/jwt-claims.ts'
import type { SafeFetch, SafeFetchInit } from '../safe-fetch.ts'
import type { AsymmetricAlgorithm } from './asymmetric-algorithms.ts'
import type { JsonFields } from './fields.ts'
import type { JsonAnswer } from './json-call.ts'
import type { SocialProviderOptions } from './options.ts'
import type { UserInfoRequest } from './provider.ts'

/** A provider as data, and functions where data does not do. `O` is its options. */
export interface ProviderDefinition<O extends SocialProviderOptions = SocialProviderOptions> {
  id: string
  name: string
  endpoints: Endpoints | ((options: O) => Endpoints)
  /** Where it sends the browser back to, below the address of the routes; default `/callback/<id>`. */
  callbackPath?: string
  /** Its callbacks must say who it is (RFC 9207); default false. */
  requiresIssuer?: boolean
  /** Default scopes. */
  scopes: readonly string[]
  /** Send an S256 challenge unless the options say otherwise. */
  pkce?: boolean
  /** Options that it cannot do without; default client id and secret. */
  required?: (options: O) => readonly (keyof O & string)[]
  authorization?: AuthorizationRules<O>
  token?: TokenRules<O>
  idToken?: IdTokenRules<O>
  /** What the provider tells about the user; `null` for one it blocked. */
  profile(call: ProfileCall<O>): Promise<JsonFields | null>
  user(profile: JsonFields): UserClaims
}

export interface Endpoints {
  authorization: string
  token: string
}

/** Which field of a profile means what. Any of them may be missing or of the wrong kind. */
export interface UserClaims {
  id: unknown
  name?: unknown
  email?: unknown
  emailVerified?: unknown
  image?: unknown
}

export interface AuthorizationRules<O> {
  /** What of a call, or of the options, it understands. */
  takes?: readonly ('loginHint' | 'prompt' | 'display')[]
  /** Used without one in the options. */
  prompt?: string
  responseType?: string
  responseMode?: string
  clientIdParameter?: string
  scopeSeparator?: string
  /** No `scope` at all rather than an empty one. */
  omitsEmptyScope?: boolean
  /** Scopes of the call before those of the options. */
  callScopesFirst?: boolean
  /** Parameters of its own. */
  parameters?(options: O, scopes: readonly string[], context?: object): Record<string, string | undefined>
  order?: readonly string[]
  fragment?: string
  percentSpaces?: boolean
}

export interface TokenRules<O> {
  /** `client_secret_basic` or `client_secret_post` (RFC 6749, section 2.3.1). Default post. */
  clientAuth?: 'basic' | 'post'
  clientIdParameter?: string
  takesDeviceId?: boolean
  /** It gives no refresh tokens. */
  refreshes?: false
  /** Besides those of RFC 6749, which they do not replace. */
  exchangeParameters?(options: O, context?: object): Record<string, string>
  refreshParameters?(options: O): Record<string, string>
  /** Of its requests to the token endpoint. */
  headers?: Readonly<Record<string, string>>
  /** Makes the secret where it is not simply an option. */
  clientSecret?(options: O, now: Date): Promise<string> | string
  /** Where it is no request of RFC 6749. */
  request?(grant: Grant, call: { options: O; ask: AskForJson }): Promise<JsonAnswer>
}

/** Parameters of a grant, without those of the client. */
export type Grant = Readonly<Record<string, string | undefined>>

export type AskForJson = (url: string, init?: SafeFetchInit) => Promise<JsonAnswer>

/** How an id token may be signed (RFC 7518, section 3.1; RFC 8037): never `none`. */
export type IdTokenAlgorithm = AsymmetricAlgorithm | 'HS256'

export interface IdTokenRules<O> {
  /** Who may have issued it, exactly; none when `accepts` decides about `iss`. */
  issuers(options: O): readonly string[]
  /** Address of the signing keys. Without one, tokens are only taken from the token endpoint itself. */
  keySet?(options: O): string
  /** Default: every asymmetric one. `HS256` has to stand alone: its key is the client's secret, and no published one. */
  algorithms?: readonly IdTokenAlgorithm[]
  /** Whom one that a client brings may be meant for; default: any of the client ids. */
  audiences?(options: O): readonly string[]
  /** What else its claims have to say. */
  accepts?(claims: JwtClaims, call: { options: O; ask: AskForJson }): Promise<boolean> | boolean
  /** A nonce is sent with the authorization request and repeated in the token. */
  sendsNonce?: boolean
  /** The claim may be the SHA-256 of the nonce: what a native app hands to the system's dialog. */
  allowsHashedNonce?: boolean
  /** When it may be missing although one was sent. */
  mayLackNonce?(claims: JwtClaims): boolean
  /** Clients may sign in with one they got themselves. */
  signsIn?: boolean
  /** The provider itself is asked; `undefined` when it should be read as a JWT. */
  ask?(
    token: string,
    nonce: string | undefined,
    call: { options: O; ask: AskForJson },
  ): Promise<JwtClaims | null | undefined>
}

/** What a definition has at hand to get a profile. */
export interface ProfileCall<O> {
  request: UserInfoRequest
  options: O
  fetch: SafeFetch
  /**
   * Calls the provider with the access token.
   * @throws OAuthError PROFILE_REFUSED, PROFILE_INVALID, PROVIDER_UNAVAILABLE
   */
  ask(url: string, init?: SafeFetchInit): Promise<JsonFields>
  /** The same for what can be done without, and for lists: `undefined` when it is not given. */
  tryToAsk(url: string): Promise<unknown>
  /**
   * Verified claims of the id token; `null` when there is none.
   * @throws OAuthError ID_TOKEN_INVALID, PROVIDER_UNAVAILABLE
   */
  idToken(): Promise<JsonFields | null>
}
