import type { User } from '../../entities/index.ts'
import type { Invitation, Member, Organization, Team, TeamMember } from '../../entities/organization.ts'

// biome-ignore lint/suspicious/noExplicitAny: the application's additional fields are not known where hooks are typed
type Extended<T> = T & Record<string, any>
type Reaction = unknown
// biome-ignore lint/suspicious/noExplicitAny: what is written is the application's choice
type Changed = { data: Record<string, any> }
// biome-ignore lint/suspicious/noConfusingVoidType: a hook that only looks on returns nothing
type Change = Changed | undefined | void | Promise<Changed | undefined | void>

interface OfOrganization {
  user: Extended<User>
  organization: Extended<Organization>
}

/** What a client sends about an organization. */
export interface OrganizationInput extends Record<string, unknown> {
  name?: string
  slug?: string
  logo?: string
  metadata?: Record<string, unknown>
}

/**
 * Take part in what happens to organizations. "before" runs before anything is written and may refuse by throwing; those
 * that return `{ data }` change what is written. "after" runs once it is committed; what it throws is logged.
 */
export interface OrganizationHooks extends MemberHooks, InvitationHooks, TeamHooks {
  beforeCreateOrganization?(data: { organization: OrganizationInput; user: Extended<User> }): Change
  afterCreateOrganization?(data: OfOrganization & { member: Extended<Member> }): Reaction
  beforeUpdateOrganization?(data: {
    organization: OrganizationInput
    user: Extended<User>
    member: Extended<Member>
  }): Change
  afterUpdateOrganization?(data: {
    organization: Extended<Organization> | null
    user: Extended<User>
    member: Extended<Member>
  }): Reaction
  beforeDeleteOrganization?(data: OfOrganization): Reaction
  afterDeleteOrganization?(data: OfOrganization): Reaction
}

interface OfMember extends OfOrganization {
  member: Extended<Member>
}

interface MemberHooks {
  beforeAddMember?(
    data: OfOrganization & { member: Extended<{ userId: string; organizationId: string; role: string }> },
  ): Change
  afterAddMember?(data: OfMember): Reaction
  beforeRemoveMember?(data: OfMember): Reaction
  afterRemoveMember?(data: OfMember): Reaction
  beforeUpdateMemberRole?(data: OfMember & { newRole: string }): Change
  afterUpdateMemberRole?(data: OfMember & { previousRole: string }): Reaction
}

interface OfInvitation {
  invitation: Extended<Invitation>
  organization: Extended<Organization>
}

interface InvitationHooks {
  beforeCreateInvitation?(data: {
    invitation: Extended<{ email: string; role: string; organizationId: string; inviterId: string; teamId?: string }>
    inviter: Extended<User>
    organization: Extended<Organization>
  }): Change
  afterCreateInvitation?(data: OfInvitation & { inviter: Extended<User> }): Reaction
  beforeAcceptInvitation?(data: OfInvitation & { user: Extended<User> }): Reaction
  afterAcceptInvitation?(data: OfInvitation & { user: Extended<User>; member: Extended<Member> }): Reaction
  beforeRejectInvitation?(data: OfInvitation & { user: Extended<User> }): Reaction
  afterRejectInvitation?(data: OfInvitation & { user: Extended<User> }): Reaction
  beforeCancelInvitation?(data: OfInvitation & { cancelledBy: Extended<User> }): Reaction
  afterCancelInvitation?(data: OfInvitation & { cancelledBy: Extended<User> }): Reaction
}

interface OfTeam {
  team: Extended<Team>
  user?: Extended<User>
  organization: Extended<Organization>
}

interface OfTeamMember extends OfOrganization {
  team: Extended<Team>
  teamMember: Extended<TeamMember>
}

interface TeamHooks {
  beforeCreateTeam?(data: Omit<OfTeam, 'team'> & { team: Extended<{ name: string; organizationId: string }> }): Change
  afterCreateTeam?(data: OfTeam): Reaction
  beforeUpdateTeam?(data: OfTeam & { user: Extended<User>; updates: Extended<{ name?: string }> }): Change
  afterUpdateTeam?(data: Omit<OfTeam, 'team'> & { user: Extended<User>; team: Extended<Team> | null }): Reaction
  beforeDeleteTeam?(data: OfTeam): Reaction
  afterDeleteTeam?(data: OfTeam): Reaction
  beforeAddTeamMember?(
    data: OfOrganization & { team: Extended<Team>; teamMember: Extended<{ teamId: string; userId: string }> },
  ): Change
  afterAddTeamMember?(data: OfTeamMember): Reaction
  beforeRemoveTeamMember?(data: OfTeamMember): Reaction
  afterRemoveTeamMember?(data: OfTeamMember): Reaction
}
