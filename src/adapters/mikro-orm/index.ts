import { type Schema, toEntities } from '../../../entities/index.ts'
import { completeAdapter } from '../complete.ts'
import type { Adapter, Database } from '../contract.ts'
import { deferAdapter } from './deferred-adapter.ts'
import { type ConnectionOptions, createOrm, type Orm } from './driver.ts'
import { createMongoAdapter } from './mongo/adapter.ts'
import type { MongoOrm } from './mongo/driver-types.ts'
import { createMongoOrm, isMongoOrm, isMongoUrl, mongoEntities } from './mongo/orm.ts'
import { createSqlAdapter } from './sql-adapter.ts'

export type { ConnectionOptions, Orm } from './driver.ts'
export type { MongoOrm } from './mongo/driver-types.ts'
export { mongoEntities } from './mongo/orm.ts'

/** An application's own `MikroORM` that is made after `init`, from `auth.entities`. */
export interface OwnOrm {
  /** Gives it; called once, when Kernia first needs the database. */
  orm: () => Orm | MongoOrm
}

/**
 * Stores everything through MikroORM 7.
 * @param connection a URL (default: the file `kernia.db`, SQLite), or the application's own `MikroORM`
 *   whose `entities` include those of `auth.entities` (on MongoDB: of `mongoEntities`), or `{ orm: () => orm }` for
 *   one that is made after `init`; it then stays the application's to close
 */
export function mikroOrmAdapter(connection: ConnectionOptions | Orm | MongoOrm | OwnOrm = {}): Database {
  return {
    connect: schema => {
      if (isOrm(connection)) return applications(connection, schema)
      if ('orm' in connection) return deferAdapter(() => applications(ormOf(connection), schema))
      const orm = isMongoUrl(connection.url)
        ? createMongoOrm(connection, Object.values(mongoEntities(schema)))
        : createOrm(connection, Object.values(toEntities(schema)))
      return completeAdapter(adapterOf(orm, schema))
    },
  }
}

function applications(orm: Orm | MongoOrm, schema: Schema): Adapter {
  return completeAdapter({ ...adapterOf(orm, schema), close: async () => undefined })
}

function adapterOf(orm: Orm | MongoOrm, schema: Schema) {
  return isMongoOrm(orm) ? createMongoAdapter(orm, schema) : createSqlAdapter(orm, schema)
}

function isOrm(connection: ConnectionOptions | Orm | MongoOrm | OwnOrm): connection is Orm | MongoOrm {
  return 'em' in connection && 'driver' in connection
}

/**
 * @throws when the application has not made it yet
 */
function ormOf({ orm }: OwnOrm): Orm | MongoOrm {
  const given = orm()
  if (!given) throw new Error('mikroOrmAdapter: `orm` gave no MikroORM: make it before the first request')
  return given
}
