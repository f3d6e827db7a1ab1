import type { Expression, ExpressionBuilder, SqlBool } from 'kysely'
import type { Where } from '../contract.ts'
import type { Codec } from './codec.ts'
import type { Dialect } from './dialect.ts'

// Tables are known at run time only, so the query builder's own table types cannot help here.
type Tables = Record<string, Record<string, unknown>>
type Builder = ExpressionBuilder<Tables, string>

/**
 * The condition of a query: every `AND` part, and at least one of the `OR` parts if there are any.
 * Text operators compare exactly; they are functions, not LIKE patterns, so `%` and `_` mean themselves.
 * @param table prefix for column names, for queries that join
 */
export function condition(
  { where, codec, table }: { where: readonly Where[]; codec: Codec; table: string },
  dialect: Dialect,
): (eb: Builder) => Expression<SqlBool> {
  return eb => {
    const one = (part: Where) => comparison(eb, part, { codec, table, dialect })
    const all = where.filter(({ connector }) => connector !== 'OR').map(one)
    const any = where.filter(({ connector }) => connector === 'OR').map(one)
    return eb.and(any.length > 0 ? [...all, eb.or(any)] : all)
  }
}

function comparison(
  eb: Builder,
  { field, value, operator = 'eq' }: Where,
  { codec, table, dialect }: { codec: Codec; table: string; dialect: Dialect },
): Expression<SqlBool> {
  const column = eb.ref(`${table}.${codec.column(field)}`)
  if (value === null) {
    if (operator === 'eq') return eb(column, 'is', null)
    return operator === 'ne' ? eb(column, 'is not', null) : nothing(eb)
  }
  if (Array.isArray(value))
    return membership(eb, column, { list: value.map(item => codec.encodeValue(field, item)), operator })
  const bound = eb.val(codec.encodeValue(field, value))
  switch (operator) {
    case 'ne':
      return eb(column, '!=', bound)
    case 'lt':
      return eb(column, '<', bound)
    case 'lte':
      return eb(column, '<=', bound)
    case 'gt':
      return eb(column, '>', bound)
    case 'gte':
      return eb(column, '>=', bound)
    case 'contains':
      return eb(eb.fn(dialect.position, [column, bound]), '>', 0)
    case 'starts_with':
      return eb(eb.fn('substr', [column, eb.val(1), eb.fn(dialect.length, [bound])]), '=', bound)
    case 'ends_with': {
      const start = eb(eb(eb.fn<number>(dialect.length, [column]), '-', eb.fn<number>(dialect.length, [bound])), '+', 1)
      return eb(eb.fn('substr', [column, start]), '=', bound)
    }
    case 'ilike_eq':
      return eb(eb.fn('lower', [column]), '=', eb.fn('lower', [bound]))
    default:
      return eb(column, '=', bound)
  }
}

/** Null in a list of SQL would make every comparison with it unknown, and `in ()` is not SQL. */
function membership(
  eb: Builder,
  column: Expression<unknown>,
  { list, operator }: { list: readonly unknown[]; operator: Where['operator'] },
): Expression<SqlBool> {
  const values = list.filter(value => value !== null)
  if (operator === 'not_in') return values.length > 0 ? eb(column, 'not in', values) : eb(column, 'is not', null)
  const isOne = values.length > 0 ? eb(column, 'in', values) : nothing(eb)
  return values.length < list.length ? eb.or([isOne, eb(column, 'is', null)]) : isOne
}

function nothing(eb: Builder): Expression<SqlBool> {
  return eb(eb.val(1), '=', 0)
}
