import type { Where } from '../../contract.ts'
import type { MongoCodec } from './codec.ts'
import type { Document } from './driver-types.ts'

/** MongoDB refuses longer regular expressions (`kMaxPatternSize`, in bytes); a character has at most three, escaped. */
const MAX_PATTERN_LENGTH = 10_000

const NOTHING: Document = { _id: { $in: [] } }

/**
 * The filter of a query: every `AND` part, and at least one of the `OR` parts if there are any. Every value stands
 * behind an operator, so none is taken for one.
 */
export function filterOf(codec: MongoCodec, where: readonly Where[]): Document {
  const one = (part: Where) => comparison(codec, part)
  const all = where.filter(({ connector }) => connector !== 'OR').map(one)
  const any = where.filter(({ connector }) => connector === 'OR').map(one)
  const parts = any.length > 0 ? [...all, { $or: any }] : all
  return parts.length > 1 ? { $and: parts } : (parts[0] ?? {})
}

function comparison(codec: MongoCodec, { field, value, operator = 'eq' }: Where): Document {
  const column = codec.column(field)
  if (value === null) {
    if (operator === 'eq' || operator === 'ne') return { [column]: { [`$${operator}`]: null } }
    return NOTHING
  }
  if (Array.isArray(value)) {
    const list = value.map(item => (item === null ? null : codec.encodeScalar(field, item)))
    // Rows without a value are in a list with null only, and never outside of one.
    return { [column]: operator === 'not_in' ? { $nin: [...list, null] } : { $in: list } }
  }
  const bound = codec.encodeScalar(field, value)
  switch (operator) {
    case 'ne':
      return { [column]: { $nin: [bound, null] } }
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return { [column]: { [`$${operator}`]: bound } }
    case 'contains':
      return { $expr: { $gte: [positionIn(column, bound), 0] } }
    case 'starts_with':
      return { $expr: { $eq: [positionIn(column, bound), 0] } }
    case 'ends_with':
      return endsWith(column, String(bound))
    case 'ilike_eq':
      return equalsAnyCase(column, String(bound))
    default:
      return { [column]: { $eq: bound } }
  }
}

// Functions on text, not regular expressions: those take no NUL and have a largest length. Null has no position.
function positionIn(column: string, text: unknown): Document {
  return { $indexOfBytes: [`$${column}`, { $literal: text }] }
}

function endsWith(column: string, text: string): Document {
  const length = [...text].length
  // `$and` promises no order, and `$strLenCP` refuses null.
  const stored = { $ifNull: [`$${column}`, ''] }
  const start = { $max: [0, { $subtract: [{ $strLenCP: stored }, length] }] }
  const ending = { $substrCP: [stored, start, length] }
  return { $and: [{ [column]: { $ne: null } }, { $expr: { $eq: [ending, { $literal: text }] } }] }
}

function equalsAnyCase(column: string, text: string): Document {
  if (text.length > MAX_PATTERN_LENGTH || text.includes('\0')) {
    // Knows the case of ASCII letters only.
    return { $expr: { $eq: [{ $toLower: `$${column}` }, { $toLower: { $literal: text } }] } }
  }
  const escaped = text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  // `$` would also match before a line feed at the end.
  return { [column]: { $regex: `^${escaped}(?![\\s\\S])`, $options: 'i' } }
}
