import type { Member } from '../../entities/organization.ts'
import type { AuthContext } from '../../src/context.ts'
import { AuthError, askApplication } from '../../src/errors.ts'
import { storedSession } from '../../src/sessions.ts'
import { hasAnyFactor, isSteppedUp, stepUpRequired } from '../../src/step-up.ts'
import { factorErrors } from './errors.ts'
import { findRow } from './rows.ts'
import type { Scope } from './scope.ts'
import { askedFor, type RequiredFactor } from './second-factor-rule.ts'

/**
 * That the member has the factor that the organization asks for: the one in whose name the call is, be it made by an
 * impersonator or with an API key. Asks the database nothing where the option is off.
 * @param caller whether the request's session asks; where none does, nothing can have been proved, and a factor is enough
 * @throws SECOND_FACTOR_REQUIRED, PHISHING_RESISTANT_FACTOR_REQUIRED; STEP_UP_REQUIRED for a session that was not proved
 */
export async function assertSecondFactor(
  scope: Scope<AuthContext>,
  { organizationId, userId }: Pick<Member, 'organizationId' | 'userId'>,
  { bySession }: { bySession: boolean } = { bySession: true },
): Promise<void> {
  const required = await requiredOf(scope, organizationId)
  if (!required) return
  if (required === 'proven') return assertProven(scope, userId, { bySession })
  const { hook, refusal } = askedFor(required)
  if (!(await scope.auth.kernel.hooks[hook]({ userId }, scope.auth))) throw new AuthError(refusal)
}

/** The same for the organization of a team that the signed-in user is in. */
export async function assertSecondFactorOfTeam(scope: Scope, teamId: string): Promise<void> {
  const { auth, options } = scope
  if (!options.requireSecondFactor) return
  const team = await findRow(auth, 'team', { id: teamId })
  if (team) await assertSecondFactor(scope, { organizationId: team.organizationId, userId: auth.signedIn.user.id })
}

/** That the member has proved one for the session that asks, if one does. Whoever has none is told to get one. */
async function assertProven(
  { auth }: Scope<AuthContext>,
  userId: string,
  { bySession }: { bySession: boolean },
): Promise<void> {
  const asked = { secondFactor: true }
  // A cookie cache, which is enough for some of these procedures, does not know.
  const session = bySession ? await storedSession(auth) : null
  if (session?.user.id === userId && (await isSteppedUp(auth, session, asked))) return
  if (!(await hasAnyFactor(auth, userId))) throw new AuthError(factorErrors.SECOND_FACTOR_REQUIRED)
  if (bySession) throw stepUpRequired(asked)
}

async function requiredOf({ auth, options }: Scope<AuthContext>, organizationId: string): Promise<RequiredFactor> {
  const { requireSecondFactor: rule = false } = options
  if (typeof rule !== 'function') return rule
  const organization = await findRow(auth, 'organization', { id: organizationId })
  // One that is gone has no members either.
  return organization ? askApplication(() => rule(organization)) : false
}
