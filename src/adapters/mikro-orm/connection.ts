import { createRequire } from 'node:module'

/**
 * Any `MikroORM`. Its own type is not named: the compiler would read MikroORM's declarations, and Kysely's, for every
 * application, also for one that has no `MikroORM` of its own.
 */
export interface MikroOrm {
  em: object
  driver: object
  close(force?: boolean): Promise<void>
}

/** A connection by URL, with a pool of at most `pool` connections (not for SQLite, which has one). */
export interface ConnectionOptions {
  /**
   * `sqlite:app.db`, `sqlite::memory:`, `postgresql://user:password@host:5432/database`, `mysql://`,
   * `mariadb://`, `mongodb://` or `mongodb+srv://`.
   */
  url?: string
  /** Largest number of connections; default 10. */
  pool?: number
  /**
   * PostgreSQL only: each connection prepares the queries it repeats, and PostgreSQL plans them once. Not where a pooler
   * hands out connections by transaction and knows nothing of prepared statements. Default false.
   */
  preparedStatements?: boolean
}

/** A database engine, and the package that has MikroORM's driver for it. */
export interface Engine {
  id: string
  driver: string
}

const POSTGRESQL: Engine = { id: 'postgresql', driver: '@mikro-orm/postgresql' }
const MONGODB: Engine = { id: 'mongodb', driver: '@mikro-orm/mongodb' }

/** By the scheme of the URL. */
const ENGINES = new Map<string, Engine>([
  ['sqlite', { id: 'sqlite', driver: '@mikro-orm/sql' }],
  ['postgresql', POSTGRESQL],
  ['postgres', POSTGRESQL],
  ['mysql', { id: 'mysql', driver: '@mikro-orm/mysql' }],
  ['mariadb', { id: 'mariadb', driver: '@mikro-orm/mariadb' }],
  ['mongodb', MONGODB],
  ['mongodb+srv', MONGODB],
])

/**
 * The engine that a URL names. Its driver is an optional peer, but for SQLite's; whether it is there is said at once,
 * and it is loaded when it is needed.
 * @throws when the URL's scheme has no driver, or the driver's package is not installed
 */
export function engineOf(url: string): Engine {
  const scheme = url.slice(0, url.indexOf(':'))
  const engine = ENGINES.get(scheme)
  if (!engine) {
    throw new Error(
      `mikroOrmAdapter: no driver for "${scheme}:"; use sqlite:, postgresql:, mysql:, mariadb: or mongodb:`,
    )
  }
  // Its package comes with ours; a bundle has it without there being one to find.
  if (engine.id === 'sqlite') return engine
  try {
    createRequire(import.meta.url).resolve(engine.driver)
  } catch (cause) {
    throw new Error(`mikroOrmAdapter: install "${engine.driver}" to use this database`, { cause })
  }
  return engine
}
