import type { Orm } from '../driver.ts'
import type { MongoOrm } from './driver-types.ts'

/** Whether an ORM runs on MongoDB. */
export function isMongoOrm(orm: Orm | MongoOrm): orm is MongoOrm {
  return orm.driver.getPlatform().constructor.name === 'MongoPlatform'
}

/**
 * The database that a URL names.
 * @throws when it names none
 */
export function databaseName(url: string): string {
  // Not `new URL`: the hosts of a replica set stand there with commas between them.
  const name = /^[^:]+:\/\/[^/?]+\/([^/?]+)/.exec(url)?.[1]
  if (!name) throw new Error('mikroOrmAdapter: the URL must name a database: mongodb://host:27017/database')
  return decodeURIComponent(name)
}
