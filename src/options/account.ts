import type { Fields } from '../../entities/index.ts'
import type { ModelOptions } from './models.ts'

type Awaitable<T> = T | Promise<T>

/** When a login at a provider becomes another way to sign in as a user who is there already. */
export interface AccountLinkingOptions {
  /** Default true; without it nothing is linked, not even when the user asks. */
  enabled?: boolean
  /** Only link when the signed-in user asks. Default false: also at sign-in, if both sides have proven the address. */
  disableImplicitLinking?: boolean
  /** At sign-in, only link to a user whose address is proven here. Default true; do not turn it off. */
  requireLocalEmailVerified?: boolean
  /** Ids of providers whose word about an address is taken even where they do not say that it is verified. */
  trustedProviders?: readonly string[] | ((request?: Request) => Awaitable<readonly (string | null | undefined)[]>)
  /** The signed-in user may link a login with another address. Default false. */
  allowDifferentEmails?: boolean
  /** The last way to sign in may be unlinked, too. Default false. */
  allowUnlinkingAll?: boolean
  /** Linking takes over the provider's name and image. Default false. */
  updateUserInfoOnLink?: boolean
}

export interface AccountOptions<F extends Fields = Fields> extends ModelOptions<F> {
  /** Store the tokens of every sign-in, not only those of the first. Default true. */
  updateAccountOnSignIn?: boolean
  accountLinking?: AccountLinkingOptions
  /** Encrypt the providers' tokens in the database (AES-256-GCM). Default false. */
  encryptOAuthTokens?: boolean
  /** Do not bind a sign-in at a provider to the browser that began it. Default false; do not turn it on. */
  skipStateCookieCheck?: boolean
  /** Where a sign-in at a provider is remembered while it is under way; default `database`. */
  storeStateStrategy?: 'database' | 'cookie'
  /** Keep the tokens of the login last used in an encrypted cookie, for five minutes. Default false. */
  storeAccountCookie?: boolean
}

export function resolveAccount(account: AccountOptions = {}) {
  const { accountLinking = {} } = account
  return {
    ...account,
    updateAccountOnSignIn: account.updateAccountOnSignIn ?? true,
    encryptOAuthTokens: account.encryptOAuthTokens ?? false,
    skipStateCookieCheck: account.skipStateCookieCheck ?? false,
    storeStateStrategy: account.storeStateStrategy ?? ('database' as const),
    storeAccountCookie: account.storeAccountCookie ?? false,
    accountLinking: {
      ...accountLinking,
      enabled: accountLinking.enabled ?? true,
      disableImplicitLinking: accountLinking.disableImplicitLinking ?? false,
      requireLocalEmailVerified: accountLinking.requireLocalEmailVerified ?? true,
      trustedProviders: accountLinking.trustedProviders ?? [],
      allowDifferentEmails: accountLinking.allowDifferentEmails ?? false,
      allowUnlinkingAll: accountLinking.allowUnlinkingAll ?? false,
      updateUserInfoOnLink: accountLinking.updateUserInfoOnLink ?? false,
    },
  }
}
