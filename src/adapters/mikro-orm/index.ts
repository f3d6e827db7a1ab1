import { toEntities } from '../../../entities/index.ts'
import { completeAdapter } from '../complete.ts'
import type { Database } from '../contract.ts'
import { type ConnectionOptions, createOrm, type Orm } from './driver.ts'
import { createSqlAdapter } from './sql-adapter.ts'

export type { ConnectionOptions, Orm } from './driver.ts'

/**
 * Stores everything through MikroORM 7.
 * @param connection a URL (default: the file `kernia.db`, SQLite), or the application's own `MikroORM`
 *   whose `entities` include those of `auth.entities`; it then stays the application's to close
 */
export function mikroOrmAdapter(connection: ConnectionOptions | Orm = {}): Database {
  return {
    connect: schema => {
      if (isOrm(connection))
        return completeAdapter({ ...createSqlAdapter(connection, schema), close: async () => undefined })
      return completeAdapter(createSqlAdapter(createOrm(connection, Object.values(toEntities(schema))), schema))
    },
  }
}

function isOrm(connection: ConnectionOptions | Orm): connection is Orm {
  return 'em' in connection && 'driver' in connection
}
