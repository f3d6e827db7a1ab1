import type { Account } from '../../entities/index.ts'
import { createAccount } from '../accounts.ts'
import type { AuthContext, Draft, RequestContext } from '../context.ts'
import type { OAuthProvider, ProviderUser } from '../oauth/provider.ts'
import type { OAuthTokens } from '../oauth/tokens.ts'

/** Somebody who signed in at a provider, as the provider vouches for it. */
export interface ProviderLogin {
  provider: Pick<OAuthProvider, 'id' | 'options'>
  user: ProviderUser
  tokens: OAuthTokens
}

/** Longer ones cannot be stored. */
export const LONGEST_SUBJECT = 255

/** The account of a subject at a provider, whoever's it is. */
export async function findProviderAccount(
  { kernel }: RequestContext,
  { provider, user }: Pick<ProviderLogin, 'provider' | 'user'>,
): Promise<Account | null> {
  const where = [
    { field: 'accountId', value: user.id },
    { field: 'providerId', value: provider.id },
  ]
  return (await kernel.adapter.findOne({ model: 'account', where })) as Account | null
}

/** All ways to sign in that the user has. */
export async function accountsOf({ kernel }: RequestContext, userId: string): Promise<Account[]> {
  const where = [{ field: 'userId', value: userId }]
  return (await kernel.adapter.findMany({ model: 'account', where, limit: 1000 })) as unknown as Account[]
}

/**
 * Makes a login another way to sign in as the user.
 * @throws UniqueViolation when it is one already, be it for this user or another
 */
export function createProviderAccount(auth: AuthContext, userId: string, login: ProviderLogin): Promise<Account> {
  const { provider, user, tokens } = login
  return createAccount(auth, { ...tokenFields(auth, tokens), userId, providerId: provider.id, accountId: user.id })
}

/** Stores what a provider gave anew, and keeps what it did not. */
export async function updateTokens(auth: RequestContext, account: Account, tokens: OAuthTokens): Promise<Account> {
  const { kernel } = auth
  const update = { ...tokenFields(auth, tokens), updatedAt: kernel.now() }
  const where = [{ field: 'id', value: account.id }]
  const row = await kernel.adapter.update({ model: 'account', where, update })
  return (row as Account | null) ?? { ...account, ...update }
}

/** Tokens as the columns of an account; what is not given is not set. */
function tokenFields({ kernel }: RequestContext, tokens: OAuthTokens): Draft {
  const encrypted = (token: string | undefined) => token && kernel.tokenEncryption.encrypt(token)
  const fields = {
    accessToken: encrypted(tokens.accessToken),
    refreshToken: encrypted(tokens.refreshToken),
    idToken: tokens.idToken,
    accessTokenExpiresAt: tokens.accessTokenExpiresAt,
    refreshTokenExpiresAt: tokens.refreshTokenExpiresAt,
    scope: tokens.scopes?.join(',') || undefined,
  }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

/** The scopes of an account; none where the provider did not tell. */
export function scopesOf({ scope }: Pick<Account, 'scope'>): string[] {
  return scope ? scope.split(',') : []
}
