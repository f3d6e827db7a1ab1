import type { AuthContext } from '../../src/context.ts'
import { AuthError, errors } from '../../src/errors.ts'
import { OAuthError } from '../../src/oauth/oauth-error.ts'
import type { OAuthProvider } from '../../src/oauth/provider.ts'
import { beginFlow } from '../../src/oauth-flow/begin.ts'
import { type BroughtIdToken, type IdTokenProblem, readBroughtIdToken } from '../../src/oauth-flow/id-token-login.ts'
import type { ProviderLogin } from '../../src/oauth-flow/provider-accounts.ts'
import { idTokenErrors, providerErrors } from './errors.ts'
import type { FlowInput } from './input.ts'

/** @throws PROVIDER_NOT_FOUND */
export async function requireProvider({ kernel }: AuthContext, id: string): Promise<OAuthProvider> {
  const provider = await kernel.providers.find(id)
  if (!provider) throw new AuthError(providerErrors.PROVIDER_NOT_FOUND)
  return provider
}

/**
 * Begins a sign-in at a provider: remembers what it is for, and says where the browser goes.
 * @param link the user who asks to link the login
 * @throws PROVIDER_NOT_CONFIGURED, RESERVED_PARAMETER
 */
export async function beginAtProvider(
  auth: AuthContext,
  provider: OAuthProvider,
  { input, link }: { input: FlowInput; link?: { userId: string } },
): Promise<{ url: string; redirect: boolean }> {
  if (provider.missing.length > 0) {
    auth.kernel.warnOnce(`the provider "${provider.id}" lacks ${provider.missing.join(', ')}`)
    throw new AuthError(providerErrors.PROVIDER_NOT_CONFIGURED)
  }
  try {
    const url = await beginFlow(auth, provider, { input, link })
    return { url, redirect: !input.disableRedirect }
  } catch (error) {
    const isReserved = error instanceof OAuthError && error.code === 'RESERVED_PARAMETER'
    throw isReserved ? new AuthError(providerErrors.RESERVED_PARAMETER) : error
  }
}

const PROBLEMS: Record<
  IdTokenProblem,
  (typeof errors)[keyof typeof errors] | (typeof idTokenErrors)[keyof typeof idTokenErrors]
> = {
  'not-supported': idTokenErrors.ID_TOKEN_NOT_SUPPORTED,
  invalid: idTokenErrors.INVALID_TOKEN,
  'no-user': idTokenErrors.FAILED_TO_GET_USER_INFO,
  unavailable: errors.SERVICE_UNAVAILABLE,
}

/**
 * Who an id token that the client brings is about.
 * @throws ID_TOKEN_NOT_SUPPORTED, INVALID_TOKEN, FAILED_TO_GET_USER_INFO, SERVICE_UNAVAILABLE
 */
export async function loginByIdToken(
  auth: AuthContext,
  provider: OAuthProvider,
  brought: BroughtIdToken,
): Promise<ProviderLogin> {
  const login = await readBroughtIdToken(auth, provider, brought)
  if (typeof login === 'string') throw new AuthError(PROBLEMS[login])
  return login
}
