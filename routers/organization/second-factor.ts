import type { Member } from '../../entities/organization.ts'
import type { AuthContext } from '../../src/context.ts'
import { AuthError, askApplication } from '../../src/errors.ts'
import { findRow } from './rows.ts'
import type { Scope } from './scope.ts'
import { askedFor, type RequiredFactor } from './second-factor-rule.ts'

/**
 * That the member has the factor that the organization asks for: the one in whose name the call is, be it made by an
 * impersonator or with an API key. Asks the database nothing where the option is off.
 * @throws SECOND_FACTOR_REQUIRED, PHISHING_RESISTANT_FACTOR_REQUIRED
 */
export async function assertSecondFactor(
  scope: Scope<AuthContext>,
  { organizationId, userId }: Pick<Member, 'organizationId' | 'userId'>,
): Promise<void> {
  const required = await requiredOf(scope, organizationId)
  if (!required) return
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

async function requiredOf({ auth, options }: Scope<AuthContext>, organizationId: string): Promise<RequiredFactor> {
  const { requireSecondFactor: rule = false } = options
  if (typeof rule !== 'function') return rule
  const organization = await findRow(auth, 'organization', { id: organizationId })
  // One that is gone has no members either.
  return organization ? askApplication(() => rule(organization)) : false
}
