import type { Orm } from '../adapters/mikro-orm/driver.ts'
import type { LoadedAuth } from './load-app.ts'

/** The SQL database of an instance. */
export interface SqlDatabase {
  orm: Orm
  engine: string
}

/** The SQL database that an instance stores in; `undefined` for MongoDB, memory and adapters without MikroORM. */
export async function sqlDatabaseOf({ context: { adapter } }: LoadedAuth): Promise<SqlDatabase | undefined> {
  const orm = (await adapter.orm?.()) as Orm | undefined
  if (!orm || !('getConnection' in orm.driver) || orm.driver.getPlatform().constructor.name.startsWith('Mongo')) return
  return { orm, engine: adapter.id }
}

/** Where the database is, without the user, the password and the parameters that its URL may have. */
export async function databaseAddress({ context: { adapter } }: LoadedAuth): Promise<string | undefined> {
  const orm = (await adapter.orm?.()) as Orm | undefined
  if (!orm) return undefined
  const url = orm.config.get('clientUrl')
  if (typeof url !== 'string' || !URL.canParse(url)) return `${orm.config.get('dbName') ?? ''}` || undefined
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname}`
}
