export type { Account } from './account.ts'
export type { Field, Fields, FieldType, InputOf, OutputOf } from './field.ts'
export { maxLengthOf, uniqueGroups } from './field.ts'
export { RATE_LIMIT_MODEL } from './rate-limit.ts'
export {
  additionalFieldsOf,
  CORE_MODELS,
  columnOf,
  type Model,
  type ModelOverride,
  resolveFullSchema,
  type Schema,
  type SchemaContribution,
} from './schema.ts'
export type { Session } from './session.ts'
export type { User } from './user.ts'
export type { Verification } from './verification.ts'
export { inputShape, outputSchema, requiredInput } from './zod.ts'
