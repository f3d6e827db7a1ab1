import type { OAuthTokens } from './tokens.ts'

/** What a provider, or `mapProfileToUser`, says about a user. Fields beyond these are the application's own. */
export interface MappedUser {
  id?: string
  name?: string
  email?: string | null
  image?: string
  emailVerified?: boolean
  [field: string]: unknown
}

/** What `getUserInfo` of the application answers with. */
export interface ApplicationUserInfo {
  user: MappedUser & { id: string; emailVerified: boolean }
  data: unknown
}

/**
 * What every provider takes, under Better Auth's names. `Profile` is what the provider tells about a user. Callbacks are
 * written as methods, so that one typed with more, or with fewer, fields of a profile fits as well.
 */
export interface SocialProviderOptions<Profile = object> {
  /** Of several the first signs in by redirect; id tokens for any of them are accepted. */
  clientId?: string | readonly string[] | undefined
  clientSecret?: string | undefined
  /** TikTok's name for the client id. */
  clientKey?: string | undefined
  /** Asked for besides the default ones. */
  scope?: readonly string[] | undefined
  disableDefaultScope?: boolean | undefined
  /** Where the provider sends the browser back to, if not to `<baseURL>/callback/<id>`. */
  redirectURI?: string | undefined
  /** Instead of the provider's own, such as a sandbox's. */
  authorizationEndpoint?: string | undefined
  prompt?: 'select_account' | 'consent' | 'login' | 'none' | 'select_account consent' | undefined
  responseMode?: 'query' | 'form_post' | undefined
  /** Whether a PKCE challenge (S256, RFC 7636) is sent. Default: as the provider's documents say. */
  pkce?: boolean | undefined
  /** Refuse id tokens that a client brings. */
  disableIdTokenSignIn?: boolean | undefined
  /** Decides about an id token in place of the built-in checks. */
  verifyIdToken?(token: string, nonce?: string): Promise<boolean> | boolean
  /** Gets the profile in place of the built-in way. */
  getUserInfo?(tokens: OAuthTokens): Promise<ApplicationUserInfo | null>
  refreshAccessToken?(refreshToken: string): Promise<OAuthTokens>
  /** Changes what is stored of a user. An e-mail address other than the provider's counts as unverified, unless it says so. */
  mapProfileToUser?(profile: Profile): MappedUser | Promise<MappedUser>
  /** Create a user only when sign-in says `requestSignUp`. */
  disableImplicitSignUp?: boolean | undefined
  disableSignUp?: boolean | undefined
  /** Write name, image and e-mail at every sign-in, not only at sign-up. */
  overrideUserInfoOnSignIn?: boolean | undefined
  /** Default true. */
  enabled?: boolean | undefined
}

/** Options of the providers whose id tokens may be meant for one of several clients; the others have one. */
export interface OneClientOptions<Profile = object> extends SocialProviderOptions<Profile> {
  clientId?: string | undefined
}
