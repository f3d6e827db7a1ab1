import { createRequire } from 'node:module'
import type { EntitySchema } from '@mikro-orm/core'
import type { MikroORM as SqlMikroORM } from '@mikro-orm/sql'
import { MikroORM, type NodeSqliteDialect, SqliteDriver } from '@mikro-orm/sql'
import { nodeSqliteDialect } from './sqlite-dialect.ts'

// Text compares byte by byte, as on every other engine: not regardless of case, accents or spaces at the end.
const BINARY_COLLATION = { mysql: 'utf8mb4_0900_bin', mariadb: 'utf8mb4_nopad_bin' }

/** The ORM type this adapter works with: any SQL driver of MikroORM 7. */
export type Orm = SqlMikroORM

/** A connection by URL, with a pool of at most `pool` connections (not for SQLite, which has one). */
export interface ConnectionOptions {
  /**
   * `sqlite:app.db`, `sqlite::memory:`, `postgresql://user:password@host:5432/database`, `mysql://`,
   * `mariadb://`, `mongodb://` or `mongodb+srv://`.
   */
  url?: string
  /** Largest number of connections; default 10. */
  pool?: number
}

/**
 * Opens an ORM of our own for `entities`. The driver packages are optional peers and loaded only when asked for.
 * @throws when the URL's scheme has no driver or the driver's package is not installed
 */
export function createOrm({ url = 'sqlite:kernia.db', pool = 10 }: ConnectionOptions, entities: EntitySchema[]): Orm {
  const scheme = url.slice(0, url.indexOf(':'))
  const common = { entities, metadataCache: { enabled: false }, discovery: { warnWhenNoEntities: false } }
  switch (scheme) {
    case 'sqlite': {
      const path = url.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '')
      // `driverOptions` takes any Kysely dialect; its declared type names MikroORM's own one.
      const driverOptions = nodeSqliteDialect(path) as unknown as NodeSqliteDialect
      return new MikroORM({ ...common, driver: SqliteDriver, dbName: path, driverOptions }) as unknown as Orm
    }
    case 'postgres':
    case 'postgresql': {
      const { PostgreSqlDriver } = load('@mikro-orm/postgresql') as { PostgreSqlDriver: typeof SqliteDriver }
      const options = { ...common, driver: PostgreSqlDriver, clientUrl: url, pool: { min: 0, max: pool } }
      return new MikroORM(options) as unknown as Orm
    }
    case 'mysql':
    case 'mariadb': {
      const name = scheme === 'mysql' ? 'MySqlDriver' : 'MariaDbDriver'
      const driver = (load(`@mikro-orm/${scheme}`) as Record<string, typeof SqliteDriver>)[name]
      const options = {
        charset: 'utf8mb4',
        collate: BINARY_COLLATION[scheme],
        timezone: 'Z',
        pool: { min: 0, max: pool },
      }
      return new MikroORM({ ...common, ...options, driver, clientUrl: url }) as unknown as Orm
    }
    default:
      throw new Error(
        `mikroOrmAdapter: no driver for "${scheme}:"; use sqlite:, postgresql:, mysql:, mariadb: or mongodb:`,
      )
  }
}

/**
 * Loads the package of a driver, which is an optional peer.
 * @throws when it is not installed
 */
export function load(packageName: string): unknown {
  try {
    return createRequire(import.meta.url)(packageName)
  } catch (cause) {
    throw new Error(`mikroOrmAdapter: install "${packageName}" to use this database`, { cause })
  }
}
