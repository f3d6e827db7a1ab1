import { type Adapter, type FindMany, joinKey, type Row } from '../../contract.ts'
import type { MongoDatabase } from './database.ts'
import type { Document } from './driver-types.ts'
import { filterOf } from './filter.ts'

/** Where `$lookup` puts what it finds: not a name that a field would have. */
const JOINED = 'joined rows'

/** The reading half of the adapter. A join is one query. */
export function mongoReads(database: MongoDatabase): Pick<Adapter, 'findOne' | 'findMany' | 'count'> {
  const findMany = (query: FindMany) => (query.join === undefined ? find(database, query) : findJoined(database, query))
  return {
    findMany,
    findOne: async query => (await findMany({ ...query, limit: 1 }))[0] ?? null,
    count: async ({ model, where = [] }) => {
      const { collection, codec } = database.tableOf(model)
      const filter = filterOf(codec, where)
      return database.run(collection, (rows, options) => rows.countDocuments(filter, options))
    },
  }
}

async function find(database: MongoDatabase, query: FindMany): Promise<Row[]> {
  const { model, where, limit = 100, offset = 0 } = query
  const { collection, codec } = database.tableOf(model)
  const filter = filterOf(codec, where)
  const { sort, projection, pick } = shapeOf(database, query)
  // To MongoDB, a limit of 0 is none.
  if (limit === 0) return []
  const found = await database.run(collection, (rows, options) =>
    rows.find(filter, { ...options, projection, skip: offset, limit, ...(sort && { sort }) }).toArray(),
  )
  return found.map(document => pick(codec.decode(document)))
}

async function findJoined(database: MongoDatabase, query: FindMany): Promise<Row[]> {
  const { model, where, join = '', limit = 100, offset = 0 } = query
  const { collection, codec } = database.tableOf(model)
  const other = database.tableOf(join)
  const { isToOne, field } = joinKey(database.schema, model, join)
  const { sort, projection, pick } = shapeOf(database, query)
  if (limit === 0) return []
  const keys = isToOne
    ? { localField: codec.column(field), foreignField: '_id' }
    : { localField: '_id', foreignField: other.codec.column(field) }
  const lookup = { $lookup: { from: other.collection, ...keys, as: JOINED } }
  const page = [...(sort ? [{ $sort: sort }] : []), { $skip: offset }, { $limit: limit }]
  const pipeline: Document[] = [
    { $match: filterOf(codec, where) },
    // A list may be empty, so only the rows of the page need one; rows without the one joined row are not counted.
    ...(isToOne ? [lookup, { $unwind: `$${JOINED}` }, ...page] : [...page, lookup]),
    { $project: { ...projection, [JOINED]: 1 } },
  ]
  const found = await database.run(collection, (rows, options) => rows.aggregate(pipeline, options).toArray())
  return found.map(document => {
    const joined = document[JOINED]
    const rows = isToOne ? other.codec.decode(joined as Document) : (joined as Document[]).map(other.codec.decode)
    return { ...pick(codec.decode(document)), [join]: rows }
  })
}

function shapeOf(database: MongoDatabase, { model, select, sortBy }: FindMany) {
  const { codec } = database.tableOf(model)
  const wanted = codec.columns.filter(([name]) => !select || select.includes(name))
  const columns = wanted.map(([, column]) => [column, 1] as const)
  return {
    sort: sortBy && { [codec.column(sortBy.field)]: sortBy.direction === 'asc' ? 1 : -1 },
    // `_id` comes unless it is declined.
    projection: { _id: 0, ...Object.fromEntries(columns) } as Record<string, 0 | 1>,
    pick: (row: Row): Row => Object.fromEntries(wanted.map(([name]) => [name, row[name]])),
  }
}
