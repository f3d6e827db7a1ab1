import { z } from 'zod'
import type { Account } from '../../entities/index.ts'
import type { AuthContext } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import type { OAuthProvider } from '../../src/oauth/provider.ts'
import { readAccountCookie } from '../../src/oauth-flow/account-cookie.ts'
import { accountsOf, scopesOf } from '../../src/oauth-flow/provider-accounts.ts'
import { isAccessTokenOver, readToken, type TokenRefresher } from '../../src/oauth-flow/refresh.ts'
import { type AccountChoice, chooseAccount } from './accounts.ts'
import { accountErrors, tokenErrors } from './errors.ts'

export const accessTokenAnswer = z.object({
  accessToken: z.string(),
  accessTokenExpiresAt: z.date().optional(),
  scopes: z.array(z.string()),
  idToken: z.string().optional(),
})

export const refreshAnswer = z.object({
  accessToken: z.string().optional(),
  refreshToken: z.string().optional(),
  accessTokenExpiresAt: z.date().optional(),
  refreshTokenExpiresAt: z.union([z.date(), z.null()]),
  scope: z.string().optional(),
  idToken: z.union([z.string(), z.null()]),
  providerId: z.string(),
  accountId: z.string(),
})

/** Codes of both procedures. */
export const commonErrors = [tokenErrors.PROVIDER_NOT_SUPPORTED, accountErrors.ACCOUNT_NOT_FOUND]

/** Whose tokens, and of which account. */
export interface TokenRequest extends AccountChoice {
  userId: string
}

/**
 * An access token that is good for some seconds at least, refreshed if need be.
 * @throws PROVIDER_NOT_SUPPORTED, ACCOUNT_NOT_FOUND, FAILED_TO_GET_ACCESS_TOKEN
 */
export async function accessTokenOf(
  auth: AuthContext,
  request: TokenRequest,
  refresher: TokenRefresher,
): Promise<z.infer<typeof accessTokenAnswer>> {
  const provider = await supportedProvider(auth, request.providerId)
  const account = await requireAccount(auth, request)
  const current = await withLiveToken(auth, { provider, account, refresher })
  const accessToken = readToken(auth, current.accessToken)
  // It is there, but what encrypted it is not.
  if (accessToken === undefined && current.accessToken) throw new AuthError(tokenErrors.FAILED_TO_GET_ACCESS_TOKEN)
  return {
    accessToken: accessToken ?? '',
    accessTokenExpiresAt: current.accessTokenExpiresAt ?? undefined,
    scopes: scopesOf(current),
    idToken: current.idToken ?? undefined,
  }
}

async function withLiveToken(
  auth: AuthContext,
  { provider, account, refresher }: { provider: OAuthProvider; account: Account; refresher: TokenRefresher },
): Promise<Account> {
  if (!account.refreshToken || !provider.refreshTokens || !isAccessTokenOver(auth, account)) return account
  const refreshed = await refresher.refresh(auth, provider, account).catch(logged(auth, provider))
  if (!refreshed) throw new AuthError(tokenErrors.FAILED_TO_GET_ACCESS_TOKEN)
  return refreshed
}

/**
 * New tokens, whether or not the old ones are over.
 * @throws PROVIDER_NOT_SUPPORTED, TOKEN_REFRESH_NOT_SUPPORTED, ACCOUNT_NOT_FOUND, REFRESH_TOKEN_NOT_FOUND,
 * FAILED_TO_REFRESH_ACCESS_TOKEN
 */
export async function refreshTokensOf(
  auth: AuthContext,
  request: TokenRequest,
  refresher: TokenRefresher,
): Promise<z.infer<typeof refreshAnswer>> {
  const provider = await supportedProvider(auth, request.providerId)
  if (!provider.refreshTokens) {
    const message = `Provider ${provider.id} does not support token refreshing.`
    throw new AuthError(tokenErrors.TOKEN_REFRESH_NOT_SUPPORTED, { message })
  }
  const account = await requireAccount(auth, request)
  if (!account.refreshToken) throw new AuthError(tokenErrors.REFRESH_TOKEN_NOT_FOUND)
  const refreshed = await refresher.refresh(auth, provider, account).catch(logged(auth, provider))
  if (!refreshed) throw new AuthError(tokenErrors.FAILED_TO_REFRESH_ACCESS_TOKEN)
  return {
    accessToken: readToken(auth, refreshed.accessToken),
    refreshToken: readToken(auth, refreshed.refreshToken),
    accessTokenExpiresAt: refreshed.accessTokenExpiresAt ?? undefined,
    refreshTokenExpiresAt: refreshed.refreshTokenExpiresAt ?? null,
    scope: refreshed.scope ?? undefined,
    idToken: refreshed.idToken ?? null,
    providerId: refreshed.providerId,
    accountId: refreshed.accountId,
  }
}

async function supportedProvider({ kernel }: AuthContext, id: string): Promise<OAuthProvider> {
  const provider = await kernel.providers.find(id)
  if (provider) return provider
  throw new AuthError(tokenErrors.PROVIDER_NOT_SUPPORTED, { message: `Provider ${id} is not supported.` })
}

async function requireAccount(auth: AuthContext, { userId, ...choice }: TokenRequest): Promise<Account> {
  const held = readAccountCookie(auth, userId)
  const account = (held && chooseAccount([held], choice)) ?? chooseAccount(await accountsOf(auth, userId), choice)
  if (!account) throw new AuthError(accountErrors.ACCOUNT_NOT_FOUND)
  return account
}

function logged({ kernel }: AuthContext, { id }: OAuthProvider) {
  return (error: unknown): null => {
    kernel.log.warn?.(`tokens of the provider "${id}" could not be refreshed`, error)
    return null
  }
}
