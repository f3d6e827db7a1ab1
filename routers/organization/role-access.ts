import { z } from 'zod'
import type { OrganizationRole } from '../../entities/organization.ts'
import type { ErrorDefinition } from '../../src/errors.ts'
import { memberErrors, organizationErrors } from './errors.ts'
import { requireMember, requirePermission } from './membership.ts'
import { idInput } from './organization-inputs.ts'
import { findRow } from './rows.ts'
import { found, type Scope } from './scope.ts'

/** What names one of an organization's own roles: its name or its id. */
export const roleKey = { roleName: z.string().max(255).optional(), roleId: idInput.optional() }
export const isKeyed = ({ roleName, roleId }: { roleName?: string; roleId?: string }) => Boolean(roleName || roleId)
export const commonErrors = [
  organizationErrors.NO_ACTIVE_ORGANIZATION,
  organizationErrors.YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION,
]

/** The signed-in user's membership, if it allows this with the organization's roles. */
export async function permitted(
  scope: Scope,
  { organizationId, action }: { organizationId: string; action: string },
  refusal: ErrorDefinition,
) {
  const member = await requireMember(
    scope,
    organizationId,
    organizationErrors.YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION,
  )
  await requirePermission(scope, { member, permissions: { ac: [action] } }, refusal)
  return member
}

export async function roleOf(
  { auth }: Scope,
  organizationId: string,
  { roleName, roleId }: { roleName?: string; roleId?: string },
): Promise<OrganizationRole> {
  const match = roleName ? { organizationId, role: roleName } : { organizationId, id: roleId ?? '' }
  return found(await findRow(auth, 'organizationRole', match), memberErrors.ROLE_NOT_FOUND)
}
