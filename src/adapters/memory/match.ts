import type { Row, Where } from '../contract.ts'

/** Whether a row meets all `AND` conditions and, if there are any, at least one of the `OR` conditions. */
export function matches(row: Row, where: readonly Where[]): boolean {
  const all = where.filter(({ connector }) => connector !== 'OR')
  const any = where.filter(({ connector }) => connector === 'OR')
  return (
    all.every(one => holds(row[one.field], one)) && (any.length === 0 || any.some(one => holds(row[one.field], one)))
  )
}

function holds(actual: unknown, { value, operator = 'eq' }: Where): boolean {
  const list = Array.isArray(value) ? value.map(comparable) : []
  if (operator === 'in') return list.includes(comparable(actual))
  if (operator === 'not_in') return actual !== null && actual !== undefined && !list.includes(comparable(actual))
  if (value === null || actual === null || actual === undefined) {
    const bothNull = value === null && (actual === null || actual === undefined)
    return operator === 'eq' ? bothNull : operator === 'ne' && value === null && !bothNull
  }
  const order = compare(actual, value)
  const text = String(actual)
  const wanted = String(value)
  switch (operator) {
    case 'eq':
      return order === 0
    case 'ne':
      return order !== 0
    case 'lt':
      return order < 0
    case 'lte':
      return order <= 0
    case 'gt':
      return order > 0
    case 'gte':
      return order >= 0
    case 'contains':
      return text.includes(wanted)
    case 'starts_with':
      return text.startsWith(wanted)
    case 'ends_with':
      return text.endsWith(wanted)
    case 'ilike_eq':
      return text.toLowerCase() === wanted.toLowerCase()
  }
}

/** Order of two values of one column; null comes first. */
export function compare(a: unknown, b: unknown): number {
  const [left, right] = [comparable(a), comparable(b)]
  if (left === right) return 0
  if (left === null) return -1
  if (right === null) return 1
  return left < right ? -1 : 1
}

function comparable(value: unknown): string | number | null {
  if (value === null || value === undefined) return null
  if (value instanceof Date) return value.getTime()
  if (typeof value === 'boolean') return value ? 1 : 0
  return typeof value === 'number' ? value : String(value)
}
