import { createAccessControl } from '../access/index.ts'

const user = ['create', 'list', 'set-role', 'ban', 'impersonate', 'delete', 'set-password', 'get', 'update'] as const
const session = ['list', 'revoke', 'delete'] as const

/** What can be done to users and sessions. */
export const defaultStatements = { user: [...user, 'impersonate-admins'], session } as const

export const defaultAc = createAccessControl(defaultStatements)

/** Everything but impersonating other administrators. */
export const adminAc = defaultAc.newRole({ user, session })

/** Nothing. */
export const userAc = defaultAc.newRole({ user: [], session: [] })

export const defaultRoles = { admin: adminAc, user: userAc }
