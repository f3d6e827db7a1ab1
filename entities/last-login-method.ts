import type { Fields } from './field.ts'
import type { SchemaContribution } from './schema.ts'

/** How a user signed in last. */
const lastLoginMethodFields = {
  lastLoginMethod: { type: 'string', required: false },
} as const satisfies Fields

/** What the feature adds to the tables, where it is to be stored. */
export const lastLoginMethodSchema = {
  user: { fields: lastLoginMethodFields },
} as const satisfies SchemaContribution
