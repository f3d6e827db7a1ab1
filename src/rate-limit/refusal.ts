import { AuthError, errors } from '../errors.ts'
import type { RateLimit } from '../meta.ts'
import type { Refusal } from './contract.ts'

/**
 * The 429 of a refused call. Its headers speak for all calls that were refused in this request, since a batch has one
 * set of headers: the longest wait, and every policy (draft-ietf-httpapi-ratelimit-headers).
 */
export function refuse({ refusals }: { refusals: Map<string, Refusal> }, refusal: Refusal): AuthError {
  refusals.set(refusal.policy, refusal)
  const all = [...refusals.values()]
  const seconds = String(Math.max(...all.map(({ retryAfter }) => retryAfter)))
  const headers = {
    'x-retry-after': seconds,
    'retry-after': seconds,
    ratelimit: all.map(({ policy, retryAfter }) => `${quoted(policy)};r=0;t=${retryAfter}`).join(', '),
    'ratelimit-policy': all
      .map(({ policy, limit }) => `${quoted(policy)};q=${limit.max};w=${wholeWindow(limit)}`)
      .join(', '),
  }
  return new AuthError(errors.RATE_LIMITED, { headers })
}

function wholeWindow({ window }: RateLimit): number {
  return Math.ceil(window)
}

/** A string as RFC 9651 writes it, which knows only printable ASCII. */
function quoted(text: string): string {
  return `"${text.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, '\\$&')}"`
}
