import type { Fields, RowOf } from './field.ts'

/** One way to sign in as a user: a password (`providerId` is `credential`) or a login at a provider. */
export const accountFields = {
  // One login at a provider belongs to one user.
  accountId: { type: 'string', index: true, uniqueWith: ['providerId'] },
  providerId: { type: 'string', maxLength: 255 },
  userId: { type: 'string', references: { model: 'user', field: 'id' } },
  accessToken: { type: 'string', required: false, returned: false },
  refreshToken: { type: 'string', required: false, returned: false },
  idToken: { type: 'string', required: false, returned: false },
  accessTokenExpiresAt: { type: 'date', required: false },
  refreshTokenExpiresAt: { type: 'date', required: false },
  scope: { type: 'string', required: false },
  password: { type: 'string', required: false, returned: false },
  createdAt: { type: 'date', defaultValue: () => new Date() },
  updatedAt: { type: 'date', defaultValue: () => new Date() },
} as const satisfies Fields

export interface Account extends RowOf<typeof accountFields> {
  id: string
}
