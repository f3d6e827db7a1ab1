import type { AuthContext, Hooks, SessionData } from './context.ts'
import { AuthError, errors } from './errors.ts'
import { type ProcedureDeclaration, stepsUp } from './meta.ts'
import { isMadeSession, isOwners } from './sessions.ts'

/**
 * What is asked of how a session was signed in for: that it was at most `maxAge` seconds ago, and that a second factor was
 * proved. As procedures declare it.
 */
export interface StepUp extends Pick<ProcedureDeclaration, 'maxAge' | 'secondFactor'> {}

/**
 * What a session with a second factor is called in a challenge: authenticator assurance level 2 of NIST SP 800-63B. OpenID
 * Connect leaves the values of `acr` to whoever uses them.
 */
const TWO_FACTORS = 'aal2'
const NEEDS_FACTOR = 'This needs a second factor'
const TOO_OLD = errors.STEP_UP_REQUIRED.message

/**
 * That the user of this session has signed in as lately as is asked, and with a second factor if that is: neither an API key
 * nor an impersonator has signed in. Ask it of a session that was read from where it is stored.
 * @throws STEP_UP_REQUIRED with the challenge of RFC 9470, section 3
 */
export async function assertSteppedUp(auth: AuthContext, data: SessionData, asked: StepUp): Promise<void> {
  if (!stepsUp(asked) || (await isSteppedUp(auth, data, asked))) return
  throw stepUpRequired(asked, isRecent(auth, data, asked) ? undefined : TOO_OLD)
}

/** Whether it has. */
export async function isSteppedUp(auth: AuthContext, data: SessionData, asked: StepUp): Promise<boolean> {
  if (!isRecent(auth, data, asked) || !isProved(auth, data, asked)) return false
  return !isMadeSession(auth, data) && isOwners(auth, data)
}

/** What a session that is not enough is refused with. */
export function stepUpRequired(asked: StepUp, message = asked.secondFactor ? NEEDS_FACTOR : TOO_OLD): AuthError {
  const headers = { 'www-authenticate': challengeOf(asked, message) }
  return new AuthError(errors.STEP_UP_REQUIRED, { message, headers })
}

/**
 * That a user who has a second factor has proved it for this session: to take one away, or to add another, needs one of
 * those that are there. Whoever has none cannot be asked for it.
 * @throws STEP_UP_REQUIRED
 */
export async function assertFactorKept(auth: AuthContext, data: SessionData): Promise<void> {
  if (await hasAnyFactor(auth, data.user.id)) await assertSteppedUp(auth, data, { secondFactor: true })
}

/** Whether the user could prove a second factor at all. */
export async function hasAnyFactor(auth: AuthContext, userId: string): Promise<boolean> {
  const { hooks } = auth.kernel
  return (await hooks.hasSecondFactor({ userId }, auth)) || hooks.hasPhishingResistantFactor({ userId }, auth)
}

/** @throws for ages that make no sense */
export function assertSensible(name: string, { maxAge, secondFactor }: StepUp): void {
  if (maxAge !== undefined && !(maxAge > 0)) throw new Error(`${name}: maxAge must be a positive number of seconds`)
  const age = ageOf(secondFactor)
  if (age === undefined || age > 0) return
  throw new Error(`${name}: secondFactor.maxAge must be a positive number of seconds`)
}

/** @throws for ages that make no sense, and where a second factor is asked for that nobody could have */
export function assertAskable(name: string, asked: StepUp, plugins: readonly { hooks?: Hooks }[]): void {
  assertSensible(name, asked)
  if (!asked.secondFactor || plugins.some(({ hooks }) => hooks?.secondFactorAt)) return
  throw new Error(`${name} asks for a second factor; add a plugin with the hook secondFactorAt, such as twoFactor`)
}

function isRecent({ kernel }: AuthContext, { session }: SessionData, { maxAge }: StepUp): boolean {
  return isWithin(session.createdAt, maxAge, kernel.now())
}

function isProved({ kernel }: AuthContext, data: SessionData, { secondFactor }: StepUp): boolean {
  if (!secondFactor) return true
  const provedAt = kernel.hooks.secondFactorAt(data)
  return provedAt !== null && isWithin(provedAt, ageOf(secondFactor), kernel.now())
}

function isWithin(date: Date, maxAge: number | undefined, now: Date): boolean {
  return maxAge === undefined || now.getTime() - date.getTime() <= maxAge * 1000
}

function ageOf(secondFactor: StepUp['secondFactor']): number | undefined {
  return typeof secondFactor === 'object' ? secondFactor.maxAge : undefined
}

/** All that is asked for, not only what is missing: one sign-in is then enough. */
function challengeOf({ maxAge, secondFactor }: StepUp, description: string): string {
  const ages = [maxAge, ageOf(secondFactor)].filter(age => age !== undefined)
  const parameters = [
    'error="insufficient_user_authentication"',
    `error_description="${description}"`,
    ...(secondFactor ? [`acr_values="${TWO_FACTORS}"`] : []),
    ...(ages.length > 0 ? [`max_age="${Math.min(...ages)}"`] : []),
  ]
  return `Bearer ${parameters.join(', ')}`
}
