import type { AuthContext } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import { OAuthError } from '../../src/oauth/oauth-error.ts'
import type { OAuthProvider } from '../../src/oauth/provider.ts'
import { beginFlow, type FlowStart } from '../../src/oauth-flow/begin.ts'
import { genericOAuthErrors } from './errors.ts'

/**
 * Where the browser goes to sign in.
 * @throws INVALID_OAUTH_CONFIGURATION when an option is missing, or the provider's metadata cannot be read
 */
export async function beginAt(
  auth: AuthContext,
  provider: OAuthProvider,
  start: { input: FlowStart; link?: { userId: string } },
): Promise<string> {
  try {
    return await beginFlow(auth, provider, start)
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    auth.kernel.log.error(`nobody can sign in at the provider "${provider.id}"`, error)
    throw new AuthError(genericOAuthErrors.INVALID_OAUTH_CONFIGURATION)
  }
}
