import { z } from 'zod'
import { type Field, type Fields, maxLengthOf } from '../entities/index.ts'
import type { Draft } from './context.ts'
import { AuthError, defineErrors, errors } from './errors.ts'

export const fieldErrors = defineErrors({
  FIELD_NOT_ALLOWED: [400, 'Field not allowed to be set'],
  MISSING_FIELD: [400, 'Field is required'],
  FIELD_VALUE_TAKEN: [409, 'A value that must be unique is taken'],
})

declare const userInput: unique symbol
declare const sessionInput: unique symbol

/**
 * Marks an input that also takes the user's additional fields. Which ones those are is known where `init` is called:
 * the type of the instance's router has them in the mark's place.
 */
export interface WithUserInput {
  readonly [userInput]?: never
}

/** The same for the session's additional fields. */
export interface WithSessionInput {
  readonly [sessionInput]?: never
}

export type UserInputMark = typeof userInput
export type SessionInputMark = typeof sessionInput

/**
 * An input of `shape` and of an instance's additional fields. Keys that nobody declares are let through here
 * and ignored by `parseFields`, which also tells of declared ones that clients may not set.
 */
export function withFields<Shape extends z.ZodRawShape, Mark>(
  shape: Shape,
  additional: Record<string, z.ZodType>,
  required: readonly string[] = [],
) {
  const schema = z.object({ ...additional, ...shape }).catchall(z.unknown())
  // Of an object without keys Zod infers that it can have none, which the additional ones would contradict.
  type Known = [keyof Shape] extends [never] ? Record<never, never> : z.infer<z.ZodObject<Shape>>
  // Zod cannot type fields that are known at run time only; the mark stands for them.
  return (required.length > 0 ? schema.meta({ required }) : schema) as unknown as z.ZodType<Known & Mark, Known & Mark>
}

/**
 * Takes the values of declared fields out of a client's input and completes them with defaults.
 * @param action `create` fills in defaults and demands what is required; `defaults` only fills in
 * @throws FIELD_NOT_ALLOWED for a field that clients may not set, MISSING_FIELD, VALIDATION_ERROR
 */
export function parseFields(fields: Fields, input: Draft, action: 'create' | 'update' | 'defaults'): Draft {
  const parsed: Draft = {}
  for (const [name, field] of Object.entries(fields)) {
    const given = Object.hasOwn(input, name) ? input[name] : undefined
    // At creation a default stands in for what the client may not choose; otherwise it is told.
    if (given && !field.input && (action === 'update' || field.defaultValue === undefined)) {
      throw new AuthError(fieldErrors.FIELD_NOT_ALLOWED, { message: `${name} is not allowed to be set` })
    }
    const value = given === undefined || !field.input ? undefined : validate(name, field, given)
    if (value !== undefined) parsed[name] = value
    else if (action !== 'update') complete(parsed, name, field, action === 'create')
  }
  return parsed
}

function complete(parsed: Draft, name: string, field: Field, demands: boolean): void {
  const { defaultValue } = field
  if (defaultValue !== undefined) parsed[name] = typeof defaultValue === 'function' ? defaultValue() : defaultValue
  else if (field.required !== false && field.input && demands) {
    throw new AuthError(fieldErrors.MISSING_FIELD, { message: `${name} is required` })
  } else if (field.required === false) parsed[name] = null
}

function validate(name: string, field: Field, value: unknown): unknown {
  if (typeof value === 'string' && value.length > maxLengthOf(field)) {
    throw new AuthError(errors.VALIDATION_ERROR, { message: `${name} is longer than ${maxLengthOf(field)} characters` })
  }
  const schema = field.validator?.input
  if (!schema) return value
  const result = schema['~standard'].validate(value)
  if (result instanceof Promise) throw new Error(`the validator of "${name}" must be synchronous`)
  const { issues } = result
  if (issues) throw new AuthError(errors.VALIDATION_ERROR, { message: issues[0]?.message ?? `${name} is invalid` })
  return result.value
}
