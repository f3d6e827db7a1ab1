import { uniqueGroups } from '../../../../entities/index.ts'
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
    const groups = uniqueGroups(database.schema[model]?.fields ?? {}).map(group => group.map(codec.column))
    // Not by `run`: no transaction may ask for indexes.
    const indexes = groups.length > 0 ? await indexesOf(database, name) : []
    const missing = groups.find(columns => !indexes.some(index => isUnique(index, columns)))
    if (missing) {
      throw new SchemaOutOfDate(`the collection "${name}" has no unique index on "${missing.join('", "')}"`)
    }
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

function isUnique({ key, unique }: Document, wanted: readonly string[]): boolean {
  const columns = Object.keys(key as Document)
  return unique === true && columns.length === wanted.length && wanted.every(column => columns.includes(column))
}
