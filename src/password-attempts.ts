import type { RequestContext } from './context.ts'
import { FAILURES_LAST } from './rate-limit/contract.ts'
import { refuse } from './rate-limit/refusal.ts'

/** Counted, not limited. */
const NO_BOUND = 1_000_000

/** Whose password is tried. `id` is missing where there is no such user. */
export interface Account {
  id?: string
  email: string
}

/** An attempt that was let through. */
export interface PasswordAttempt {
  /** The password was right: the failures before are forgotten. */
  succeeded(): Promise<void>
}

/**
 * Lets an attempt at an account's password through, or refuses it when too many failed before: after
 * `failedAttempts.free` failures each further one doubles the wait before the next, from a second up to
 * `failedAttempts.longestDelay`. The attempt counts as failed until it succeeded, so that attempts made at once
 * cannot outrun the counting. Accounts that do not exist are counted alike, which tells nothing about them.
 *
 * The wait is short and ends by itself, so nobody can lock an account for good. Whoever has a session of the account
 * is counted apart at that address, and so is not held up by what strangers elsewhere do.
 * @throws RATE_LIMITED
 */
export async function beginPasswordAttempt(context: RequestContext, account: Account): Promise<PasswordAttempt> {
  const { options } = context.kernel
  if (!options.rateLimit.enabled || !options.emailAndPassword.failedAttempts)
    return { succeeded: async () => undefined }
  const key = keyOf(context, account)
  const wait = await count(context, key)
  if (!wait) return { succeeded: () => forget(context, key) }
  const ownKey = (await isAtHome(context, account)) ? `${key}|${context.clientAddress}` : undefined
  const ownWait = ownKey ? await count(context, ownKey) : wait
  if (ownKey && !ownWait) return { succeeded: () => forget(context, ownKey) }
  const { id: userId, email } = account
  await context.kernel.events.emit('password.delayed', { email, ...(userId && { userId }), retryAfter: ownWait })
  const limit = { max: options.emailAndPassword.failedAttempts.free, window: FAILURES_LAST }
  throw refuse(context, { policy: 'password', limit, retryAfter: ownWait })
}

/** Forgets the failures of an account whose owner has proven to be it in another way, such as by a mailed link. */
export async function forgetFailedAttempts(context: RequestContext, account: Account): Promise<void> {
  const { options } = context.kernel
  if (options.rateLimit.enabled && options.emailAndPassword.failedAttempts)
    await forget(context, keyOf(context, account))
}

// Hashed with the secret: whoever reads the counters learns no address.
function keyOf({ kernel }: RequestContext, { email }: Account): string {
  return `password|${kernel.keys.sign(`failed attempts of ${email.toLowerCase()}`)}`
}

const levelOf = (key: string) => `${key}|level`
const gateOf = (key: string, level: number) => `${key}|gate ${level}`

/**
 * Counts an attempt. Beyond the free ones an attempt has to pass the gate of its level, which then stays closed to the
 * next one, and leads to the next level, whose gate it closes for twice as long.
 * @returns seconds to wait; 0 when it is let through
 */
async function count({ kernel }: RequestContext, key: string): Promise<number> {
  const { attempts, options } = kernel
  const { failedAttempts } = options.emailAndPassword
  if (!failedAttempts) return 0
  const now = kernel.now()
  // The last of the free ones passes the first gate, which makes the next one wait.
  const first = await attempts.consume(key, { max: failedAttempts.free - 1, window: FAILURES_LAST }, now)
  if (first.allowed) return 0
  const passed = await attempts.count(levelOf(key), FAILURES_LAST, now)
  const close = (level: number) => {
    const window = Math.min(2 ** level, failedAttempts.longestDelay)
    return attempts.consume(gateOf(key, level), { max: 1, window }, now)
  }
  const top = topLevel(failedAttempts.longestDelay)
  const gate = await close(Math.min(Math.max(passed - 1, 0), top))
  if (!gate.allowed) return gate.retryAfter
  if (passed > 0 && passed <= top) await close(passed)
  await attempts.consume(levelOf(key), { max: NO_BOUND, window: FAILURES_LAST }, now)
  return 0
}

/** The level from which on waits are no longer. */
function topLevel(longestDelay: number): number {
  return Math.ceil(Math.log2(Math.max(longestDelay, 1)))
}

async function forget({ kernel }: RequestContext, key: string): Promise<void> {
  const { attempts, options } = kernel
  const { failedAttempts } = options.emailAndPassword
  const passed = await attempts.count(levelOf(key), FAILURES_LAST, kernel.now())
  const top = failedAttempts ? topLevel(failedAttempts.longestDelay) : 0
  const gates = Array.from({ length: Math.min(passed, top + 1) }, (_, level) => gateOf(key, level))
  await attempts.reset([key, levelOf(key), ...gates])
}

/** Whether the account has a session at the address of this request. */
async function isAtHome(context: RequestContext, { id }: Account): Promise<boolean> {
  const { clientAddress, kernel } = context
  if (!clientAddress) return false
  // Asked for an account that does not exist as well, so that the time of the answer does not tell.
  const sessions = await kernel.sessions.list(id ?? '0', kernel.now())
  return sessions.some(({ ipAddress }) => ipAddress === clientAddress)
}
