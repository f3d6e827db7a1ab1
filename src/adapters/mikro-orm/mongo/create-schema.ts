import { type Fields, uniqueGroups } from '../../../../entities/index.ts'
import type { MongoDatabase } from './database.ts'
import type { MongoError } from './driver-types.ts'

/**
 * Creates the collections and indexes of the schema, and gives rows that were there before a new required field its
 * default. The indexes are those that MikroORM's schema generator makes of the same entities, and one for each
 * reference. Nothing is dropped, and it is not part of a transaction.
 */
export async function createCollections(database: MongoDatabase): Promise<void> {
  const db = await database.db()
  for (const [model, { fields }] of Object.entries(database.schema)) {
    const { collection: name, codec } = database.tableOf(model)
    await db.createCollection(name).catch(ignoreExisting)
    const collection = db.collection(name)
    for (const [column, value] of defaultsOf(fields)) {
      const stored = codec.column(column)
      await collection.updateMany({ [stored]: { $exists: false } }, { $set: { [stored]: value } }, {})
    }
    for (const [column, { unique, index, references, required }] of Object.entries(fields)) {
      if (!unique && !index && !references) continue
      // Sparse: any number of rows may have no value.
      const options = { unique: unique === true, sparse: required === false }
      await collection.createIndex({ [codec.column(column)]: 1 }, options)
    }
    for (const group of uniqueGroups(fields).filter(({ length }) => length > 1)) {
      const key = Object.fromEntries(group.map((column): [string, 1] => [codec.column(column), 1]))
      await collection.createIndex(key, { unique: true, sparse: false })
    }
  }
}

function defaultsOf(fields: Fields): [column: string, value: unknown][] {
  return Object.entries(fields)
    .filter(([, { required }]) => required !== false)
    .map(([column, { defaultValue }]): [string, unknown] => [column, defaultValue])
    .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
}

function ignoreExisting(error: MongoError): void {
  // NamespaceExists
  if (error.code !== 48) throw error
}
