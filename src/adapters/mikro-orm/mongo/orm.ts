import type { EntitySchema } from '@mikro-orm/core'
import { type Schema, toEntities } from '../../../../entities/index.ts'
import { type ConnectionOptions, load, type Orm } from '../driver.ts'
import type { MongoOrm } from './driver-types.ts'

/** Whether a URL names a MongoDB database. */
export function isMongoUrl(url: string | undefined): url is string {
  return /^mongodb(\+srv)?:/.test(url ?? '')
}

/** Whether an ORM runs on MongoDB. */
export function isMongoOrm(orm: Orm | MongoOrm): orm is MongoOrm {
  return orm.driver.getPlatform().constructor.name === 'MongoPlatform'
}

/**
 * The MikroORM entities for an application's own `MikroORM` on MongoDB, where the primary key is stored as `_id`.
 * @param schema `auth.context.schema`
 */
export function mongoEntities(schema: Schema): Record<string, EntitySchema> {
  return toEntities(schema, '_id')
}

/**
 * Opens an ORM of our own for `entities`.
 * @throws when the URL names no database, or `@mikro-orm/mongodb` is not installed
 */
export function createMongoOrm({ url = '', pool = 10 }: ConnectionOptions, entities: EntitySchema[]): MongoOrm {
  // Not `new URL`: the hosts of a replica set stand there with commas between them.
  const dbName = /^[^:]+:\/\/[^/?]+\/([^/?]+)/.exec(url)?.[1]
  if (!dbName) throw new Error('mikroOrmAdapter: the URL must name a database: mongodb://host:27017/database')
  const { MikroORM } = load('@mikro-orm/mongodb') as { MikroORM: new (options: object) => MongoOrm }
  return new MikroORM({
    entities,
    metadataCache: { enabled: false },
    discovery: { warnWhenNoEntities: false },
    clientUrl: url,
    dbName: decodeURIComponent(dbName),
    pool: { min: 0, max: pool },
  })
}
