import type { Fields, RowOf } from './field.ts'

/** One signed-in browser or API client. The token is worthless without the signature in its cookie. */
export const sessionFields = {
  expiresAt: { type: 'date' },
  token: { type: 'string', unique: true },
  createdAt: { type: 'date', defaultValue: () => new Date() },
  updatedAt: { type: 'date', defaultValue: () => new Date() },
  ipAddress: { type: 'string', required: false },
  userAgent: { type: 'string', required: false },
  userId: { type: 'string', references: { model: 'user', field: 'id' } },
} as const satisfies Fields

export interface Session extends RowOf<typeof sessionFields> {
  id: string
}
