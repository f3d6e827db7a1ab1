import { type Schema, toEntities } from '../../../entities/index.ts'
import { completeAdapter } from '../complete.ts'
import type { Database } from '../contract.ts'
import { type ConnectionOptions, createOrm, type Orm } from './driver.ts'
import { createMongoAdapter } from './mongo/adapter.ts'
import type { MongoOrm } from './mongo/driver-types.ts'
import { createMongoOrm, isMongoOrm, isMongoUrl, mongoEntities } from './mongo/orm.ts'
import { createSqlAdapter } from './sql-adapter.ts'

export type { ConnectionOptions, Orm } from './driver.ts'
export type { MongoOrm } from './mongo/driver-types.ts'
export { mongoEntities } from './mongo/orm.ts'

/**
 * Stores everything through MikroORM 7.
 * @param connection a URL (default: the file `kernia.db`, SQLite), or the application's own `MikroORM`
 *   whose `entities` include those of `auth.entities` (on MongoDB: of `mongoEntities`); it then stays the application's
 *   to close
 */
export function mikroOrmAdapter(connection: ConnectionOptions | Orm | MongoOrm = {}): Database {
  return {
    connect: schema => {
      if (isOrm(connection)) return completeAdapter({ ...adapterOf(connection, schema), close: async () => undefined })
      const orm = isMongoUrl(connection.url)
        ? createMongoOrm(connection, Object.values(mongoEntities(schema)))
        : createOrm(connection, Object.values(toEntities(schema)))
      return completeAdapter(adapterOf(orm, schema))
    },
  }
}

function adapterOf(orm: Orm | MongoOrm, schema: Schema) {
  return isMongoOrm(orm) ? createMongoAdapter(orm, schema) : createSqlAdapter(orm, schema)
}

function isOrm(connection: ConnectionOptions | Orm | MongoOrm): connection is Orm | MongoOrm {
  return 'em' in connection && 'driver' in connection
}
