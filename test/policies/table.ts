import type { IdField } from './id-fields.ts'
import type { Ids } from './world.ts'

/** What becomes of a field that names a row of the owner's, for each kind of caller. */
export interface Rule {
  /** The call; `organization` is the one that the caller is in, or the owner's. */
  input(ids: Ids, organization: Ids['own']): Record<string, unknown>
  /** A value that names no row, where `unknown` would not be understood. */
  unknown?: string
  /** Who may: for them the call has an effect, or an answer, that it has not for a row that does not exist. */
  may: string
  /** Who is refused but learns that the row exists. All others are answered as if it did not. */
  told?: string
  /** The one model that the call writes even when it is refused. */
  writes?: string
}

// An impersonator acts for the owner, and so does the owner's API key.
const OWNER = 'owner impersonator ownersKey'
const MANAGERS = `${OWNER} admin`
const INSIDE = `${MANAGERS} member`
const OUTSIDE = 'invited foreign other siteAdmin othersKey'
const NOT_INVITED = `${INSIDE} foreign other siteAdmin othersKey`
const SIGNED_IN = `${INSIDE} ${OUTSIDE}`

// As on the wire: a session that asks for an organization where it is no member has no active one afterwards.
const CLEARS = 'session'

const OWNERS = 'owner@example.com'
const NOBODY = 'nobody@example.com'

const login = () => ({ providerId: 'google', accountId: 'subject' })
const inOrganization =
  (more: object = {}) =>
  (ids: Ids) => ({ organizationId: ids.own.organizationId, ...more })
const byOwner =
  (name: string, more: object = {}) =>
  (ids: Ids) => ({ [name]: ids.ownerId, ...more })

/** By field; what follows its name tells rows apart that one field can name. */
export const TABLE: Record<IdField, Rule> = {
  'session.revoke token': { input: ids => ({ token: ids.otherSessionToken }), may: OWNER },
  // Whoever may is told why it cannot be: others would be left in an organization without an owner.
  'user.delete token': { input: ids => ({ token: ids.deletionToken }), may: '', told: 'owner' },
  'user.deleteCallback token': { input: ids => ({ token: ids.deletionToken }), may: '', told: 'owner' },
  'account.unlink accountId': { input: login, may: 'owner' },
  'account.getAccessToken accountId': { input: login, may: 'owner' },
  'account.refreshToken accountId': { input: login, may: '', told: 'owner' },
  'account.info accountId': { input: () => ({ accountId: 'subject' }), may: OWNER },
  'multiSession.setActive sessionToken': { input: ids => ({ sessionToken: ids.sessionToken }), may: 'owner' },
  'multiSession.revoke sessionToken': { input: ids => ({ sessionToken: ids.sessionToken }), may: 'owner' },
  'passkey.update id': { input: ids => ({ id: ids.passkeyId, name: 'mine' }), may: 'owner' },
  'twoFactor.revokeTrustedDevice id': { input: ids => ({ id: ids.trustedDeviceId }), may: 'owner' },
  'passkey.delete id': { input: ids => ({ id: ids.passkeyId }), may: 'owner' },

  'organization.update organizationId': {
    input: inOrganization({ data: { name: 'New' } }),
    may: MANAGERS,
    told: 'member',
  },
  'organization.delete organizationId': { input: inOrganization(), may: OWNER, told: 'admin member' },
  'organization.getFull organizationId': { input: inOrganization(), may: INSIDE, told: OUTSIDE },
  'organization.getFull organizationSlug': {
    input: ids => ({ organizationSlug: ids.own.slug }),
    may: INSIDE,
    told: OUTSIDE,
  },
  'organization.checkSlug slug': { input: ids => ({ slug: ids.own.slug }), may: '', told: SIGNED_IN },
  'organization.setActive organizationId': {
    input: inOrganization(),
    may: 'owner admin member impersonator',
    told: 'ownersKey',
    writes: CLEARS,
  },
  'organization.setActive organizationSlug': {
    input: ids => ({ organizationSlug: ids.own.slug }),
    may: 'owner admin member impersonator',
    told: 'invited foreign other siteAdmin ownersKey othersKey',
    writes: CLEARS,
  },
  'organization.hasPermission organizationId': {
    input: inOrganization({ permissions: { team: ['create'] } }),
    may: INSIDE,
  },
  'organization.leave organizationId': { input: inOrganization(), may: 'admin member', told: OWNER },
  'organization.member.remove organizationId': {
    input: ids => ({ organizationId: ids.own.organizationId, memberIdOrEmail: ids.memberId }),
    may: MANAGERS,
    told: 'member',
  },
  'organization.member.remove memberIdOrEmail': {
    input: (ids, { organizationId }) => ({ organizationId, memberIdOrEmail: ids.memberId }),
    may: MANAGERS,
    told: 'member',
  },
  'organization.member.updateRole organizationId': {
    input: ids => ({ organizationId: ids.own.organizationId, memberId: ids.memberId, role: 'admin' }),
    may: MANAGERS,
    told: 'member',
  },
  'organization.member.updateRole memberId': {
    input: (ids, { organizationId }) => ({ organizationId, memberId: ids.memberId, role: 'admin' }),
    may: MANAGERS,
    told: 'member',
  },
  'organization.member.list organizationId': { input: inOrganization(), may: INSIDE },
  'organization.member.list organizationSlug': {
    input: ids => ({ organizationSlug: ids.own.slug }),
    may: INSIDE,
    told: OUTSIDE,
  },
  'organization.member.activeRole organizationId': { input: inOrganization(), may: INSIDE },
  'organization.member.activeRole organizationSlug': {
    input: ids => ({ organizationSlug: ids.own.slug }),
    may: INSIDE,
    told: OUTSIDE,
  },
  'organization.member.activeRole userId': {
    input: (ids, { organizationId }) => ({ organizationId, userId: ids.userId }),
    may: INSIDE,
  },
  'organization.invitation.create organizationId': {
    input: inOrganization({ email: 'new@example.com', role: 'member' }),
    may: MANAGERS,
    told: 'member',
  },
  'organization.invitation.create teamId': {
    input: (ids, { organizationId }) => ({
      organizationId,
      teamId: ids.own.teamId,
      email: 'new@example.com',
      role: 'member',
    }),
    may: MANAGERS,
  },
  'organization.invitation.accept invitationId': {
    input: ids => ({ invitationId: ids.invitationId }),
    may: 'invited',
    told: NOT_INVITED,
  },
  'organization.invitation.reject invitationId': {
    input: ids => ({ invitationId: ids.invitationId }),
    may: 'invited',
    told: NOT_INVITED,
  },
  'organization.invitation.cancel invitationId': {
    input: ids => ({ invitationId: ids.invitationId }),
    may: MANAGERS,
    told: 'member invited foreign other siteAdmin othersKey',
  },
  'organization.invitation.get id': {
    input: ids => ({ id: ids.invitationId }),
    may: 'invited',
    told: NOT_INVITED,
  },
  'organization.invitation.list organizationId': { input: inOrganization(), may: INSIDE },
  'organization.team.create organizationId': { input: inOrganization({ name: 'Red' }), may: MANAGERS, told: 'member' },
  'organization.team.update teamId': {
    input: (ids, { organizationId }) => ({ teamId: ids.own.teamId, data: { organizationId, name: 'Red' } }),
    may: MANAGERS,
  },
  'organization.team.update data.organizationId': {
    input: ids => ({ teamId: ids.own.teamId, data: { organizationId: ids.own.organizationId, name: 'Red' } }),
    may: MANAGERS,
  },
  'organization.team.remove teamId': {
    input: (ids, { organizationId }) => ({ teamId: ids.own.teamId, organizationId }),
    may: MANAGERS,
  },
  'organization.team.remove organizationId': {
    input: ids => ({ teamId: ids.own.teamId, organizationId: ids.own.organizationId }),
    may: MANAGERS,
    told: 'member',
  },
  'organization.team.addMember teamId': {
    input: (ids, { organizationId }) => ({ teamId: ids.own.teamId, userId: ids.adminId, organizationId }),
    may: MANAGERS,
  },
  'organization.team.addMember userId': {
    input: (ids, { organizationId, teamId }) => ({ teamId, userId: ids.adminId, organizationId }),
    may: MANAGERS,
  },
  'organization.team.addMember organizationId': {
    input: ids => ({ teamId: ids.own.teamId, userId: ids.adminId, organizationId: ids.own.organizationId }),
    may: MANAGERS,
    told: 'member',
  },
  'organization.team.removeMember teamId': {
    input: (ids, { organizationId }) => ({ teamId: ids.own.teamId, userId: ids.userId, organizationId }),
    may: MANAGERS,
  },
  'organization.team.removeMember userId': {
    input: (ids, { organizationId, teamId }) => ({ teamId, userId: ids.userId, organizationId }),
    may: MANAGERS,
  },
  'organization.team.removeMember organizationId': {
    input: ids => ({ teamId: ids.own.teamId, userId: ids.userId, organizationId: ids.own.organizationId }),
    may: MANAGERS,
    told: 'member',
  },
  'organization.team.list organizationId': { input: inOrganization(), may: INSIDE },
  'organization.team.listMembers teamId': { input: ids => ({ teamId: ids.own.teamId }), may: 'member' },
  'organization.team.setActive teamId': {
    input: ids => ({ teamId: ids.own.teamId }),
    may: 'member',
    told: 'owner admin',
  },
  'organization.role.create organizationId': {
    input: inOrganization({ role: 'new', permission: { team: ['create'] } }),
    may: MANAGERS,
    told: 'member',
  },
  'organization.role.update organizationId': {
    input: ids => ({
      organizationId: ids.own.organizationId,
      roleId: ids.own.roleId,
      data: { permission: { team: ['update'] } },
    }),
    may: MANAGERS,
    told: 'member',
  },
  'organization.role.update roleId': {
    input: (ids, { organizationId }) => ({
      organizationId,
      roleId: ids.own.roleId,
      data: { permission: { team: ['update'] } },
    }),
    may: MANAGERS,
  },
  'organization.role.delete organizationId': {
    input: ids => ({ organizationId: ids.own.organizationId, roleId: ids.own.roleId }),
    may: MANAGERS,
    told: 'member',
  },
  'organization.role.delete roleId': {
    input: (ids, { organizationId }) => ({ organizationId, roleId: ids.own.roleId }),
    may: MANAGERS,
  },
  'organization.role.list organizationId': { input: inOrganization(), may: INSIDE },
  'organization.role.get organizationId': {
    input: ids => ({ organizationId: ids.own.organizationId, roleId: ids.own.roleId }),
    may: INSIDE,
  },
  'organization.role.get roleId': {
    input: (ids, { organizationId }) => ({ organizationId, roleId: ids.own.roleId }),
    may: INSIDE,
  },
  'organization.role.get roleName': {
    input: (ids, { organizationId }) => ({ organizationId, roleName: ids.own.role }),
    may: INSIDE,
  },
  'organization.role.update roleName': {
    input: (ids, { organizationId }) => ({
      organizationId,
      roleName: ids.own.role,
      data: { permission: { team: ['update'] } },
    }),
    may: MANAGERS,
  },
  'organization.role.delete roleName': {
    input: (ids, { organizationId }) => ({ organizationId, roleName: ids.own.role }),
    may: MANAGERS,
  },
  // A role of one organization is none of another.
  'organization.invitation.create role': {
    input: (ids, { organizationId }) => ({ organizationId, email: 'new@example.com', role: ids.own.role }),
    may: MANAGERS,
  },
  'organization.member.updateRole role': {
    input: (ids, { organizationId }) => ({ organizationId, memberId: ids.memberId, role: ids.own.role }),
    may: MANAGERS,
  },
  'organization.invitation.listMine email': {
    input: () => ({ email: 'invited@example.com' }),
    unknown: NOBODY,
    may: '',
  },
  'organization.member.list filterValue': {
    input: (ids, { organizationId }) => ({ organizationId, filterField: 'userId', filterValue: ids.userId }),
    may: INSIDE,
  },

  'admin.getUser email': { input: () => ({ email: OWNERS }), unknown: NOBODY, may: 'siteAdmin' },
  'admin.listUsers filterValue': { input: byOwner('filterValue', { filterField: 'id' }), may: 'siteAdmin' },
  'admin.listUsers searchValue': {
    input: () => ({ searchField: 'email', searchValue: OWNERS }),
    may: 'siteAdmin',
  },
  'admin.getUser id': { input: byOwner('id'), may: 'siteAdmin' },
  'admin.getUser userId': { input: byOwner('userId'), may: 'siteAdmin' },
  'admin.updateUser userId': { input: byOwner('userId', { data: { name: 'New' } }), may: 'siteAdmin' },
  'admin.setRole userId': { input: byOwner('userId', { role: 'admin' }), may: 'siteAdmin' },
  'admin.removeUser userId': { input: byOwner('userId'), may: '', told: 'siteAdmin' },
  'admin.banUser userId': { input: byOwner('userId'), may: 'siteAdmin' },
  'admin.unbanUser userId': { input: byOwner('userId'), may: 'siteAdmin' },
  'admin.listUserSessions userId': { input: byOwner('userId'), may: 'siteAdmin' },
  'admin.revokeUserSession sessionToken': { input: ids => ({ sessionToken: ids.otherSessionToken }), may: 'siteAdmin' },
  'admin.revokeUserSessions userId': { input: byOwner('userId'), may: 'siteAdmin' },
  'admin.setUserPassword userId': { input: byOwner('userId', { newPassword: 'another passphrase' }), may: 'siteAdmin' },
  'admin.impersonateUser userId': { input: byOwner('userId'), may: 'siteAdmin' },
  'admin.hasPermission userId': { input: byOwner('userId', { permissions: { user: ['list'] } }), may: '' },

  'apiKey.create userId': { input: byOwner('userId', { configId: 'people' }), may: '' },
  'apiKey.create organizationId': {
    input: inOrganization({ configId: 'companies' }),
    may: 'owner',
    told: 'admin member',
  },
  'apiKey.get id': { input: ids => ({ id: ids.keyId, configId: 'people' }), may: OWNER },
  'apiKey.get id of a company': {
    input: ids => ({ id: ids.companyKeyId, configId: 'companies' }),
    may: OWNER,
    told: 'admin member invited foreign other siteAdmin othersKey',
  },
  'apiKey.update keyId': {
    input: ids => ({ keyId: ids.keyId, configId: 'people', name: 'new' }),
    may: 'owner',
  },
  'apiKey.update keyId of a company': {
    input: ids => ({ keyId: ids.companyKeyId, configId: 'companies', name: 'new' }),
    may: 'owner',
    told: 'admin member invited foreign other siteAdmin',
  },
  'apiKey.update userId': {
    input: ids => ({ keyId: ids.keyId, configId: 'people', name: 'new', userId: ids.ownerId }),
    may: 'owner',
  },
  'apiKey.rotate keyId': { input: ids => ({ keyId: ids.keyId, configId: 'people' }), may: 'owner' },
  'apiKey.rotate keyId of a company': {
    input: ids => ({ keyId: ids.companyKeyId, configId: 'companies' }),
    may: 'owner',
    told: 'admin member invited foreign other siteAdmin',
  },
  'apiKey.rotate userId': {
    input: ids => ({ keyId: ids.keyId, configId: 'people', userId: ids.ownerId }),
    may: 'owner',
  },
  'apiKey.delete keyId': { input: ids => ({ keyId: ids.keyId, configId: 'people' }), may: 'owner' },
  'apiKey.delete keyId of a company': {
    input: ids => ({ keyId: ids.companyKeyId, configId: 'companies' }),
    may: 'owner',
    told: 'admin member invited foreign other siteAdmin',
  },
  'apiKey.list organizationId': { input: inOrganization({ configId: 'companies' }), may: OWNER, told: 'admin member' },
}
