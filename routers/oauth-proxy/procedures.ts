import { z } from 'zod'
import type { AuthContext } from '../../src/context.ts'
import { redirectTo } from '../../src/meta.ts'
import type { StartedFlow } from '../../src/oauth/flow.ts'
import { addQuery, defaultErrorURL } from '../../src/oauth-flow/addresses.ts'
import { type FlowEnd, finishFlow } from '../../src/oauth-flow/complete.ts'
import { landingOf } from '../../src/oauth-flow/follow-callback.ts'
import { endFlow } from '../../src/oauth-flow/state.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import type { OAuthProxySettings } from './options.ts'
import { pageProcedures } from './page-procedures.ts'
import { rules } from './rules.ts'
import { openProfile, type ProxyProfile } from './sealed.ts'

/** How far the clocks of the two servers may be apart. */
const SKEW_SECONDS = 10

const input = z.object({ callbackURL: z.string().max(2048), profile: z.string().max(16_384).optional() })

/** `oauthProxy.callback`, `.authorize` and `.finish` */
export function oauthProxyProcedures(builder: ProcedureBuilder, settings: OAuthProxySettings) {
  const { procedure } = builder
  return {
    oauthProxy: {
      ...pageProcedures(builder),
      callback: procedure
        .public({
          rest: 'GET /oauth-proxy-callback',
          operationId: 'oAuthProxy',
          summary: 'Where the server that the providers know sends the browser back to: signs in, or links the login',
          description: 'Redirects to the address that was given at the beginning, or to its error page with `error`.',
          redirect: true,
          sessionCookie: 'set',
          tags: ['Social sign-in'],
        })
        .input(input)
        .output(z.object({ url: z.string() }))
        .mutation(async ({ ctx: { auth }, input }) => redirectTo(await land(auth, settings, input.profile))),
    },
  }
}

export interface OAuthProxyRouter extends ReturnType<typeof oauthProxyProcedures> {}

async function land(auth: AuthContext, settings: OAuthProxySettings, sealed: string | undefined): Promise<string> {
  const fail = (error: string) => addQuery(defaultErrorURL(auth), { error })
  if (!sealed) return fail('missing_profile')
  const profile = openProfile(auth, settings, sealed)
  if (typeof profile === 'string') return fail(profile)
  const age = (auth.kernel.now().getTime() - profile.timestamp) / 1000
  if (age > settings.maxAge || age < -SKEW_SECONDS) return fail('payload_expired')
  // Good once, and in the browser where the flow began: somebody else's login is of no use here.
  const flow = await endFlow(auth, { provider: profile.provider, state: profile.state })
  if (typeof flow === 'string') return fail(flow)
  auth.seen.additionalData = flow.additionalData
  return landingOf(auth, flow, await end(auth, flow, profile))
}

async function end(auth: AuthContext, flow: StartedFlow, { provider: id, outcome }: ProxyProfile): Promise<FlowEnd> {
  if ('error' in outcome) return outcome
  const provider = await auth.kernel.providers.find(id)
  if (!provider) return { error: 'oauth_provider_not_found' }
  return finishFlow(auth, flow, { login: { provider, ...outcome }, rules })
}
