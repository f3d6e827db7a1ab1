// What Node says when nothing answers at the other end, or it hangs up.
const NETWORK = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EPIPE'],
  ...['EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN'],
])
// PostgreSQL: connection exceptions, insufficient resources, and a server that starts or stops.
const POSTGRESQL = /^(08|53)[0-9A-Z]{3}$|^57P0[1-4]$/
// MySQL and MariaDB: too many connections, server shutting down, connection killed or lost.
const MYSQL = new Set([1040, 1053, 1203, 1927, 2002, 2003, 2006, 2013])
// SQLite: busy, locked, out of space, I/O error, cannot open.
const SQLITE = new Set([5, 6, 10, 13, 14])
// MongoDB: a primary that stepped down, shuts down or is not there yet.
const MONGODB = new Set([91, 189, 10_107, 11_600, 11_602, 13_435, 13_436])
// What has a name for it: the adapter, MikroORM, MongoDB's driver and ioredis.
const NAMES =
  /^(SchemaOutOfDate|ConnectionException|Mongo(Network|NetworkTimeout|ServerSelection|NotConnected|TopologyClosed|PoolCleared|PoolClosed|WaitQueueTimeout|ServerClosed)Error|PoolClearedError|MaxRetriesPerRequestError|ClusterAllFailedError)$/
// Drivers that say it in words only: pg, mysql2, ioredis and Redis itself.
const WORDS =
  /^(Connection terminated|timeout exceeded when trying to connect|Cannot use a pool after calling end|Can't add new command when connection is in closed state|Connection lost|Pool is closed|Connection is closed|Stream isn't writeable|(LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|READONLY) )/

interface DriverError {
  code?: unknown
  errno?: unknown
  errcode?: unknown
  fatal?: unknown
}

/**
 * Whether something failed because the database or the storage cannot be reached or used just now, as opposed to a
 * mistake in what it was asked. Looks through everything an error was caused by.
 */
export function isUnavailable(thrown: unknown): boolean {
  const seen = new Set<unknown>()
  const queue = [thrown]
  for (const error of queue) {
    if (!(error instanceof Error) || seen.has(error)) continue
    seen.add(error)
    if (says(error)) return true
    queue.push(error.cause, ...(error instanceof AggregateError ? error.errors : []))
  }
  return false
}

function says(error: Error & DriverError): boolean {
  const { code, errno, errcode, name, message } = error
  if (NAMES.test(name) || WORDS.test(message)) return true
  if (typeof code === 'string') {
    if (NETWORK.has(code) || code === 'PROTOCOL_CONNECTION_LOST') return true
    if (POSTGRESQL.test(code)) return true
  }
  if (typeof errcode === 'number') return SQLITE.has(errcode & 0xff)
  if (typeof errno === 'number' && MYSQL.has(errno)) return true
  return name.startsWith('Mongo') && typeof code === 'number' && MONGODB.has(code)
}
