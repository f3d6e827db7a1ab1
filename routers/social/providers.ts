import type { AuthContext } from '../../src/context.ts'
import { AuthError, errors } from '../../src/errors.ts'
import { OAuthError } from '../../src/oauth/oauth-error.ts'
import type { OAuthProvider } from '../../src/oauth/provider.ts'
import { type BroughtIdToken, type IdTokenProblem, readBroughtIdToken } from '../../src/oauth-flow/id-token-login.ts'
import type { ProviderLogin } from '../../src/oauth-flow/provider-accounts.ts'
import { startFlow } from '../../src/oauth-flow/state.ts'
import { idTokenErrors, providerErrors } from './errors.ts'
import type { FlowInput } from './input.ts'

/** @throws PROVIDER_NOT_FOUND */
export async function requireProvider({ kernel }: AuthContext, id: string): Promise<OAuthProvider> {
  const provider = await kernel.providers.find(id)
  if (!provider) throw new AuthError(providerErrors.PROVIDER_NOT_FOUND)
  return provider
}

/** Where a provider sends the browser back to. */
export function callbackAddress({ baseURL }: AuthContext, { id }: OAuthProvider): string {
  return `${baseURL}/callback/${id}`
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
  const { scopes, loginHint, additionalParams, additionalData, requestSignUp, disableRedirect } = input
  const started = await startFlow(auth, {
    provider: provider.id,
    callbackURL: input.callbackURL || auth.origin,
    errorURL: input.errorCallbackURL || undefined,
    newUserURL: input.newUserCallbackURL || undefined,
    requestSignUp,
    additionalData,
    link,
  })
  const { state, codeVerifier, nonce } = started
  const redirectURI = callbackAddress(auth, provider)
  const request = { state, codeVerifier, nonce, redirectURI, scopes, loginHint, additionalParams }
  try {
    const url = await provider.authorizationURL(request)
    return { url: url.href, redirect: !disableRedirect }
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
