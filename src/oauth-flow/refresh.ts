import type { Account } from '../../entities/index.ts'
import type { AuthContext, RequestContext } from '../context.ts'
import type { OAuthProvider } from '../oauth/provider.ts'
import { sendAccountCookie } from './account-cookie.ts'
import { updateTokens } from './provider-accounts.ts'

/** An access token that ends within so many milliseconds is as good as over. */
const MARGIN = 5000

/** Gets new tokens for accounts. */
export interface TokenRefresher {
  /**
   * The account with new tokens. Calls for one account that come at the same time share one request: a provider that
   * gives a new refresh token each time takes a second use of the old one for theft.
   * @returns `null` when the account, or its refresh token, is gone
   * @throws OAuthError, and whatever `refreshAccessToken` of the application throws
   */
  refresh(auth: AuthContext, provider: OAuthProvider, account: Account): Promise<Account | null>
}

export function createTokenRefresher(): TokenRefresher {
  const running = new Map<string, Promise<Account | null>>()
  return {
    refresh: async (auth, provider, account) => {
      const shared = running.get(account.id) ?? refreshAccount(auth, provider, account)
      running.set(account.id, shared)
      try {
        const refreshed = await shared
        if (refreshed) sendAccountCookie(auth, refreshed)
        return refreshed
      } finally {
        running.delete(account.id)
      }
    },
  }
}

async function refreshAccount(auth: AuthContext, provider: OAuthProvider, account: Account): Promise<Account | null> {
  const current = await findAccount(auth, account.id)
  if (!current || isRefreshedSince(account, current)) return current
  const token = readToken(auth, current.refreshToken)
  if (!token || !provider.refreshTokens) return null
  try {
    return await updateTokens(auth, current, await provider.refreshTokens(token, auth.kernel.fetch))
  } catch (error) {
    // Another process may have been faster.
    const latest = await findAccount(auth, account.id)
    if (latest && isRefreshedSince(current, latest)) return latest
    throw error
  }
}

function isRefreshedSince(before: Account, now: Account): boolean {
  return (before.refreshToken ?? null) !== (now.refreshToken ?? null) && Boolean(now.refreshToken)
}

async function findAccount({ kernel }: RequestContext, id: string): Promise<Account | null> {
  return (await kernel.adapter.findOne({ model: 'account', where: [{ field: 'id', value: id }] })) as Account | null
}

/** Whether the access token is over, or about to be. One without an end never is. */
export function isAccessTokenOver({ kernel }: RequestContext, { accessTokenExpiresAt }: Account): boolean {
  return accessTokenExpiresAt ? accessTokenExpiresAt.getTime() - kernel.now().getTime() < MARGIN : false
}

/** A token as the provider gave it; `undefined` when there is none, or the secret it was encrypted with is gone. */
export function readToken({ kernel }: RequestContext, stored: string | null | undefined): string | undefined {
  return stored ? kernel.tokenEncryption.decrypt(stored) : undefined
}
