import type { Fields, RowOf } from './field.ts'

/** A person. */
export const userFields = {
  name: { type: 'string', maxLength: 1024 },
  email: { type: 'string', unique: true },
  emailVerified: { type: 'boolean', defaultValue: false },
  image: { type: 'string', required: false },
  createdAt: { type: 'date', defaultValue: () => new Date() },
  updatedAt: { type: 'date', defaultValue: () => new Date() },
} as const satisfies Fields

export interface User extends RowOf<typeof userFields> {
  id: string
}
