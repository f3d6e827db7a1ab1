import type { User } from '../../entities/user.ts'
import type { AuthContext } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import { storedSession, takeSession } from '../../src/sessions.ts'
import { apiKeyErrors } from './errors.ts'

/** Who creates or changes a key. */
export interface Caller {
  /** The application's own code, on nobody's behalf: it may set everything, and says whom the key belongs to. */
  isOwnCode: boolean
  user: User | undefined
}

/** Whether the application's own code calls, on nobody's behalf. */
export function isOwnCode({ method, headers }: AuthContext): boolean {
  return method === undefined && [...headers].length === 0
}

/**
 * Whoever calls: with headers it is a client, or the application's code on a client's behalf.
 * @throws SIGN_IN_REQUIRED to a key, which makes no other keys and does not lengthen its own life; what plugins refuse
 * whoever acts in the user's name with
 */
export async function callerOf(auth: AuthContext): Promise<Caller> {
  const isOwn = isOwnCode(auth)
  const session = isOwn ? null : await storedSession(auth)
  if (session) await takeSession(auth, session)
  return { isOwnCode: isOwn, user: session?.user }
}

/**
 * Whose key it is about: the caller, or whom the application's own code names. What a client names, it is not.
 * @throws UNAUTHORIZED_SESSION
 */
export function principalOf({ isOwnCode, user }: Caller, named: string | undefined): string {
  const isForeign = !isOwnCode && named !== undefined && named !== user?.id
  const id = isOwnCode ? named : user?.id
  if (isForeign || !id) throw new AuthError(apiKeyErrors.UNAUTHORIZED_SESSION)
  return id
}

const SERVER_ONLY = [
  'refillAmount',
  'refillInterval',
  'rateLimitMax',
  'rateLimitTimeWindow',
  'rateLimitEnabled',
  'permissions',
] as const

/** @throws SERVER_ONLY_PROPERTY when a client sets what decides how much its key may do */
export function refuseServerOnly(
  { isOwnCode }: Caller,
  input: { [Key in (typeof SERVER_ONLY)[number] | 'remaining']?: unknown },
): void {
  const names = SERVER_ONLY.filter(name => input[name] !== undefined)
  const limitsUses = input.remaining !== undefined && input.remaining !== null
  if (!isOwnCode && (names.length > 0 || limitsUses)) throw new AuthError(apiKeyErrors.SERVER_ONLY_PROPERTY)
}
