import { SchemaOutOfDate } from '../../contract.ts'
import type { MongoDatabase } from './database.ts'
import type { Document, MongoError } from './driver-types.ts'

/**
 * Looks once per model whether its unique indexes are there: MongoDB takes rows without them, and then two users may
 * have one e-mail address.
 * @throws `SchemaOutOfDate` when one is missing
 */
export function uniqueIndexCheck(database: MongoDatabase): (model: string) => Promise<void> {
  const checked = new Set<string>()
  return async model => {
    if (checked.has(model)) return
    const { collection: name, codec } = database.tableOf(model)
    const fields = Object.entries(database.schema[model]?.fields ?? {})
    const columns = fields.filter(([, { unique }]) => unique).map(([field]) => codec.column(field))
    // Not by `run`: no transaction may ask for indexes.
    const indexes = columns.length > 0 ? await indexesOf(database, name) : []
    const missing = columns.find(column => !indexes.some(index => isUnique(index, column)))
    if (missing) throw new SchemaOutOfDate(`the collection "${name}" has no unique index on "${missing}"`)
    checked.add(model)
  }
}

async function indexesOf(database: MongoDatabase, collection: string): Promise<Document[]> {
  try {
    return await (await database.db()).collection(collection).indexes()
  } catch (error) {
    // NamespaceNotFound
    if ((error as MongoError).code === 26) return []
    throw error
  }
}

function isUnique({ key, unique }: Document, column: string): boolean {
  const columns = Object.keys(key as Document)
  return unique === true && columns.length === 1 && columns[0] === column
}
