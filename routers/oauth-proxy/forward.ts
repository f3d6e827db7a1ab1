import type { AuthContext, Hooks } from '../../src/context.ts'
import type { CallbackAnswer, CallbackRules } from '../../src/oauth/callback-answer.ts'
import { addQuery, defaultErrorURL } from '../../src/oauth-flow/addresses.ts'
import { fetchLogin } from '../../src/oauth-flow/complete.ts'
import { isTrustedUrl } from '../../src/origin.ts'
import type { OAuthProxySettings } from './options.ts'
import { openState, type ProxyProfile, type ProxyState, sealProfile } from './sealed.ts'

/**
 * On the server that the providers know: trades the code of a flow that began on another server, and sends the browser
 * there with whoever signed in, sealed. This server keeps nothing of it.
 */
export function forwardToCurrent(settings: OAuthProxySettings): NonNullable<Hooks['providerReturned']> {
  return async ({ answer, rules }, auth) => {
    const flow = openState(auth, settings, answer.state)
    if (!flow) return undefined
    const fail = (error: string) => ({ url: addQuery(defaultErrorURL(auth), { error }) })
    if (flow.expiresAt <= auth.kernel.now().getTime()) return fail('please_restart_the_process')
    // The answer of one provider must not be given to another.
    if (flow.provider !== answer.id) return fail('state_mismatch')
    // Whoever has the secret could have sealed any address.
    if (!isTrustedUrl(flow.returnTo, await auth.trustedOrigins())) {
      auth.kernel.log.error(`oAuthProxy: ${new URL(flow.returnTo).origin} is not among the trusted origins`)
      return fail('untrusted_origin')
    }
    const outcome = await outcomeOf(auth, flow, { answer, rules })
    const timestamp = auth.kernel.now().getTime()
    const profile = sealProfile(auth, settings, { state: flow.state, provider: flow.provider, timestamp, outcome })
    return { url: addQuery(flow.returnTo, { profile }) }
  }
}

async function outcomeOf(
  auth: AuthContext,
  flow: ProxyState,
  given: { answer: CallbackAnswer; rules: CallbackRules },
): Promise<ProxyProfile['outcome']> {
  const login = await fetchLogin(auth, flow, given)
  if ('error' in login) return login
  // What a provider said besides is not needed there, and would make the address too long.
  const { raw: _, ...tokens } = login.tokens
  return { user: login.user, tokens }
}
