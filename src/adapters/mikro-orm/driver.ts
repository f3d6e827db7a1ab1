import * as mikroOrm from '@mikro-orm/core'
import type { MikroORM as SqlMikroORM } from '@mikro-orm/sql'
import { MikroORM, type NodeSqliteDialect, SqliteDriver } from '@mikro-orm/sql'
import type { Schema } from '../../../entities/index.ts'
import { toEntities } from '../../../entities/mikro-orm.ts'
import type { ConnectionOptions, Engine } from './connection.ts'
import { prepareSelects } from './prepared-selects.ts'
import { nodeSqliteDialect } from './sqlite-dialect.ts'

// Text compares byte by byte, as on every other engine: not regardless of case, accents or spaces at the end.
const BINARY_COLLATION: Record<string, string> = { mysql: 'utf8mb4_0900_bin', mariadb: 'utf8mb4_nopad_bin' }

/** The ORM type this adapter works with: any SQL driver of MikroORM 7. */
export type Orm = SqlMikroORM

/** Opens an ORM of our own. This module is imported when a database is first used, since MikroORM takes long to load. */
export async function openOrm(
  { url, pool = 10, preparedStatements }: ConnectionOptions & { url: string },
  { id, driver: driverPackage }: Engine,
  schema: Schema,
): Promise<Orm> {
  const entities = Object.values(toEntities(mikroOrm, schema))
  const common = { entities, metadataCache: { enabled: false }, discovery: { warnWhenNoEntities: false } }
  const open = (options: ConstructorParameters<typeof MikroORM>[0]) =>
    new MikroORM({ ...common, ...options }) as unknown as Orm
  if (id === 'sqlite') {
    const path = url.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '')
    // `driverOptions` takes any Kysely dialect; its declared type names MikroORM's own one.
    const driverOptions = nodeSqliteDialect(path) as unknown as NodeSqliteDialect
    return open({ driver: SqliteDriver, dbName: path, driverOptions })
  }
  const drivers = (await import(driverPackage)) as Record<string, typeof SqliteDriver>
  const connection = { clientUrl: url, pool: { min: 0, max: pool } }
  if (id === 'postgresql') {
    const driverOptions = preparedStatements ? { onPoolCreated: prepareSelects } : {}
    return open({ ...connection, driver: drivers.PostgreSqlDriver, driverOptions })
  }
  const driver = id === 'mysql' ? drivers.MySqlDriver : drivers.MariaDbDriver
  return open({ ...connection, driver, charset: 'utf8mb4', collate: BINARY_COLLATION[id], timezone: 'Z' })
}
