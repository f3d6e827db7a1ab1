import { uniqueGroups } from '../../../../entities/index.ts'
import { type Adapter, type Row, UniqueViolation, type Write } from '../../contract.ts'
import type { MongoDatabase } from './database.ts'
import { idsOf, mongoDeletes } from './deletes.ts'
import type { Document } from './driver-types.ts'
import { filterOf } from './filter.ts'
import { mongoReads } from './reads.ts'
import { uniqueIndexCheck } from './unique-indexes.ts'

type Writes = Pick<
  Adapter,
  'create' | 'update' | 'updateMany' | 'delete' | 'deleteMany' | 'consumeOne' | 'incrementOne' | 'lock'
>

/** Not a name that a field of a model can have. */
const LOCK = '_lock'

/** The writing half of the adapter. A write to one row is one operation, which MongoDB does whole or not at all. */
export function mongoWrites(database: MongoDatabase): Writes {
  const { run, tableOf, writing } = database
  const assertUniqueIndexes = uniqueIndexCheck(database)
  return {
    create: ({ model, data }) =>
      writing(model, async () => {
        const { collection, codec } = tableOf(model)
        const document = codec.encode(data)
        await assertUniqueIndexes(model)
        await run(collection, (rows, options) => rows.insertOne(document, options))
        return codec.decode(document)
      }),
    update: write => writing(write.model, () => updateOne(database, write)),
    lock: async ({ model, where }) => {
      const { collection, codec } = tableOf(model)
      // A real change, to a field that no model has: MongoDB takes a write that changes nothing for none.
      const change = { $inc: { [LOCK]: 1 } }
      await run(collection, (rows, options) => rows.updateMany(filterOf(codec, where), change, options))
    },
    updateMany: write => writing(write.model, () => updateMany(database, write)),
    incrementOne: ({ model, where, field, by = 1, max, update = {} }) =>
      writing(model, async () => {
        const { collection, codec } = tableOf(model)
        const column = codec.column(field)
        const found = filterOf(codec, where)
        // The bound is part of the operation, so concurrent calls cannot pass it together.
        const filter = max === undefined ? found : { $and: [found, below(column, max - by)] }
        const changes = { ...codec.encodeChanges(update), $inc: { [column]: by } }
        const document = await run(collection, (rows, options) =>
          rows.findOneAndUpdate(filter, changes, { ...options, returnDocument: 'after' }),
        )
        return document && codec.decode(document)
      }),
    ...mongoDeletes(database),
  }
}

async function updateOne(database: MongoDatabase, { model, where, update }: Write): Promise<Row | null> {
  const { collection, codec } = database.tableOf(model)
  const changes = codec.encodeChanges(update)
  if (!changes) return mongoReads(database).findOne({ model, where })
  const document = await database.run(collection, (rows, options) =>
    rows.findOneAndUpdate(filterOf(codec, where), changes, { ...options, returnDocument: 'after' }),
  )
  return document && codec.decode(document)
}

async function updateMany(database: MongoDatabase, { model, where, update }: Write): Promise<number> {
  const { collection, codec } = database.tableOf(model)
  const changes = codec.encodeChanges(update)
  if (!changes) return mongoReads(database).count({ model, where })
  const filter = filterOf(codec, where)
  if (!setsUnique(database, model, update)) {
    const { matchedCount } = await database.run(collection, (rows, options) =>
      rows.updateMany(filter, changes, options),
    )
    return matchedCount
  }
  // Stopped by a unique index, an update of many would have changed some. Two rows cannot both have the value.
  const ids = await idsOf(database, { collection, filter, limit: 2 })
  if (ids.length > 1) throw new UniqueViolation(model)
  const one = { $and: [filter, { _id: { $in: ids } }] }
  const { matchedCount } = await database.run(collection, (rows, options) => rows.updateOne(one, changes, options))
  return matchedCount
}

/** What has no value counts as 0, as it does to `$inc`. */
function below(column: string, bound: number): Document {
  const isBelow = { [column]: { $lte: bound } }
  return bound >= 0 ? { $or: [isBelow, { [column]: null }] } : isBelow
}

function setsUnique({ schema }: MongoDatabase, model: string, update: Row): boolean {
  return uniqueGroups(schema[model]?.fields ?? {}).some(group => group.every(name => update[name] != null))
}
