import { CORE_MODELS, type Fields, resolveFullSchema, type Schema } from '../../../entities/index.ts'

/** One column of every type; the table and two columns have other names in the database. */
const itemFields = {
  name: { type: 'string' },
  code: { type: 'string', required: false, unique: true },
  rank: { type: 'number', required: false },
  size: { type: 'number', required: false, bigint: true },
  active: { type: 'boolean', required: false },
  at: { type: 'date', required: false },
  data: { type: 'json', required: false },
  tags: { type: 'string[]', required: false },
  scores: { type: 'number[]', required: false },
  note: { type: 'string', required: false, fieldName: 'note_text' },
  ownerId: {
    type: 'string',
    required: false,
    fieldName: 'owner',
    references: { model: 'user', field: 'id', onDelete: 'set null' },
  },
} as const satisfies Fields

/** The schema that an adapter is connected with for the conformance cases: Kernia's own models, and `item`. */
export const conformanceSchema: Schema = resolveFullSchema(
  CORE_MODELS,
  [{ id: 'conformance', schema: { item: { modelName: 'stored_items', fields: itemFields } } }],
  { user: { modelName: 'people', fields: { email: 'email_address' } } },
)
