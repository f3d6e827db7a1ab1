import type { AuthContext, MembershipAnswer, MembershipQuestion } from '../../src/context.ts'
import { findMember } from './membership.ts'
import { isAllowed, isOwner } from './permissions.ts'
import type { Scope } from './scope.ts'
import { assertSecondFactor } from './second-factor.ts'

/**
 * What another plugin wants to know. Its resources may be unknown to this instance's access control: whoever has the
 * creator's role may do all of them, everybody else what the roles say.
 * @throws what `assertSecondFactor` does
 */
export async function answerMembership(
  scope: Scope<AuthContext>,
  { organizationId, userId, permissions, bySession }: MembershipQuestion,
): Promise<MembershipAnswer> {
  const member = await findMember(scope, { organizationId, userId })
  if (!member) return 'stranger'
  await assertSecondFactor(scope, member, { bySession })
  return isOwner(scope, member) || (await isAllowed(scope, member, permissions)) ? 'allowed' : 'member'
}
