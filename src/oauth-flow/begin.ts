import type { AuthContext } from '../context.ts'
import { hookContextOf } from '../hook-context.ts'
import type { AuthorizationRequest, OAuthProvider } from '../oauth/provider.ts'
import { newFlow, rememberFlow } from './state.ts'

/** What whoever begins says. Addresses were checked before. */
export interface FlowStart extends Pick<AuthorizationRequest, 'scopes' | 'loginHint' | 'additionalParams'> {
  callbackURL?: string | undefined
  errorCallbackURL?: string | undefined
  newUserCallbackURL?: string | undefined
  requestSignUp?: boolean | undefined
  additionalData?: Record<string, unknown> | undefined
}

/** Where a provider sends the browser back to. */
export function callbackAddress({ baseURL }: AuthContext, { callbackPath }: OAuthProvider): string {
  return `${baseURL}${callbackPath}`
}

/**
 * Begins a sign-in at a provider: remembers what it is for, and says where the browser goes.
 * @param link the user who asks to link the login
 * @throws OAuthError PROVIDER_NOT_CONFIGURED, RESERVED_PARAMETER, PROVIDER_UNAVAILABLE
 */
export async function beginFlow(
  auth: AuthContext,
  provider: OAuthProvider,
  { input, link }: { input: FlowStart; link?: { userId: string } | undefined },
): Promise<string> {
  const { scopes, loginHint, additionalParams, additionalData, requestSignUp } = input
  await auth.kernel.hooks.ask('methodUsing', { method: provider.id }, auth)
  const started = newFlow(auth, {
    provider: provider.id,
    callbackURL: input.callbackURL || auth.origin,
    errorURL: input.errorCallbackURL || undefined,
    newUserURL: input.newUserCallbackURL || undefined,
    requestSignUp,
    additionalData,
    link,
  })
  const { state, codeVerifier, nonce } = started
  const direct = { state, redirectURI: callbackAddress(auth, provider) }
  const way = (await auth.kernel.hooks.providerLeaving({ provider, flow: started }, auth)) ?? direct
  const context = hookContextOf(auth, input)
  const request = { ...way, codeVerifier, nonce, scopes, loginHint, additionalParams, context }
  const url = await provider.authorizationURL(request, auth.kernel.fetch)
  // Not before it is known that there is a way to the provider.
  await rememberFlow(auth, started)
  return url.href
}
