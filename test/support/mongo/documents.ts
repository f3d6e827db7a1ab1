import { engineOf } from '../../../src/adapters/mikro-orm/connection.ts'
import { openMongoOrm } from '../../../src/adapters/mikro-orm/mongo/driver.ts'
import { databaseName } from '../../../src/adapters/mikro-orm/mongo/orm.ts'
import type { Doc } from './wire.ts'

/** The driver's database, as far as tests look into it. */
interface DriverDb {
  collection(name: string): {
    find(filter?: Doc): { toArray(): Promise<Doc[]> }
    insertOne(document: Doc): Promise<unknown>
    insertMany(documents: Doc[]): Promise<unknown>
    indexes(): Promise<Doc[]>
    createIndex(key: Record<string, 1>, options: Doc): Promise<unknown>
  }
  dropDatabase(): Promise<unknown>
}

/** Runs `work` on a database as its driver shows it, beside any adapter. */
export async function withDocuments<T>(url: string, work: (db: DriverDb) => Promise<T>): Promise<T> {
  const orm = await openMongoOrm({ url, dbName: databaseName(url) }, engineOf(url), {})
  try {
    await orm.connect()
    return await work((orm.driver.getConnection() as unknown as { getDb(): DriverDb }).getDb())
  } finally {
    await orm.close(true)
  }
}
