import type { AuthContext } from '../../src/context.ts'
import type { Role, Statements } from '../access/index.ts'
import { hasRole, roleNames } from './role-names.ts'
import { listRows } from './rows.ts'
import type { Scope } from './scope.ts'

/** Actions by resource. */
export type Permissions = Readonly<Record<string, readonly string[]>>

/** Whose permissions are asked for: the roles somebody has in an organization. */
export interface Holder {
  organizationId: string
  role: string
}

/** Whether one of the holder's roles allows all of `permissions`. */
export async function isAllowed(scope: Scope<AuthContext>, holder: Holder, permissions: Permissions): Promise<boolean> {
  const roles = await rolesOf(scope, holder.organizationId)
  return roleNames(holder.role).some(name => roles.get(name)?.authorize(permissions).success)
}

/** What of `permissions` the holder lacks, as `resource:action`. */
export async function missingOf(scope: Scope, holder: Holder, permissions: Permissions): Promise<string[]> {
  const roles = await rolesOf(scope, holder.organizationId)
  const held = roleNames(holder.role).flatMap(name => roles.get(name) ?? [])
  return Object.entries(permissions).flatMap(([resource, actions]) =>
    actions
      .filter(action => !held.some(role => role.authorize({ [resource]: [action] }).success))
      .map(action => `${resource}:${action}`),
  )
}

/** The roles there are in an organization: those of the options, extended by its own. */
async function rolesOf(scope: Scope<AuthContext>, organizationId: string): Promise<ReadonlyMap<string, Role>> {
  const { auth, options } = scope
  if (!options.dynamicAccessControl.enabled) return options.roles
  const roles = new Map<string, Role>(options.roles)
  for (const { role, permission } of await listRows(auth, 'organizationRole', { match: { organizationId } })) {
    roles.set(role, options.ac.newRole(merged(roles.get(role)?.statements ?? {}, readPermission(permission))) as Role)
  }
  return roles
}

/** A stored permission. Whatever is not of the right form grants nothing. */
export function readPermission(text: string | null | undefined): Record<string, string[]> {
  const parsed: unknown = text ? JSON.parse(text) : {}
  const entries = typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : []
  return Object.fromEntries(entries.filter(([, actions]) => Array.isArray(actions)))
}

function merged(granted: Statements, more: Permissions): Statements {
  const entries = Object.entries(more).map(([resource, actions]) => {
    const already = Object.hasOwn(granted, resource) ? (granted[resource] ?? []) : []
    return [resource, [...new Set([...already, ...actions])]]
  })
  return { ...granted, ...Object.fromEntries(entries) }
}

/** Whether this member has the role that may do everything and that somebody must have. */
export function isOwner({ options }: Scope<AuthContext>, { role }: { role: string }): boolean {
  return hasRole(role, options.creatorRole)
}
