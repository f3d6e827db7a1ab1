import type { SchemaContribution } from '../../src/index.ts'

export const INVITE_CODE_MODELS = {
  inviteCode: {
    fields: {
      /** What the database holds of a code lets nobody in. */
      hash: { type: 'string', unique: true, maxLength: 64, returned: false },
      ownerId: { type: 'string', references: { model: 'user', field: 'id' } },
      createdAt: { type: 'date' },
    },
  },
} as const satisfies SchemaContribution
