import { pathGlob } from '../glob.ts'
import type { ProcedureMeta, RateLimit } from '../meta.ts'
import { FAILURES_LAST, type RateLimitRule, type RateLimitSettings } from './contract.ts'

/** Guessing a password: 3 tries in 10 seconds from one address. */
const GUESSING: RateLimit = { window: 10, max: 3 }
/** Causing a mail to someone: 3 in a minute from one address. */
const MAILING: RateLimit = { window: 60, max: 3 }

const GUESSING_PATHS = ['/sign-in', '/sign-up', '/change-password', '/change-email']
const MAILING_PATHS = [
  '/request-password-reset',
  '/send-verification-email',
  '/email-otp/send-verification-otp',
  '/email-otp/request-password-reset',
]

/** The limit of sensitive paths, whichever feature serves them; the paths and numbers are Better Auth's. */
function specialLimit(path: string): RateLimit | undefined {
  if (GUESSING_PATHS.some(start => path.startsWith(start))) return GUESSING
  if (MAILING_PATHS.includes(path) || path.startsWith('/forget-password')) return MAILING
  return undefined
}

/**
 * The limit of a call: the general one, before it the one of special paths, before it the procedure's own, before all
 * of them the application's rule, of which an exact path goes before a pattern.
 * @returns `false` for no limit
 */
export async function limitOf(
  { paths, limit }: ProcedureMeta,
  { window, max, customRules = {} }: RateLimitSettings,
  request: (() => Request) | undefined,
): Promise<RateLimit | false> {
  const current = limit ?? specialLimit(paths[0]) ?? { window, max }
  const rule = findRule(customRules, paths)
  const given = typeof rule === 'function' ? await rule(request?.(), current) : rule
  return given ?? current
}

function findRule(rules: Record<string, RateLimitRule | undefined>, paths: readonly string[]) {
  const exact = paths.find(path => Object.hasOwn(rules, path))
  if (exact !== undefined) return rules[exact]
  const pattern = Object.keys(rules).find(key => {
    const glob = pathGlob(key)
    return paths.some(path => glob.test(path))
  })
  return pattern === undefined ? undefined : rules[pattern]
}

/** The longest window of anything that is counted, as far as it is known before calls come; in seconds. */
export function longestWindow(metas: Iterable<ProcedureMeta>, { window, customRules = {} }: RateLimitSettings): number {
  const rules = Object.values(customRules).map(rule => (typeof rule === 'object' ? rule.window : 0))
  return Math.max(
    window,
    FAILURES_LAST,
    GUESSING.window,
    MAILING.window,
    ...rules,
    ...[...metas].map(({ limit }) => limit?.window ?? 0),
  )
}
