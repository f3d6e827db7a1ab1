import type { AuthContext } from '../context.ts'
import { hookContextOf } from '../hook-context.ts'
import type { CallbackAnswer, CallbackRules } from '../oauth/callback-answer.ts'
import type { StartedFlow } from '../oauth/flow.ts'
import type { OAuthProvider, UserInfoRequest } from '../oauth/provider.ts'
import { storedSession } from '../sessions.ts'
import { callbackAddress } from './begin.ts'
import { isUsable } from './id-token-login.ts'
import { linkLogin } from './linking.ts'
import type { ProviderLogin } from './provider-accounts.ts'
import { emailOf } from './provider-user.ts'
import { type SignInLogin, signInWithProvider } from './sign-in.ts'

export interface Failure {
  error: string
  description?: string | undefined
}

/** Where the browser goes, or why it did not work out; the names are those of Better Auth's redirects. */
export type FlowEnd = { url: string } | Failure

/** Ends a flow of this browser: checks what the provider answered, and signs in or links. */
export async function completeFlow(
  auth: AuthContext,
  flow: StartedFlow,
  { answer, rules }: { answer: CallbackAnswer; rules: CallbackRules },
): Promise<FlowEnd> {
  return guarded(auth, answer.id, async () => {
    const login = await readLogin(auth, flow, { answer, rules })
    return 'error' in login ? login : await finish(auth, flow, { login, rules })
  })
}

/** Who signed in at the provider, by what it answered; or why nobody did. */
export function fetchLogin(
  auth: AuthContext,
  secrets: FlowSecrets,
  { answer, rules }: { answer: CallbackAnswer; rules: CallbackRules },
): Promise<ProviderLogin | Failure> {
  return guarded(auth, answer.id, () => readLogin(auth, secrets, { answer, rules }))
}

/** Signs in, or links, whoever signed in at the provider. */
export function finishFlow(
  auth: AuthContext,
  flow: StartedFlow,
  given: { login: ProviderLogin; rules: CallbackRules },
): Promise<FlowEnd> {
  return guarded(auth, given.login.provider.id, () => finish(auth, flow, given))
}

async function guarded<End>(auth: AuthContext, provider: string, run: () => Promise<End>): Promise<End | Failure> {
  try {
    return await run()
  } catch (error) {
    auth.kernel.log.error(`the callback of the provider "${provider}" failed`, error)
    return { error: 'internal_server_error' }
  }
}

/** What a code and an id token are bound to. */
export type FlowSecrets = Pick<StartedFlow, 'codeVerifier' | 'nonce'>

async function readLogin(
  auth: AuthContext,
  secrets: FlowSecrets,
  { answer, rules }: { answer: CallbackAnswer; rules: CallbackRules },
): Promise<ProviderLogin | Failure> {
  const provider = await auth.kernel.providers.find(answer.id)
  const issuerProblem = provider && (await checkIssuer(auth, provider, answer.iss))
  if (issuerProblem) return { error: issuerProblem }
  if (answer.error) return { error: answer.error, description: answer.error_description }
  if (!answer.code) return { error: 'no_code' }
  if (!provider) return { error: 'oauth_provider_not_found' }
  return exchange(auth, provider, { secrets, answer, code: answer.code, rules })
}

async function finish(
  auth: AuthContext,
  flow: StartedFlow,
  { login, rules: { errors, linksUnproven } }: { login: ProviderLogin; rules: CallbackRules },
): Promise<FlowEnd> {
  const email = emailOf(login.user)
  if (errors.name && !email) return { error: errors.email }
  if (errors.name && !login.user.name) return { error: errors.name }
  const { link: asked } = flow
  if (asked) return link(auth, login, { ...flow, link: asked, isTrusted: linksUnproven })
  return email ? signIn(auth, { ...login, email }, flow) : { error: errors.email }
}

/** [control 73] Whether the answer is that of another server than the one that was asked (RFC 9207, section 2.4). */
async function checkIssuer(
  { kernel }: AuthContext,
  provider: OAuthProvider,
  iss: string | undefined,
): Promise<'issuer_mismatch' | 'issuer_missing' | undefined> {
  const { issuer, isRequired } = await provider.issuerRule(kernel.fetch)
  if (!issuer || iss === issuer) return undefined
  if (iss) return 'issuer_mismatch'
  return isRequired ? 'issuer_missing' : undefined
}

interface Exchange {
  secrets: FlowSecrets
  rules: CallbackRules
  answer: CallbackAnswer
  code: string
}

/** Trades the code for tokens, and those for who it is. */
async function exchange(
  auth: AuthContext,
  provider: OAuthProvider,
  { secrets: { codeVerifier, nonce }, answer, code, rules }: Exchange,
): Promise<ProviderLogin | Failure> {
  const { fetch, log } = auth.kernel
  const fail = (error: string) => (cause: unknown) => {
    log.warn?.(`sign-in at the provider "${provider.id}": ${error}`, cause)
    return { error }
  }
  const redirectURI = callbackAddress(auth, provider)
  const codeExchange = {
    code,
    codeVerifier,
    redirectURI,
    deviceId: answer.device_id,
    context: hookContextOf(auth, answer),
  }
  const tokens = await provider.exchangeCode(codeExchange, fetch).catch(fail(rules.errors.code))
  if ('error' in tokens) return tokens
  const request: UserInfoRequest = {
    ...tokens,
    user: readUser(answer.user),
    ...(provider.usesNonce && { nonce }),
  }
  const info = await provider.userInfo(request, fetch).catch(fail(rules.errors.user))
  if (info && 'error' in info) return info
  return info && isUsable(info) ? { provider, user: info.user, tokens } : { error: rules.errors.user }
}

async function signIn(auth: AuthContext, login: SignInLogin, flow: StartedFlow): Promise<FlowEnd> {
  const { callbackURL, newUserURL, requestSignUp } = flow
  const outcome = await signInWithProvider(auth, login, { requestSignUp, callbackURL })
  if (!('refusal' in outcome)) return { url: (outcome.isNew && newUserURL) || callbackURL }
  const { refusal, error } = outcome
  if (error?.redirectCode) return { error: error.redirectCode, description: error.message }
  return { error: refusal.replaceAll(' ', '_') }
}

async function link(
  auth: AuthContext,
  login: ProviderLogin,
  {
    link: { userId },
    callbackURL,
    isTrusted,
  }: StartedFlow & { link: { userId: string }; isTrusted?: boolean | undefined },
): Promise<FlowEnd> {
  // Whoever uses this browser by now must not leave a login with somebody else's user.
  const current = await storedSession(auth)
  if (current && current.user.id !== userId) return { error: 'unable_to_link_account' }
  const problem = await linkLogin(auth, userId, { ...login, isTrusted })
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
