import { createAccessControl } from '../access/index.ts'

/** What can be done to what within an organization. */
export const defaultStatements = {
  organization: ['update', 'delete'],
  member: ['create', 'update', 'delete'],
  invitation: ['create', 'cancel'],
  team: ['create', 'update', 'delete'],
  ac: ['create', 'read', 'update', 'delete'],
} as const

export const defaultAc = createAccessControl(defaultStatements)

export const ownerAc = defaultAc.newRole(defaultStatements)

/** Everything but ending the organization. */
export const adminAc = defaultAc.newRole({ ...defaultStatements, organization: ['update'] })

export const memberAc = defaultAc.newRole({ organization: [], member: [], invitation: [], team: [], ac: ['read'] })

export const defaultRoles = { admin: adminAc, owner: ownerAc, member: memberAc }
