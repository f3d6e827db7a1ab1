import type { Adapter, Where } from '../../contract.ts'
import type { MongoDatabase } from './database.ts'
import type { Document } from './driver-types.ts'
import { filterOf } from './filter.ts'

interface Doomed {
  model: string
  where: readonly Where[]
}

/**
 * The deleting part of the adapter. MongoDB has no foreign keys: what refers to a row is deleted here, as the fields
 * say, in a transaction where there can be one. Elsewhere the row itself goes last, so that a deletion that was
 * interrupted can be repeated.
 */
export function mongoDeletes(database: MongoDatabase): Pick<Adapter, 'delete' | 'deleteMany' | 'consumeOne'> {
  return {
    delete: async query => void (await deleteOne(database, query)),
    deleteMany: query => deleteMany(database, query),
    consumeOne: query => consumeOne(database, query),
  }
}

async function deleteOne(database: MongoDatabase, { model, where }: Doomed): Promise<void> {
  const { collection, codec } = database.tableOf(model)
  const filter = filterOf(codec, where)
  await atomically(database, collection, async isReferredTo => {
    const ids = isReferredTo ? await idsOf(database, { collection, filter, limit: 1 }) : []
    if (ids.length > 0) await detach(database, collection, { ids })
    const target = isReferredTo ? { _id: { $in: ids } } : filter
    return database.run(collection, (rows, options) => rows.deleteOne(target, options))
  })
}

async function deleteMany(database: MongoDatabase, { model, where }: Doomed): Promise<number> {
  const { collection, codec } = database.tableOf(model)
  const filter = filterOf(codec, where)
  const { deletedCount } = await atomically(database, collection, async isReferredTo => {
    const ids = isReferredTo ? await idsOf(database, { collection, filter }) : []
    if (ids.length > 0) await detach(database, collection, { ids })
    const target = isReferredTo ? { _id: { $in: ids } } : filter
    return database.run(collection, (rows, options) => rows.deleteMany(target, options))
  })
  return deletedCount
}

async function consumeOne(database: MongoDatabase, { model, where }: Doomed) {
  const { collection, codec } = database.tableOf(model)
  const filter = filterOf(codec, where)
  const found = await atomically(database, collection, async () => {
    // One operation: of concurrent calls the server lets exactly one have the row.
    const document = await database.run(collection, (rows, options) => rows.findOneAndDelete(filter, options))
    if (document) await detach(database, collection, { ids: [document._id] })
    return document
  })
  return found && codec.decode(found)
}

/** Runs `work` in a transaction if it will have to write to several collections. */
function atomically<T>(
  database: MongoDatabase,
  collection: string,
  work: (isReferredTo: boolean) => Promise<T>,
): Promise<T> {
  const isReferredTo = database.references(collection).length > 0
  return isReferredTo ? database.transaction(() => work(true)) : work(false)
}

/**
 * Deletes the rows that refer to these, or empties their reference.
 * @param doomed rows already on their way out: references may go in circles
 */
async function detach(
  database: MongoDatabase,
  parent: string,
  { ids, doomed = new Set() }: { ids: readonly unknown[]; doomed?: Set<string> },
): Promise<void> {
  for (const id of ids) doomed.add(`${parent} ${id}`)
  for (const { collection, column, rule } of database.references(parent)) {
    const filter = { [column]: { $in: ids } }
    if (rule === 'set null') {
      const update = { $unset: { [column]: '' } }
      await database.run(collection, (rows, options) => rows.updateMany(filter, update, options))
      continue
    }
    if (database.references(collection).length > 0) {
      const children = await idsOf(database, { collection, filter })
      const more = children.filter(id => !doomed.has(`${collection} ${id}`))
      if (more.length > 0) await detach(database, collection, { ids: more, doomed })
    }
    await database.run(collection, (rows, options) => rows.deleteMany(filter, options))
  }
}

/** The ids of matching rows. */
export async function idsOf(
  database: MongoDatabase,
  { collection, filter, limit }: { collection: string; filter: Document; limit?: number },
): Promise<unknown[]> {
  const found = await database.run(collection, (rows, options) =>
    rows.find(filter, { ...options, projection: { _id: 1 }, ...(limit && { limit }) }).toArray(),
  )
  return found.map(({ _id }) => _id)
}
