import type { ADMIN_MODELS } from '../../entities/admin.ts'
import type { SecondFactorPolicy } from '../../src/meta.ts'
import type { SchemaNames } from '../../src/plugin-schema.ts'
import type { AccessControl, Role } from '../access/index.ts'
import { roleNames } from './role-names.ts'
import { defaultRoles } from './statements.ts'

// biome-ignore lint/suspicious/noExplicitAny: roles of any access control
type AnyRole = Role<any, any>
// biome-ignore lint/suspicious/noExplicitAny: any access control
type AnyAccessControl = AccessControl<any>

export interface AdminOptions {
  /** Role of a user who is given none. Default `user`. */
  defaultRole?: string
  /** Roles whose bearers are administrators: they are not impersonated, and administer other plugins. Default `admin`. */
  adminRoles?: string | string[]
  /** Ids of users who may do everything, whatever their role. */
  adminUserIds?: string[]
  /** The resources and actions that `roles` are made of. */
  ac?: AnyAccessControl
  /** Roles by name. Default `admin` and `user`, which these replace. */
  roles?: { [name: string]: AnyRole | undefined }
  /** Default `No reason`. */
  defaultBanReason?: string
  /** Seconds that a ban holds which says nothing about it. Default: for ever. */
  defaultBanExpiresIn?: number
  /** What a banned user is told. */
  bannedUserMessage?: string
  /** Seconds after which an impersonation ends, however it is used. Default an hour. */
  impersonationSessionDuration?: number
  /** Whoever may impersonate may impersonate administrators too. Default false; better a role with `impersonate-admins`. */
  allowImpersonatingAdmins?: boolean
  /**
   * Administrators have proved a second factor for their session, or with `{ maxAge }` at most so many seconds ago: all
   * procedures ask for it, but for ending an impersonation and asking what oneself may do, and so do other plugins that
   * administrators change something by. Default false.
   */
  requireSecondFactor?: SecondFactorPolicy
  /** Names in the database. */
  schema?: SchemaNames<typeof ADMIN_MODELS>
}

/** The options with defaults and what follows from them; times in seconds. */
export type AdminSettings = ReturnType<typeof resolveAdmin>

const BANNED = 'You have been banned from this application. Please contact support if you believe this is an error.'

/** @throws when an administrators' role does not exist, or a time makes no sense */
export function resolveAdmin(given: AdminOptions) {
  const { defaultRole = 'user', adminRoles = ['admin'], adminUserIds = [], roles: own } = given
  const roles: ReadonlyMap<string, AnyRole> = new Map(
    Object.entries(own ?? defaultRoles).flatMap(([name, role]) => (role ? [[name, role] as const] : [])),
  )
  const administrators = Array.isArray(adminRoles) ? adminRoles.map(name => name.trim()) : roleNames(adminRoles)
  const known = [...roles.keys()].map(name => name.toLowerCase())
  const unknown = given.adminRoles ? administrators.filter(name => !known.includes(name.toLowerCase())) : []
  if (unknown.length > 0) throw new Error(`admin: adminRoles: there is no role "${unknown.join('", "')}"`)
  return {
    defaultRole,
    adminRoles: new Set(administrators),
    adminUserIds: new Set(adminUserIds),
    roles,
    /** Names that users can be given. Where the application has no roles of its own, its default role is one more. */
    assignable: new Set(own ? roles.keys() : [...roles.keys(), defaultRole]),
    defaultBanReason: given.defaultBanReason || 'No reason',
    defaultBanExpiresIn: seconds('defaultBanExpiresIn', given.defaultBanExpiresIn || undefined),
    bannedUserMessage: given.bannedUserMessage ?? BANNED,
    impersonationSessionDuration:
      seconds('impersonationSessionDuration', given.impersonationSessionDuration || undefined) ?? 3600,
    allowImpersonatingAdmins: given.allowImpersonatingAdmins === true,
    requireSecondFactor: given.requireSecondFactor ?? false,
  }
}

function seconds(name: string, value: number | undefined): number | undefined {
  if (value !== undefined && !(value > 0 && value <= LONGEST_SPAN))
    throw new Error(`admin: ${name} must be positive seconds`)
  return value
}

/** A hundred years, in seconds: what ends later has no end. */
export const LONGEST_SPAN = 100 * 365 * 86_400
