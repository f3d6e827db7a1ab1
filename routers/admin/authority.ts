import type { AdminSettings } from './options.ts'
import { roleNames } from './role-names.ts'
import { defaultStatements } from './statements.ts'

/** Somebody with roles. */
export interface Holder {
  id: string
  role?: string | null
}

/** Actions by resource. */
export type Permissions = Readonly<Record<string, readonly string[]>>

/** Whether one of the holder's roles allows all of `permissions`. */
export function permits(settings: AdminSettings, holder: Holder, permissions: Permissions): boolean {
  if (settings.adminUserIds.has(holder.id)) return true
  return rolesOf(settings, holder).some(name => settings.roles.get(name)?.authorize(permissions).success === true)
}

/** Whether the holder administers the instance. */
export function isAdministrator(settings: AdminSettings, holder: Holder): boolean {
  if (settings.adminUserIds.has(holder.id)) return true
  return rolesOf(settings, holder).some(name => settings.adminRoles.has(name))
}

/** Whether the holder may impersonate administrators. */
export function mayImpersonateAdmins(settings: AdminSettings, holder: Holder): boolean {
  return settings.allowImpersonatingAdmins || permits(settings, holder, { user: ['impersonate-admins'] })
}

/** Whether `other` may do something to users that `holder` may not: then `holder` does nothing to `other`. */
export function isOutranked(settings: AdminSettings, holder: Holder, other: Holder): boolean {
  const own = powersOf(settings, holder)
  return [...powersOf(settings, other)].some(power => !own.has(power))
}

/** Whether the holder may do all that `other` may do to users, and more. */
export function isAbove(settings: AdminSettings, holder: Holder, other: Holder): boolean {
  return !isOutranked(settings, holder, other) && isOutranked(settings, other, holder)
}

function rolesOf({ defaultRole }: AdminSettings, { role }: Holder): string[] {
  return roleNames(role || defaultRole)
}

/** What the holder may do to users and their sessions. What else roles allow is the application's affair. */
function powersOf(settings: AdminSettings, holder: Holder): Set<string> {
  const powers = Object.entries(defaultStatements).flatMap(([resource, actions]) =>
    actions
      .filter(action => permits(settings, holder, { [resource]: [action] }))
      .map(action => `${resource}:${action}`),
  )
  const mayAll = settings.allowImpersonatingAdmins && powers.includes('user:impersonate')
  return new Set(mayAll ? [...powers, 'user:impersonate-admins'] : powers)
}
