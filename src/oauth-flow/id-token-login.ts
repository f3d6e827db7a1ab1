import type { AuthContext } from '../context.ts'
import { OAuthError } from '../oauth/oauth-error.ts'
import type { OAuthProvider, ProviderUserInfo, UserInfoRequest } from '../oauth/provider.ts'
import { LONGEST_SUBJECT, type ProviderLogin } from './provider-accounts.ts'

/** An id token that a client got by itself, and what came with it. */
export interface BroughtIdToken extends Pick<UserInfoRequest, 'accessToken' | 'refreshToken' | 'user'> {
  token: string
  nonce?: string | undefined
}

export type IdTokenProblem = 'not-supported' | 'invalid' | 'no-user' | 'unavailable'

/** Who an id token is about, once it is verified; or why nobody is signed in with it. */
export async function readBroughtIdToken(
  { kernel }: AuthContext,
  provider: OAuthProvider,
  { token, nonce, ...rest }: BroughtIdToken,
): Promise<ProviderLogin | IdTokenProblem> {
  if (!provider.verifyIdToken) return 'not-supported'
  try {
    if (!(await provider.verifyIdToken(token, nonce, kernel.fetch))) return 'invalid'
    const tokens = { ...rest, idToken: token }
    const found = await provider.userInfo({ ...tokens, nonce, idTokenVerified: true }, kernel.fetch)
    return found && isUsable(found) ? { provider, user: found.user, tokens } : 'no-user'
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    kernel.log.warn?.('an id token could not be used', error)
    return error.code === 'PROVIDER_UNAVAILABLE' ? 'unavailable' : 'no-user'
  }
}

/** Whether its subject can be told from all others: none, or one that does not fit the column, cannot. */
export function isUsable({ user }: ProviderUserInfo): boolean {
  return user.id !== '' && user.id.length <= LONGEST_SUBJECT
}
