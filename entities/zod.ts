import { z } from 'zod'
import { type Field, type Fields, maxLengthOf } from './field.ts'

/**
 * The Zod schema of a row as clients see it: fields with `returned: false` are absent, so they cannot leave.
 * @param name component name in the OpenAPI document
 */
export function outputSchema<Row>(name: string, fields: Fields): z.ZodType<Row, Row> {
  const shape: Record<string, z.ZodType> = { id: z.string() }
  for (const [key, field] of Object.entries(fields)) {
    if (field.returned === false) continue
    const value = valueSchema(field)
    shape[key] = field.required === false ? value.nullish() : value
  }
  // The shape is built from data at run time; its static type is the row type derived from the same fields.
  return z.object(shape).meta({ id: name }) as unknown as z.ZodType<Row, Row>
}

/**
 * The Zod shape of what a client may send for these fields. Every key is optional here:
 * which ones are missing is told field by field, with `MISSING_FIELD`.
 */
export function inputShape(fields: Fields): Record<string, z.ZodType> {
  const shape: Record<string, z.ZodType> = {}
  for (const [key, field] of Object.entries(fields)) {
    if (!field.input) continue
    const value = boundedSchema(field)
    shape[key] = field.required === false ? value.nullish() : value.optional()
  }
  return shape
}

/** The fields that a client must send when a row is made, since nothing else gives them a value. */
export function requiredInput(fields: Fields): string[] {
  const isRequired = ({ input, required, defaultValue }: Field) =>
    input && required !== false && defaultValue === undefined
  return Object.keys(fields).filter(key => isRequired(fields[key] as Field))
}

// What every database takes: a value beyond that would be an error of the server instead of the client's.
function boundedSchema(field: Field): z.ZodType {
  if (field.type === 'string') return z.string().max(maxLengthOf(field))
  if (field.type === 'number' && !field.bigint) return z.int32()
  if (field.type === 'date')
    return z.coerce.date().min(new Date('1000-01-01')).max(new Date('9999-12-31T23:59:59.999Z'))
  return valueSchema(field)
}

function valueSchema({ type }: Field): z.ZodType {
  if (typeof type !== 'string') return z.enum(type)
  switch (type) {
    case 'string':
      return z.string()
    case 'number':
      return z.number()
    case 'boolean':
      return z.boolean()
    case 'date':
      return z.date()
    case 'json':
      return z.record(z.string(), z.unknown())
    case 'string[]':
      return z.array(z.string())
    case 'number[]':
      return z.array(z.number())
  }
}
