import { setImmediate } from 'node:timers'
import type { Adapter, FindOne, Row, Where } from '../contract.ts'
import type { SqlDatabase } from './sql-database.ts'

/** The values of one statement; what is more begins another. */
const MOST = 64

interface Group {
  values: Set<string>
  /** The row of each value, `null` where there is none; values that are not in it have to be asked for alone. */
  rows: Promise<Map<string, Row | null>>
}

/**
 * `findOne` that asks for several rows at once: requests that the same turn of the event loop has read from their sockets
 * look their sessions up by one statement instead of one each. Nothing waits for others to come: a look-up that is
 * alone in its turn is asked as it is.
 *
 * For rows that one text names, such as a session by its token. Within a transaction each call asks for itself.
 */
export function gatherLookups(database: SqlDatabase, findMany: Adapter['findMany']): Adapter['findOne'] {
  const open = new Map<string, Group>()
  const askAlone = async (query: FindOne) => (await findMany({ ...query, limit: 1 }))[0] ?? null

  const begin = (query: FindOne, field: string, close: () => void): Group => {
    const values = new Set<string>()
    const rows = new Promise(setImmediate).then(async () => {
      close()
      const [only, ...others] = values
      if (only !== undefined && others.length === 0) return new Map([[only, await askAlone(query)]])
      // Whose value the database refuses is told apart by asking for each alone.
      return askTogether(findMany, { ...query, field, values: [...values] }).catch(() => new Map())
    })
    return { values, rows }
  }

  return async query => {
    const named = namedRow(query, database)
    if (!named || database.isInTransaction()) return askAlone(query)
    const { field, value } = named
    const shape = `${query.model}|${field}|${query.select}|${query.join}`
    let group = open.get(shape)
    if (!group || group.values.size === MOST) {
      const begun = begin(query, field, () => open.get(shape) === begun && open.delete(shape))
      group = begun
      open.set(shape, group)
    }
    group.values.add(value)
    const row = (await group.rows).get(value)
    if (row === undefined) return askAlone(query)
    return row && copyOf(row, query.join)
  }
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

/** To the next power of two, so that a few statements serve every number of values. */
function padded(values: readonly string[]): string[] {
  const length = 2 ** Math.ceil(Math.log2(values.length))
  return Array.from({ length }, (_, index) => values[index] ?? (values[0] as string))
}

/** Two calls that asked for the same row may each change theirs. */
function copyOf(row: Row, join: string | undefined): Row {
  const other = join ? row[join] : undefined
  if (join && other) return { ...row, [join]: Array.isArray(other) ? [...other] : { ...other } }
  return { ...row }
}
