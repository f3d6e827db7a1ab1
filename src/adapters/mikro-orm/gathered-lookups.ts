import { setImmediate } from 'node:timers'
import type { Adapter, FindOne, Row, Where } from '../contract.ts'
import { KEPT_LENGTHS } from './lookups.ts'
import type { SqlDatabase } from './sql-database.ts'

/** The values of one statement; what is more begins another. */
const MOST = Math.max(...KEPT_LENGTHS)

/** Look-ups that differ in the value only. */
interface Kind {
  /** Whether several came in one turn of the event loop lately. */
  isCrowded: boolean
  /** Whether one has come in this turn. */
  isAsked: boolean
  /** The look-ups of this turn, if they are gathered. */
  group?: Group
}

interface Group {
  values: Set<string>
  /** The row of each value, `null` where there is none; values that are not in it have to be asked for alone. */
  rows: Promise<Map<string, Row | null>>
}

/**
 * `findOne` that asks for several rows at once: where requests come several at a time, those that one turn of the event loop
 * has read from their sockets look their sessions up by one statement instead of one each. Where they come one by
 * one, each is asked for at once.
 *
 * For rows that one text names, such as a session by its token. Within a transaction each call asks for itself.
 */
export function gatherLookups(database: SqlDatabase, findMany: Adapter['findMany']): Adapter['findOne'] {
  const kinds = new Map<string, Kind>()
  const askAlone = async (query: FindOne) => (await findMany({ ...query, limit: 1 }))[0] ?? null

  const kindOf = ({ model, select, join }: FindOne, field: string): Kind => {
    const name = `${model}|${field}|${select}|${join}`
    const kind = kinds.get(name) ?? { isCrowded: false, isAsked: false }
    kinds.set(name, kind)
    return kind
  }

  const begin = (kind: Kind, query: FindOne, field: string): Group => {
    const values = new Set<string>()
    const rows = new Promise(setImmediate).then(async () => {
      if (kind.group === group) kind.group = undefined
      kind.isCrowded = values.size > 1
      const [only] = values
      if (only !== undefined && values.size === 1) return new Map([[only, await askAlone(query)]])
      // Whose value the database refuses is told apart by asking for each alone.
      return askTogether(findMany, { ...query, field, values: [...values] }).catch(() => new Map())
    })
    const group = { values, rows }
    return group
  }

  return async query => {
    const named = namedRow(query, database)
    if (!named || database.isInTransaction()) return askAlone(query)
    const { field, value } = named
    const kind = kindOf(query, field)
    if (!kind.isCrowded) {
      noticeCrowd(kind)
      return askAlone(query)
    }
    if (!kind.group || kind.group.values.size === MOST) kind.group = begin(kind, query, field)
    const { values, rows } = kind.group
    values.add(value)
    const row = (await rows).get(value)
    if (row === undefined) return askAlone(query)
    return row && copyOf(row, query.join)
  }
}

function noticeCrowd(kind: Kind): void {
  kind.isCrowded = kind.isAsked
  if (kind.isAsked) return
  kind.isAsked = true
  setImmediate(() => {
    kind.isAsked = false
  })
}

/** The field and the text by which a query names its row; `undefined` for any other query. */
function namedRow(
  { model, where, select }: FindOne,
  { schema }: SqlDatabase,
): { field: string; value: string } | undefined {
  const [{ field, value, operator = 'eq' } = none, ...more] = where
  // Rows that come without the field could not be told apart.
  if (typeof value !== 'string' || operator !== 'eq' || more.length > 0 || select?.includes(field) === false) return
  const { fields, ids } = schema[model] ?? {}
  const { unique, type } = fields?.[field] ?? {}
  const isName = field === 'id' ? ids !== 'serial' : unique && type === 'string'
  return isName ? { field, value } : undefined
}

const none: Where = { field: '', value: null }

async function askTogether(
  findMany: Adapter['findMany'],
  { field, values, ...query }: FindOne & { field: string; values: readonly string[] },
): Promise<Map<string, Row | null>> {
  const where = [{ field, value: padded(values), operator: 'in' as const }]
  const found = await findMany({ ...query, where, limit: MOST })
  const rows = new Map<string, Row | null>(found.map(row => [row[field] as string, row]))
  const missing = values.filter(value => !rows.has(value))
  // A column that compares regardless of case gives rows under other names; whose they are is for the database to say.
  const isExact = rows.size === values.length - missing.length
  if (isExact) for (const value of missing) rows.set(value, null)
  return rows
}

/** To a length of which the statement is kept. */
function padded(values: readonly string[]): string[] {
  const length = KEPT_LENGTHS.find(kept => kept >= values.length) ?? MOST
  return Array.from({ length }, (_, index) => values[index] ?? (values[0] as string))
}

/** Two calls that asked for the same row may each change theirs. */
function copyOf(row: Row, join: string | undefined): Row {
  const other = join ? row[join] : undefined
  if (join && other) return { ...row, [join]: Array.isArray(other) ? [...other] : { ...other } }
  return { ...row }
}
