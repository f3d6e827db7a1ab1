import type { Invitation, Member, Organization, Team } from '../../entities/organization.ts'

/** What happens to organizations, by name, whichever way it comes about. */
export interface OrganizationEvents {
  'organization.created': { organization: Organization }
  'organization.updated': { organization: Organization }
  'organization.deleted': { organization: Organization }
  'member.created': { member: Member }
  'member.updated': { member: Member }
  'member.deleted': { member: Member }
  'invitation.created': { invitation: Invitation }
  'invitation.updated': { invitation: Invitation }
  'invitation.deleted': { invitation: Invitation }
  'team.created': { team: Team }
  'team.updated': { team: Team }
  'team.deleted': { team: Team }
}

// `.js`, unlike in imports: no compiler rewrites this one, and it must lead to the declaration of the published file, too.
declare module '../../src/events.js' {
  interface AuthEvents extends OrganizationEvents {}
}
