import { z } from 'zod'
import type { Fields } from '../../entities/index.ts'
import { inputShape, requiredInput } from '../../entities/index.ts'
import { withFields } from '../../src/additional-fields.ts'

/** Ids are texts that we make, or numbers as text; no longer than a key may be. */
export const idInput = z.string().max(255)

/** Roles by name: one, several separated by commas, or a list. */
export const roleInput = z.union([
  z.string().max(1024),
  z.array(z.string().max(255)).refine(names => names.join(',').length <= 1024, { message: 'Too many roles' }),
])

export const permissionInput = z.record(z.string().max(255), z.array(z.string().max(255)).max(100))

type None = Record<never, never>

/** An input of these keys and of the fields that the application adds to the model. */
export function inputWith<Shape extends z.ZodRawShape>(shape: Shape, fields: Fields, isComplete = true) {
  return withFields<Shape, None>(shape, inputShape(fields), isComplete ? requiredInput(fields) : [])
}
