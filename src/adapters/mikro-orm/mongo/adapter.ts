import type { Schema } from '../../../../entities/index.ts'
import type { AdapterMethods } from '../../contract.ts'
import { createCollections } from './create-schema.ts'
import { createMongoDatabase } from './database.ts'
import type { MongoOrm } from './driver-types.ts'
import { mongoReads } from './reads.ts'
import { mongoWrites } from './writes.ts'

/**
 * The adapter over a MongoDB database that MikroORM is connected to.
 * @throws when ids are to be counted by the database
 */
export function createMongoAdapter(orm: MongoOrm, schema: Schema): AdapterMethods {
  assertNoCountedIds(schema)
  const database = createMongoDatabase(orm, schema)
  return {
    id: 'mongodb',
    orm: async () => orm,
    ...mongoReads(database),
    ...mongoWrites(database),
    transaction: database.transaction,
    afterOuterCommit: database.afterOuterCommit,
    createSchema: () => createCollections(database),
    close: () => orm.close(true),
  }
}

/**
 * @throws when ids are to be counted by the database
 */
export function assertNoCountedIds(schema: Schema): void {
  if (Object.values(schema).some(({ ids }) => ids === 'serial')) {
    throw new Error('MongoDB does not count ids: use another `advanced.database.generateId` than "serial"')
  }
}
