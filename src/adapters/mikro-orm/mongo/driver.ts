import * as mikroOrm from '@mikro-orm/core'
import type { Schema } from '../../../../entities/index.ts'
import { toEntities } from '../../../../entities/mikro-orm.ts'
import type { Engine } from '../connection.ts'
import type { MongoOrm } from './driver-types.ts'

/** Opens an ORM of our own. This module is imported when a database is first used, since MikroORM takes long to load. */
export async function openMongoOrm(
  { url, dbName, pool = 10 }: { url: string; dbName: string; pool?: number },
  { driver }: Engine,
  schema: Schema,
): Promise<MongoOrm> {
  const { MikroORM } = (await import(driver)) as { MikroORM: new (options: object) => MongoOrm }
  return new MikroORM({
    entities: Object.values(toEntities(mikroOrm, schema, '_id')),
    metadataCache: { enabled: false },
    discovery: { warnWhenNoEntities: false },
    clientUrl: url,
    dbName,
    pool: { min: 0, max: pool },
  })
}
