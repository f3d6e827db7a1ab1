import { defineErrors } from '../../src/errors.ts'

/** Codes, statuses and texts are Better Auth's; a few codes come with another status in one place, which is said there. */
export const organizationErrors = defineErrors({
  YOU_ARE_NOT_ALLOWED_TO_CREATE_A_NEW_ORGANIZATION: [403, 'You are not allowed to create a new organization'],
  YOU_HAVE_REACHED_THE_MAXIMUM_NUMBER_OF_ORGANIZATIONS: [403, 'You have reached the maximum number of organizations'],
  ORGANIZATION_ALREADY_EXISTS: [400, 'Organization already exists'],
  ORGANIZATION_SLUG_ALREADY_TAKEN: [400, 'Organization slug already taken'],
  ORGANIZATION_NOT_FOUND: [400, 'Organization not found'],
  ORGANIZATION_DELETION_DISABLED: [404, 'Organization deletion is disabled'],
  NO_ACTIVE_ORGANIZATION: [400, 'No active organization'],
  USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION: [400, 'User is not a member of the organization'],
  YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION: [403, 'You are not a member of this organization'],
  YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_ORGANIZATION: [403, 'You are not allowed to update this organization'],
  YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_ORGANIZATION: [403, 'You are not allowed to delete this organization'],
})

/** What setting or reading an organization as a whole answers to those who are not in it. */
export const notInOrganization = {
  ...organizationErrors.USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION,
  status: 403,
}

/** What asking for permissions answers to them. */
export const mayAskNothing = {
  ...organizationErrors.USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION,
  status: 401,
}

export const memberErrors = defineErrors({
  MEMBER_NOT_FOUND: [400, 'Member not found'],
  ROLE_NOT_FOUND: [400, 'Role not found'],
  USER_NOT_FOUND: [400, 'User not found'],
  USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION: [400, 'User is already a member of this organization'],
  ORGANIZATION_MEMBERSHIP_LIMIT_REACHED: [403, 'Organization membership limit reached'],
  YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER: [400, 'You cannot leave the organization as the only owner'],
  YOU_CANNOT_LEAVE_THE_ORGANIZATION_WITHOUT_AN_OWNER: [400, 'You cannot leave the organization without an owner'],
  YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_MEMBER: [401, 'You are not allowed to delete this member'],
  YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER: [403, 'You are not allowed to update this member'],
})

export const invitationErrors = defineErrors({
  INVALID_EMAIL: [400, 'Invalid email'],
  INVITATION_NOT_FOUND: [400, 'Invitation not found'],
  USER_IS_ALREADY_INVITED_TO_THIS_ORGANIZATION: [400, 'User is already invited to this organization'],
  INVITER_IS_NO_LONGER_A_MEMBER_OF_THE_ORGANIZATION: [400, 'Inviter is no longer a member of the organization'],
  YOU_ARE_NOT_ALLOWED_TO_INVITE_USERS_TO_THIS_ORGANIZATION: [
    403,
    'You are not allowed to invite users to this organization',
  ],
  YOU_ARE_NOT_ALLOWED_TO_INVITE_USER_WITH_THIS_ROLE: [403, 'You are not allowed to invite a user with this role'],
  YOU_ARE_NOT_ALLOWED_TO_CANCEL_THIS_INVITATION: [403, 'You are not allowed to cancel this invitation'],
  YOU_ARE_NOT_THE_RECIPIENT_OF_THE_INVITATION: [403, 'You are not the recipient of the invitation'],
  INVITATION_LIMIT_REACHED: [403, 'Invitation limit reached'],
  EMAIL_VERIFICATION_REQUIRED_BEFORE_ACCEPTING_OR_REJECTING_INVITATION: [
    403,
    'Email verification required before accepting or rejecting invitation',
  ],
  EMAIL_VERIFICATION_REQUIRED_FOR_INVITATION: [
    403,
    'Email verification required to view or list invitations for the session email',
  ],
})

export const teamErrors = defineErrors({
  TEAM_NOT_FOUND: [400, 'Team not found'],
  TEAM_MEMBER_LIMIT_REACHED: [403, 'Team member limit reached'],
  TEAMS_NOT_ENABLED: [400, 'Teams are not enabled'],
  YOU_HAVE_REACHED_THE_MAXIMUM_NUMBER_OF_TEAMS: [400, 'You have reached the maximum number of teams'],
  UNABLE_TO_REMOVE_LAST_TEAM: [400, 'Unable to remove last team'],
  YOU_DO_NOT_HAVE_AN_ACTIVE_TEAM: [400, 'You do not have an active team'],
  USER_IS_NOT_A_MEMBER_OF_THE_TEAM: [400, 'User is not a member of the team'],
  YOU_ARE_NOT_ALLOWED_TO_ACCESS_THIS_ORGANIZATION: [403, 'You are not allowed to access this organization as an owner'],
  YOU_ARE_NOT_ALLOWED_TO_CREATE_TEAMS_IN_THIS_ORGANIZATION: [
    403,
    'You are not allowed to create teams in this organization',
  ],
  YOU_ARE_NOT_ALLOWED_TO_DELETE_TEAMS_IN_THIS_ORGANIZATION: [
    403,
    'You are not allowed to delete teams in this organization',
  ],
  YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_TEAM: [403, 'You are not allowed to update this team'],
  YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_TEAM: [403, 'You are not allowed to delete this team'],
  YOU_ARE_NOT_ALLOWED_TO_CREATE_A_NEW_TEAM_MEMBER: [403, 'You are not allowed to create a new member'],
  YOU_ARE_NOT_ALLOWED_TO_REMOVE_A_TEAM_MEMBER: [403, 'You are not allowed to remove a team member'],
})

/** What setting a team as the active one answers to those who are not in it. */
export const notInTeam = { ...teamErrors.USER_IS_NOT_A_MEMBER_OF_THE_TEAM, status: 403 }

export const roleErrors = defineErrors({
  YOU_MUST_BE_IN_AN_ORGANIZATION_TO_CREATE_A_ROLE: [400, 'You must be in an organization to create a role'],
  YOU_ARE_NOT_ALLOWED_TO_CREATE_A_ROLE: [403, 'You are not allowed to create a role'],
  YOU_ARE_NOT_ALLOWED_TO_UPDATE_A_ROLE: [403, 'You are not allowed to update a role'],
  YOU_ARE_NOT_ALLOWED_TO_DELETE_A_ROLE: [403, 'You are not allowed to delete a role'],
  YOU_ARE_NOT_ALLOWED_TO_READ_A_ROLE: [403, 'You are not allowed to read a role'],
  YOU_ARE_NOT_ALLOWED_TO_LIST_A_ROLE: [403, 'You are not allowed to list a role'],
  TOO_MANY_ROLES: [400, 'This organization has too many roles'],
  INVALID_RESOURCE: [400, 'The provided permission includes an invalid resource'],
  ROLE_NAME_IS_ALREADY_TAKEN: [400, 'That role name is already taken'],
  CANNOT_DELETE_A_PRE_DEFINED_ROLE: [400, 'Cannot delete a pre-defined role'],
  ROLE_IS_ASSIGNED_TO_MEMBERS: [
    400,
    'Cannot delete a role that is assigned to members. Please reassign the members to a different role first',
  ],
})

/** What `requireSecondFactor` refuses members with. */
export const factorErrors = defineErrors({
  SECOND_FACTOR_REQUIRED: [403, 'This organization requires its members to have a second factor'],
  PHISHING_RESISTANT_FACTOR_REQUIRED: [403, 'This organization requires its members to have a passkey'],
})
