import type { AuthContext } from '../../src/context.ts'
import type { OAuthProvider, UserInfoRequest } from '../../src/oauth/provider.ts'
import { isUsable } from '../../src/oauth-flow/id-token-login.ts'
import { linkLogin } from '../../src/oauth-flow/linking.ts'
import type { ProviderLogin } from '../../src/oauth-flow/provider-accounts.ts'
import { emailOf } from '../../src/oauth-flow/provider-user.ts'
import { signInWithProvider } from '../../src/oauth-flow/sign-in.ts'
import type { StartedFlow } from '../../src/oauth-flow/state.ts'
import { storedSession } from '../../src/sessions.ts'
import { callbackAddress } from './providers.ts'

/** What a provider's callback says (RFC 6749, section 4.1.2; RFC 9207), before any of it is believed. */
export interface CallbackAnswer {
  /** The provider, by the path. */
  id: string
  state?: string | undefined
  code?: string | undefined
  error?: string | undefined
  error_description?: string | undefined
  iss?: string | undefined
  device_id?: string | undefined
  user?: string | undefined
}

interface Failure {
  error: string
  description?: string | undefined
}

/** Where the browser goes, or why it did not work out; the names are those of Better Auth's redirects. */
export type FlowEnd = { url: string } | Failure

/** Ends a flow of this browser: checks what the provider answered, and signs in or links. */
export async function completeFlow(auth: AuthContext, flow: StartedFlow, answer: CallbackAnswer): Promise<FlowEnd> {
  try {
    const provider = await auth.kernel.providers.find(answer.id)
    // [control 73] The answer of another server than the one that was asked (RFC 9207, section 2.4).
    if (answer.iss && provider?.issuer && answer.iss !== provider.issuer) return { error: 'issuer_mismatch' }
    if (answer.error) return { error: answer.error, description: answer.error_description }
    if (!answer.code) return { error: 'no_code' }
    if (!provider) return { error: 'oauth_provider_not_found' }
    const login = await fetchLogin(auth, provider, { flow, answer, code: answer.code })
    if ('error' in login) return login
    return flow.link ? await link(auth, login, { ...flow, link: flow.link }) : await signIn(auth, login, flow)
  } catch (error) {
    auth.kernel.log.error(`the callback of the provider "${answer.id}" failed`, error)
    return { error: 'internal_server_error' }
  }
}

interface Exchange {
  flow: StartedFlow
  answer: CallbackAnswer
  code: string
}

/** Trades the code for tokens, and those for who it is. */
async function fetchLogin(
  auth: AuthContext,
  provider: OAuthProvider,
  { flow, answer, code }: Exchange,
): Promise<ProviderLogin | Failure> {
  const { fetch, log } = auth.kernel
  const fail = (error: string) => (cause: unknown) => {
    log.warn?.(`sign-in at the provider "${provider.id}": ${error}`, cause)
    return { error }
  }
  const { codeVerifier, nonce } = flow
  const redirectURI = callbackAddress(auth, provider)
  const exchange = { code, codeVerifier, redirectURI, deviceId: answer.device_id }
  const tokens = await provider.exchangeCode(exchange, fetch).catch(fail('invalid_code'))
  if ('error' in tokens) return tokens
  const request: UserInfoRequest = {
    ...tokens,
    user: readUser(answer.user),
    ...(provider.usesNonce && { nonce }),
  }
  const info = await provider.userInfo(request, fetch).catch(fail('unable_to_get_user_info'))
  if (info && 'error' in info) return info
  return info && isUsable(info) ? { provider, user: info.user, tokens } : { error: 'unable_to_get_user_info' }
}

async function signIn(auth: AuthContext, login: ProviderLogin, flow: StartedFlow): Promise<FlowEnd> {
  const { callbackURL, newUserURL, requestSignUp } = flow
  const email = emailOf(login.user)
  if (!email) return { error: 'email_not_found' }
  const outcome = await signInWithProvider(auth, { ...login, email }, { requestSignUp, callbackURL })
  if (!('refusal' in outcome)) return { url: (outcome.isNew && newUserURL) || callbackURL }
  const { refusal, error } = outcome
  if (error?.redirectCode) return { error: error.redirectCode, description: error.message }
  return { error: refusal.replaceAll(' ', '_') }
}

async function link(
  auth: AuthContext,
  login: ProviderLogin,
  { link: { userId }, callbackURL }: StartedFlow & { link: { userId: string } },
): Promise<FlowEnd> {
  // Whoever uses this browser by now must not leave a login with somebody else's user.
  const current = await storedSession(auth)
  if (current && current.user.id !== userId) return { error: 'unable_to_link_account' }
  const problem = await linkLogin(auth, userId, login)
  return problem ? { error: problem } : { url: callbackURL }
}

/** What Apple's form says of a new user; nothing when it is not what Apple sends. */
function readUser(text: string | undefined): UserInfoRequest['user'] {
  try {
    const { name, email } = JSON.parse(text ?? '{}') ?? {}
    const { firstName, lastName } = name ?? {}
    return { name: { firstName: textOr(firstName), lastName: textOr(lastName) }, email: textOr(email) }
  } catch {
    return undefined
  }
}

function textOr(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
