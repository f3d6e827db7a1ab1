import type { Fields } from './field.ts'

/** What the admin plugin adds to a user. Only its own procedures write them. */
export const adminUserFields = {
  /** One role, or several with commas between them. */
  role: { type: 'string', required: false },
  banned: { type: 'boolean', required: false, defaultValue: false },
  banReason: { type: 'string', required: false },
  /** Without one a ban is for ever. */
  banExpires: { type: 'date', required: false },
} as const satisfies Fields

/** What it adds to a session. */
export const adminSessionFields = {
  /** The administrator who acts in the user's name. */
  impersonatedBy: { type: 'string', required: false },
} as const satisfies Fields

export const ADMIN_MODELS = {
  user: { fields: adminUserFields },
  session: { fields: adminSessionFields },
} as const
