import type { Fields, RowOf } from './field.ts'

/** A tenant: people who work together. `metadata` is JSON text. */
export const organizationFields = {
  name: { type: 'string', maxLength: 1024 },
  slug: { type: 'string', unique: true },
  logo: { type: 'string', required: false },
  createdAt: { type: 'date' },
  metadata: { type: 'string', required: false },
} as const satisfies Fields

/** A user's place in an organization. Several roles are separated by commas. */
export const memberFields = {
  organizationId: { type: 'string', references: { model: 'organization', field: 'id' } },
  userId: { type: 'string', references: { model: 'user', field: 'id' } },
  role: { type: 'string', maxLength: 1024, defaultValue: 'member' },
  createdAt: { type: 'date' },
} as const satisfies Fields

/** An invitation to whoever proves to own `email`: `pending`, `accepted`, `rejected` or `canceled`. */
export const invitationFields = {
  organizationId: { type: 'string', references: { model: 'organization', field: 'id' } },
  email: { type: 'string', index: true },
  role: { type: 'string', maxLength: 1024, required: false },
  status: { type: 'string', maxLength: 32, defaultValue: 'pending' },
  expiresAt: { type: 'date' },
  createdAt: { type: 'date', defaultValue: () => new Date() },
  inviterId: { type: 'string', references: { model: 'user', field: 'id' } },
} as const satisfies Fields

/** Where there are teams. Several team ids are separated by commas. */
export const invitationTeamFields = {
  teamId: { type: 'string', required: false },
} as const satisfies Fields

/** A group of an organization's members. */
export const teamFields = {
  name: { type: 'string', maxLength: 1024 },
  organizationId: { type: 'string', references: { model: 'organization', field: 'id' } },
  createdAt: { type: 'date' },
  updatedAt: { type: 'date', required: false },
} as const satisfies Fields

export const teamMemberFields = {
  teamId: { type: 'string', references: { model: 'team', field: 'id' } },
  userId: { type: 'string', references: { model: 'user', field: 'id' } },
  createdAt: { type: 'date', required: false },
} as const satisfies Fields

/** A role that an organization made for itself. `permission` is JSON text: actions by resource. */
export const organizationRoleFields = {
  organizationId: { type: 'string', references: { model: 'organization', field: 'id' } },
  role: { type: 'string', index: true },
  permission: { type: 'string' },
  createdAt: { type: 'date', defaultValue: () => new Date() },
  updatedAt: { type: 'date', required: false },
} as const satisfies Fields

/** What the session remembers. */
export const activeOrganizationFields = {
  activeOrganizationId: { type: 'string', required: false, maxLength: 255 },
} as const satisfies Fields

export const activeTeamFields = {
  activeTeamId: { type: 'string', required: false, maxLength: 255 },
} as const satisfies Fields

type Stored<F extends Fields> = RowOf<F> & { id: string }

export interface Organization extends Stored<typeof organizationFields> {}
export interface Member extends Stored<typeof memberFields> {}
export interface Invitation extends Stored<typeof invitationFields> {
  teamId?: string | null
}
export interface Team extends Stored<typeof teamFields> {}
export interface TeamMember extends Stored<typeof teamMemberFields> {}
export interface OrganizationRole extends Stored<typeof organizationRoleFields> {}
