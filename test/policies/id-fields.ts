import type { z } from 'zod'
import { listProcedures, type ProcedureRecord } from '../../src/meta.ts'

type Router = Parameters<typeof listProcedures>[0]

/** An input that may name a row: `passkey.delete id`, `organization.team.update data.organizationId`. */
export type IdField = `${string} ${string}`

/** Rows are also named by what is unique to them, by a secret that is theirs, or by the value of a filter. */
const WORDS = new Set(
  'id ids token tokens slug slugs key keys email emails username role roles state otp value values'.split(' '),
)

/** All inputs of all procedures whose name says that they name a row, at whatever depth. */
export function idFields(router: Router): Map<IdField, ProcedureRecord> {
  const found = listProcedures(router).flatMap(procedure =>
    fieldsOf(procedure.input)
      .filter(namesRow)
      .map((field): [IdField, ProcedureRecord] => [`${procedure.path} ${field}`, procedure]),
  )
  return new Map(found)
}

/** Whether the name of a field says that it names a row. */
export function namesRow(field: string): boolean {
  const name = field.split('.').at(-1) ?? ''
  const words = name.split(/(?=[A-Z])|[_-]/).map(word => word.toLowerCase())
  return words.some(word => WORDS.has(word)) || /ID$/.test(name)
}

const PARTS = ['innerType', 'in', 'out', 'left', 'right', 'element', 'valueType', 'rest'] as const

/** The parts of Zod's schemas that have others in them. */
interface Inner {
  shape?: Record<string, z.ZodType>
  options?: z.ZodType[]
  element?: z.ZodType
  def: Partial<Record<(typeof PARTS)[number], z.ZodType>> & {
    type?: string
    items?: z.ZodType[]
    getter?: () => z.ZodType
  }
}

/** Dotted names of the fields in a schema; those in lists and alternatives too. */
export function fieldsOf(schema: z.ZodType | undefined): string[] {
  if (!schema) return []
  const { shape = {}, options = [], def } = schema as unknown as Inner
  const lazy = def.type === 'lazy' ? def.getter?.() : undefined
  const within = [...PARTS.map(part => def[part]), ...(def.items ?? []), ...options, lazy]
  const own = Object.entries(shape).flatMap(([name, field]) => [
    name,
    ...fieldsOf(field).map(inner => `${name}.${inner}`),
  ])
  const inner = within.filter(each => typeof each === 'object' && each !== null).flatMap(fieldsOf)
  return [...new Set([...own, ...inner])]
}
