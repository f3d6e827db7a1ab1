import type { AuthContext } from '../context.ts'
import type { CallbackAnswer, CallbackRules } from '../oauth/callback-answer.ts'
import type { StartedFlow } from '../oauth/flow.ts'
import { addQuery, defaultErrorURL } from './addresses.ts'
import { completeFlow, type FlowEnd } from './complete.ts'
import { endFlow } from './state.ts'

/** Where the browser goes when its flow has ended. */
export function landingOf(auth: AuthContext, { errorURL }: Pick<StartedFlow, 'errorURL'>, end: FlowEnd): string {
  if ('url' in end) return end.url
  const { error, description } = end
  return addQuery(errorURL ?? defaultErrorURL(auth), { error, ...(description && { error_description: description }) })
}

/** Where a browser goes that comes back from a provider: on to where its flow leads, or to an error page. */
export async function followCallback(auth: AuthContext, answer: CallbackAnswer, rules: CallbackRules): Promise<string> {
  const elsewhere = await auth.kernel.hooks.providerReturned({ answer, rules }, auth)
  if (elsewhere) return elsewhere.url
  const fallback = defaultErrorURL(auth)
  const early = rules.early?.(answer)
  if (early) return addQuery(fallback, early)
  // Not a mistake of ours: frontends look for this spelling.
  if (!answer.state) return addQuery(fallback, { state: 'state_not_found' })
  const flow = await endFlow(auth, { provider: answer.id, state: answer.state })
  if (typeof flow === 'string') return addQuery(fallback, { error: flow })
  auth.seen.additionalData = flow.additionalData
  return landingOf(auth, flow, await completeFlow(auth, flow, { answer, rules }))
}
