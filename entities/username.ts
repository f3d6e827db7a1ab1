import type { Fields } from './field.ts'
import type { SchemaContribution } from './schema.ts'

/** The name a user signs in with, in the one spelling under which it is looked up, and the one it is shown in. */
const usernameFields = {
  username: { type: 'string', required: false, unique: true, input: true },
  displayUsername: { type: 'string', required: false, input: true, maxLength: 1024 },
} as const satisfies Fields

/** What the feature adds to the tables. */
export const usernameSchema = { user: { fields: usernameFields } } as const satisfies SchemaContribution
