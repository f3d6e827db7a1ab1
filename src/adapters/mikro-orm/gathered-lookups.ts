import { setImmediate } from 'node:timers'
import { isUnavailable } from '../../unavailable.ts'
import type { Adapter, FindMany, FindOne, Row, Where } from '../contract.ts'
import { KEPT_LENGTHS } from './lookups.ts'
import type { SqlDatabase } from './sql-database.ts'

/** The look-ups of one statement; what is more begins another. */
const MOST = Math.max(...KEPT_LENGTHS)

/** Look-ups that differ in the value only. */
interface Kind {
  /** Those of this turn of the event loop. */
  calls: number
  /** Whether several came in this turn, or in the last one that had any. */
  isCrowded: boolean
  /** What is gathered in this turn. */
  group?: Group | undefined
}

interface Group {
  /** A value for each call. */
  values: string[]
  /** A row for each of them; `undefined` where it has to be asked for alone. */
  rows: Promise<readonly (Row | null | undefined)[]>
}

/**
 * `findOne` that asks for several rows at once: where requests come several at a time, those that one turn of the event loop
 * has read from their sockets look their sessions up by one statement instead of one each. Where they come one by
 * one, each is asked for at once.
 *
 * For rows that one text names, such as a session by its token. Within a transaction each call asks for itself, and what
 * is gathered is asked for before one begins: its work may wait for a row that was asked for earlier, and hold the only
 * connection.
 */
export function gatherLookups(database: SqlDatabase, findMany: Adapter['findMany']): Adapter['findOne'] {
  const kinds = new Map<string, Kind>()
  const pending = new Set<Group['rows']>()
  const askAlone = async (query: FindOne) => (await findMany({ ...query, limit: 1 }))[0] ?? null
  database.beforeTransactions(() => Promise.allSettled(pending))

  const kindOf = ({ model, select, join }: FindOne, field: string): Kind => {
    const name = `${model}|${field}|${select}|${join}`
    const known = kinds.get(name)
    if (known) return known
    const kind = { calls: 0, isCrowded: false }
    kinds.set(name, kind)
    return kind
  }

  const begin = (kind: Kind, query: FindOne, field: string): Group => {
    const values: string[] = []
    const rows: Group['rows'] = new Promise(setImmediate).then(() => {
      if (kind.group?.rows === rows) kind.group = undefined
      // Not in the transaction that whoever came first may have begun meanwhile.
      return database.apart(() => askTogether(findMany, { ...query, field, values }))
    })
    pending.add(rows)
    const forget = () => pending.delete(rows)
    rows.then(forget, forget)
    return { values, rows }
  }

  return async query => {
    const named = namedRow(query, database)
    if (!named || database.isInTransaction()) return askAlone(query)
    const { field, value } = named
    const kind = kindOf(query, field)
    countCall(kind)
    if (!kind.isCrowded) return askAlone(query)
    if (!kind.group || kind.group.values.length === MOST) kind.group = begin(kind, query, field)
    const { values, rows } = kind.group
    const index = values.push(value) - 1
    const row = (await rows)[index]
    return row === undefined ? askAlone(query) : row
  }
}

function countCall(kind: Kind): void {
  kind.calls += 1
  if (kind.calls > 1) kind.isCrowded = true
  else setImmediate(() => endTurn(kind))
}

function endTurn(kind: Kind): void {
  kind.isCrowded = kind.calls > 1
  kind.calls = 0
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
): Promise<(Row | null | undefined)[]> {
  const names = [...new Set(values)]
  const [only = ''] = names
  const asked: Pick<FindMany, 'where' | 'limit'> =
    names.length === 1
      ? { where: [{ field, value: only }], limit: 1 }
      : { where: [{ field, value: padded(names), operator: 'in' }], limit: MOST }
  try {
    return handOut(await findMany({ ...query, ...asked }), field, values)
  } catch (error) {
    if (isUnavailable(error)) throw error
    // Whose value the database refuses is told apart by asking for each alone.
    return []
  }
}

/** To each value its row. A row that several have asked for is copied, as each may change theirs. */
function handOut(found: readonly Row[], field: string, values: readonly string[]): (Row | null | undefined)[] {
  const rows = new Map(found.map(row => [row[field], row]))
  const given = new Set<Row>()
  return values.map(value => {
    const row = rows.get(value)
    // Which values are equal is for the database to say: a column may compare regardless of case.
    if (!row) return found.length === 0 ? null : undefined
    if (given.has(row)) return structuredClone(row)
    given.add(row)
    return row
  })
}

/** To a length of which the statement is kept. */
function padded(values: readonly string[]): string[] {
  const length = KEPT_LENGTHS.find(kept => kept >= values.length) ?? MOST
  return Array.from({ length }, (_, index) => values[index] ?? (values[0] as string))
}
