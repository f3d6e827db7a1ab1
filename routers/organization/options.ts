import type { Fields, Session, User } from '../../entities/index.ts'
import type { Invitation, Member, Organization, Team } from '../../entities/organization.ts'
import type { AuthContext } from '../../src/context.ts'
import type { AccessControl, Role } from '../access/index.ts'
import type { OrganizationHooks } from './hook-options.ts'
import type { SecondFactorRule } from './second-factor-rule.ts'
import { defaultAc, defaultRoles } from './statements.ts'

type Awaitable<T> = T | Promise<T>
// biome-ignore lint/suspicious/noExplicitAny: roles of any access control
type AnyRole = Role<any, any>
// biome-ignore lint/suspicious/noExplicitAny: any access control
type AnyAccessControl = AccessControl<any>
// biome-ignore lint/suspicious/noExplicitAny: the application's additional fields are not known here
type Extended<T> = T & Record<string, any>

/** What a callback that sends an invitation is given. Links are the application's to make, with the invitation's id. */
export interface InvitationMail {
  id: string
  role: string
  email: string
  organization: Extended<Organization>
  invitation: Extended<Invitation>
  inviter: Extended<Member> & { user: Extended<User> }
}

/** Names in the database, and fields of the application's own. */
interface ModelSchema {
  modelName?: string
  /** Logical field name to column name. */
  fields?: Record<string, string | undefined>
  additionalFields?: Fields
}

export interface TeamOptions {
  enabled: boolean
  defaultTeam?: {
    /** A new organization gets a team of its name, with its creator in it. Default true. */
    enabled?: boolean
    /** Makes that team instead. Runs in the transaction that creates the organization. */
    customCreateDefaultTeam?(organization: Extended<Organization>, auth: AuthContext): Promise<Extended<Team>>
  }
  /** Default: any number. */
  maximumTeams?:
    | number
    | ((
        data: { organizationId: string; session: { session: Session; user: User } | null },
        auth: AuthContext,
      ) => Awaitable<number>)
  /** Default: any number. */
  maximumMembersPerTeam?:
    | number
    | ((data: {
        teamId: string
        /** Absent when the application's own code calls without one. */
        session: { session: Session; user: User } | null
        organizationId: string
      }) => Awaitable<number>)
  /** An organization may be left without any team. Default false. */
  allowRemovingAllTeams?: boolean
}

export interface DynamicAccessControlOptions {
  enabled?: boolean
  /** Default: any number. */
  maximumRolesPerOrganization?: number | ((organizationId: string) => Awaitable<number>)
}

export interface OrganizationOptions {
  /** Default true. */
  allowUserToCreateOrganization?: boolean | ((user: Extended<User>) => Awaitable<boolean>)
  /** How many a user may be in to create one more, or whether the user is at the limit. Default: any number. */
  organizationLimit?: number | ((user: Extended<User>) => Awaitable<boolean>)
  /** Role of whoever creates an organization; one of its members always has it. Default `owner`. */
  creatorRole?: string
  /** Default 100. */
  membershipLimit?: number | ((user: User, organization: Organization) => Awaitable<number>)
  /** The resources and actions there are. Default: those of this plugin. */
  ac?: AnyAccessControl
  /** Roles by name. Default `owner`, `admin` and `member`, which these replace. */
  roles?: { [name: string]: AnyRole | undefined }
  /** Organizations make roles of their own. Default off. */
  dynamicAccessControl?: DynamicAccessControlOptions | boolean
  /** Default off. */
  teams?: TeamOptions | boolean
  /** Seconds that an invitation is valid. Default 48 hours. */
  invitationExpiresIn?: number
  /** Pending invitations of one organization. Default 100. */
  invitationLimit?:
    | number
    | ((
        data: { user: Extended<User>; organization: Extended<Organization>; member: Extended<Member> },
        auth: AuthContext,
      ) => Awaitable<number>)
  /** A second invitation to an address cancels the first instead of being refused. Default false. */
  cancelPendingInvitationsOnReInvite?: boolean
  /**
   * Only whoever has proven the address sees and answers its invitations. Default true. With `false` anyone can sign up
   * with the address of somebody who was invited and take the invitation.
   */
  requireEmailVerificationOnInvitation?: boolean
  /**
   * Members without it can do nothing in an organization but leave it: `true` for a second factor, `phishing-resistant`
   * for a passkey, `proven` for a session that was proved with one of both, or a function of the organization, asked at each
   * call. Default false.
   */
  requireSecondFactor?: SecondFactorRule
  /** Sends the invitation, after the answer. */
  sendInvitationEmail?(data: InvitationMail, request?: Request): unknown
  /** The same under the name that Kernia's Python edition has for it. */
  sendInvitation?(data: InvitationMail, request?: Request): unknown
  /** Default false. */
  disableOrganizationDeletion?: boolean
  organizationHooks?: OrganizationHooks
  schema?: {
    session?: { fields?: { activeOrganizationId?: string; activeTeamId?: string } }
    organization?: ModelSchema
    member?: ModelSchema
    invitation?: ModelSchema
    team?: ModelSchema
    teamMember?: Omit<ModelSchema, 'additionalFields'>
    organizationRole?: ModelSchema
  }
}

/** Options with every default filled in. */
export type ResolvedOrganizationOptions = ReturnType<typeof resolveOrganizationOptions>

/** @throws when a limit makes no sense */
export function resolveOrganizationOptions(given: OrganizationOptions) {
  const { teams, dynamicAccessControl, roles = defaultRoles } = given
  const creatorRole = given.creatorRole ?? 'owner'
  const invitationExpiresIn = given.invitationExpiresIn ?? 48 * 3600
  if (!(invitationExpiresIn > 0)) throw new Error('organization: invitationExpiresIn must be a positive number')
  return {
    ...given,
    creatorRole,
    invitationExpiresIn,
    roles: definedRoles(roles),
    ac: given.ac ?? (defaultAc as AnyAccessControl),
    /** Names that no organization can give to a role of its own. */
    predefinedRoles: new Set([...Object.keys(defaultRoles), ...Object.keys(roles), creatorRole]),
    membershipLimit: given.membershipLimit || 100,
    invitationLimit: given.invitationLimit ?? 100,
    requireEmailVerificationOnInvitation: given.requireEmailVerificationOnInvitation ?? true,
    hooks: given.organizationHooks ?? {},
    teams: (typeof teams === 'boolean'
      ? { enabled: teams }
      : (teams ?? { enabled: false })) satisfies TeamOptions as TeamOptions,
    dynamicAccessControl: (typeof dynamicAccessControl === 'boolean'
      ? { enabled: dynamicAccessControl }
      : (dynamicAccessControl ?? {})) as DynamicAccessControlOptions,
  }
}

function definedRoles(roles: { [name: string]: AnyRole | undefined }): ReadonlyMap<string, AnyRole> {
  return new Map(Object.entries(roles).flatMap(([name, role]) => (role ? [[name, role] as const] : [])))
}
