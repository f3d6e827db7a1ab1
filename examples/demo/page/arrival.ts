import { goTo } from './route.tsx'
import type { Failure } from './use-action.ts'

const explanations: Record<string, string> = {
  access_denied: 'You did not agree at the provider.',
  account_not_linked: 'This address has an account here. Sign in to it, and connect the login there.',
  account_already_linked_to_different_user: 'This login belongs to another account.',
  state_mismatch: 'The sign-in was begun in another browser or has taken too long.',
  INVALID_TOKEN: 'This link was used before or is too old.',
  EXPIRED_TOKEN: 'This link is too old.',
  TOKEN_EXPIRED: 'This link is too old.',
}

/** What links and redirects that end here bring in the address; it is taken out, so that a reload does not repeat it. */
export function readArrival(): Failure | null {
  const { pathname, search } = window.location
  const query = new URLSearchParams(search)
  const code = query.get('error')
  // The view of that path has a text of its own for it.
  if (pathname === '/reset-password') return null
  if (query.has('twoFactorRedirect')) goTo('/second-factor', 'replace')
  else if (search) goTo(pathname, 'replace')
  if (!code) return null
  return { code, message: explanations[code] ?? query.get('error_description') ?? 'That did not work.' }
}
