import type { Schema } from '../../../../entities/index.ts'
import type { AdapterMethods } from '../../contract.ts'
import { createCollections } from './create-schema.ts'
import { createMongoDatabase } from './database.ts'
import type { MongoOrm } from './driver-types.ts'
import { mongoReads } from './reads.ts'
import { mongoWrites } from './writes.ts'

/** The adapter over a MongoDB database that MikroORM is connected to. */
export function createMongoAdapter(orm: MongoOrm, schema: Schema): AdapterMethods {
  const database = createMongoDatabase(orm, schema)
  return {
    id: 'mongodb',
    ...mongoReads(database),
    ...mongoWrites(database),
    transaction: database.transaction,
    createSchema: () => createCollections(database),
    close: () => orm.close(true),
  }
}
