import type { CompiledQuery, Kysely } from 'kysely'
import type { FindMany, Where } from '../contract.ts'
import type { SqlDatabase, Tables } from './sql-database.ts'

/** Building a statement costs several times its execution, and an application asks the same few questions all day. */
export interface Lookups {
  /**
   * The rows of a query. Of those that differ only in the values they compare with, the statement is built once.
   * @param build makes the query, for the first of its kind
   */
  run(query: FindMany, build: (kysely: Kysely<Tables>) => { compile(): CompiledQuery }): Promise<unknown[]>
}

/** Each of them binds its value once. */
const SIMPLE = new Set<Where['operator']>([undefined, 'eq', 'ne', 'lt', 'lte', 'gt', 'gte'])
/** Beyond any number of shapes that procedures have; what an application makes up at run time is not kept. */
const MOST = 500
/** Of lists, statements of these lengths are kept; of any length they would soon be too many. */
export const KEPT_LENGTHS = [1, 2, 4, 8, 16, 32, 64]

export function createLookups(database: SqlDatabase): Lookups {
  const statements = new Map<string, CompiledQuery>()
  return {
    run: async (query, build) => {
      const kysely = await database.kysely()
      const shape = shapeOf(query)
      const values = shape === undefined ? [] : valuesOf(query, database)
      const known = shape === undefined ? undefined : statements.get(shape)
      if (known) return (await kysely.executeQuery(withValues(known, values))).rows
      const compiled = build(kysely).compile()
      // Only if they stand first and in this order is it safe to put others in their place.
      const isKept = values.every((value, at) => Object.is(value, compiled.parameters[at]))
      if (shape !== undefined && isKept && statements.size < MOST) statements.set(shape, compiled)
      return (await kysely.executeQuery(compiled)).rows
    },
  }
}

function withValues(compiled: CompiledQuery, values: readonly unknown[]): CompiledQuery {
  return { ...compiled, parameters: [...values, ...compiled.parameters.slice(values.length)] }
}

/** Everything about a query but the values it compares with; `undefined` if those change the statement itself. */
function shapeOf({ model, where, select, join, limit, offset, sortBy }: FindMany): string | undefined {
  let conditions = ''
  for (const part of where) {
    const comparison = comparisonOf(part)
    if (comparison === undefined) return undefined
    conditions += `${part.field} ${comparison} ${part.connector},`
  }
  return `${model}|${conditions}|${select}|${join}|${limit}|${offset}|${sortBy?.field} ${sortBy?.direction}`
}

/** How a value is compared with, as far as it makes the statement; `undefined` if the value itself does. */
function comparisonOf({ operator, value }: Where): string | undefined {
  if (Array.isArray(value)) {
    const isKept = operator === 'in' && KEPT_LENGTHS.includes(value.length) && !value.includes(null)
    return isKept ? `in${value.length}` : undefined
  }
  return value !== null && SIMPLE.has(operator) ? String(operator) : undefined
}

/** In the order of the statement: what must hold, then the alternatives. */
function valuesOf({ model, where }: FindMany, database: SqlDatabase): unknown[] {
  const { codec } = database.tableOf(model)
  const isAlternative = ({ connector }: Where) => connector === 'OR'
  const ordered = [...where.filter(part => !isAlternative(part)), ...where.filter(isAlternative)]
  return ordered.flatMap(({ field, value }) =>
    Array.isArray(value) ? value.map(item => codec.encodeValue(field, item)) : [codec.encodeValue(field, value)],
  )
}
