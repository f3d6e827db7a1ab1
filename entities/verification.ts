import type { Fields, RowOf } from './field.ts'

/** A single-use secret with an end: what it is for and its hash are in `identifier`, what it proves is in `value`. */
export const verificationFields = {
  identifier: { type: 'string', index: true },
  value: { type: 'string' },
  expiresAt: { type: 'date', index: true },
  createdAt: { type: 'date', defaultValue: () => new Date() },
  updatedAt: { type: 'date', defaultValue: () => new Date() },
} as const satisfies Fields

export interface Verification extends RowOf<typeof verificationFields> {
  id: string
}
