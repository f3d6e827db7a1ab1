import type { Fields, RowOf } from './field.ts'

/** What administrators have set while the instance runs; one row for each section. */
export const adminConfigFields = {
  key: { type: 'string', unique: true },
  /** JSON text, in which secrets are sealed. */
  value: { type: 'string', returned: false },
  /** JSON text: the names of the keys whose values are secrets. */
  secretFields: { type: 'string', required: false, returned: false },
  /** Counts the writes. Of two that read the same one is refused, and reads again. */
  revision: { type: 'number', defaultValue: 1, returned: false },
  createdAt: { type: 'date' },
  updatedAt: { type: 'date' },
} as const satisfies Fields

export const ADMIN_CONFIG_MODELS = { adminConfig: { fields: adminConfigFields } } as const

export interface AdminConfig extends RowOf<typeof adminConfigFields> {
  id: string
}
