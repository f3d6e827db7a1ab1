import type { Schema } from '../../../entities/index.ts'
import { completeAdapter } from '../complete.ts'
import type { Adapter, Database } from '../contract.ts'
import { type ConnectionOptions, engineOf, type MikroOrm } from './connection.ts'
import { deferAdapter, openLater } from './deferred-adapter.ts'
import type { Orm } from './driver.ts'
import { assertNoCountedIds, createMongoAdapter } from './mongo/adapter.ts'
import type { MongoOrm } from './mongo/driver-types.ts'
import { databaseName, isMongoOrm } from './mongo/orm.ts'
import { createSqlAdapter } from './sql-adapter.ts'

export type { ConnectionOptions, MikroOrm } from './connection.ts'
export { mongoEntities } from './entities.ts'

/** An application's own `MikroORM` that is made after `init`, from `auth.entities`. */
export interface OwnOrm {
  /** Gives it; called once, when Kernia first needs the database. */
  orm: () => MikroOrm
}

/**
 * Stores everything through MikroORM 7.
 * @param connection a URL (default: the file `kernia.db`, SQLite), or the application's own `MikroORM`
 *   whose `entities` include those of `auth.entities` (on MongoDB: of `mongoEntities`), or `{ orm: () => orm }` for
 *   one that is made after `init`; it then stays the application's to close
 */
export function mikroOrmAdapter(connection: ConnectionOptions | MikroOrm | OwnOrm = {}): Database {
  return {
    connect: schema => {
      if (isOrm(connection)) return applications(connection, schema)
      if ('orm' in connection) return deferAdapter(() => applications(ormOf(connection), schema))
      return ours(connection, schema)
    },
  }
}

/** What makes no sense is refused here; MikroORM itself, which takes long to load, is loaded by the first use. */
function ours({ url = 'sqlite:kernia.db', ...settings }: ConnectionOptions, schema: Schema): Adapter {
  const engine = engineOf(url)
  if (engine.id !== 'mongodb') {
    return openLater(engine.id, async () => {
      const { openOrm } = await import('./driver.ts')
      return completeAdapter(createSqlAdapter(await openOrm({ url, ...settings }, engine, schema), schema))
    })
  }
  const dbName = databaseName(url)
  assertNoCountedIds(schema)
  return openLater(engine.id, async () => {
    const { openMongoOrm } = await import('./mongo/driver.ts')
    return completeAdapter(
      createMongoAdapter(await openMongoOrm({ url, pool: settings.pool, dbName }, engine, schema), schema),
    )
  })
}

function applications(given: MikroOrm, schema: Schema): Adapter {
  // Which driver it has is looked at when it is used.
  const orm = given as Orm | MongoOrm
  const adapter = isMongoOrm(orm) ? createMongoAdapter(orm, schema) : createSqlAdapter(orm, schema)
  return completeAdapter({ ...adapter, close: async () => undefined })
}

function isOrm(connection: ConnectionOptions | MikroOrm | OwnOrm): connection is MikroOrm {
  return 'em' in connection && 'driver' in connection
}

/**
 * @throws when the application has not made it yet
 */
function ormOf({ orm }: OwnOrm): MikroOrm {
  const given = orm()
  if (!given) throw new Error('mikroOrmAdapter: `orm` gave no MikroORM: make it before the first request')
  return given
}
