import { BSON } from 'bson'
import { aggregate, Query, update } from 'mingo'
import { Fault } from './fault.ts'
import { keyOf } from './indexes.ts'
import type { Doc } from './wire.ts'

/** What `find` and `findAndModify` say about the documents they want. */
export interface Selection {
  filter?: Doc
  sort?: Doc
  skip?: number
  limit?: number
  projection?: Doc
}

/** The documents of a collection by name, for `$lookup`. */
type Resolve = (collection: string) => Doc[]

/** The answer of mingo, or its refusal as a server would put it. */
function evaluate<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw error instanceof Fault ? error : new Fault(2, error instanceof Error ? error.message : String(error))
  }
}

/** Whether a document matches. */
export function matches(document: Doc, filter: Doc = {}): boolean {
  return evaluate(() => new Query(filter).test(document))
}

/** The selected documents, in order. */
export function select(documents: Doc[], { filter = {}, sort, skip, limit, projection }: Selection): Doc[] {
  return evaluate(() => {
    let cursor = new Query(filter).find<Doc>(documents, projection as never)
    if (sort && Object.keys(sort).length > 0) cursor = cursor.sort(sort as Record<string, 1 | -1>)
    if (skip) cursor = cursor.skip(Number(skip))
    // A negative limit asks for one batch only; 0 is none.
    if (limit) cursor = cursor.limit(Math.min(Math.abs(Number(limit)), Number.MAX_SAFE_INTEGER))
    return cursor.all()
  })
}

/** What a pipeline makes of the documents. */
export function runPipeline(documents: Doc[], pipeline: Doc[], resolve: Resolve): Doc[] {
  return evaluate(() => aggregate(documents.map(copyOf), pipeline, { collectionResolver: resolve }) as Doc[])
}

/** The document as an update makes it: with operators, or replaced. */
export function changed(document: Doc, change: Doc): Doc {
  const { $setOnInsert: _, ...operators } = change
  const names = Object.keys(operators)
  if (!names.some(name => name.startsWith('$'))) {
    return '$setOnInsert' in change ? document : { _id: document._id, ...copyOf(change) }
  }
  const result = copyOf(document)
  const { $set, $unset, $inc, ...others } = copyOf(operators) as Record<string, Doc>
  const columns = [$set, $unset, $inc].flatMap(columns => Object.keys(columns ?? {}))
  if (Object.keys(others).length > 0 || columns.some(column => column.includes('.'))) {
    evaluate(() => update(result, copyOf(operators) as object, [], {}, { cloneMode: 'deep' }))
  } else {
    // mingo's own trip over values that have a field called `toString`.
    Object.assign(result, $set)
    for (const column of Object.keys($unset ?? {})) delete result[column]
    for (const [column, by] of Object.entries($inc ?? {})) result[column] = incremented(result[column], by)
  }
  if (document._id !== undefined && keyOf(result._id) !== keyOf(document._id)) {
    throw new Fault(66, "Performing an update on the path '_id' would modify the immutable field '_id'")
  }
  return result
}

function incremented(value: unknown, by: unknown): number {
  if (value !== undefined && typeof value !== 'number') {
    throw new Fault(14, 'Cannot apply $inc to a value of non-numeric type')
  }
  return (value ?? 0) + Number(by)
}

/** The document that an upsert inserts. */
export function upserted(filter: Doc, change: Doc): Doc {
  const start = Object.entries(filter).flatMap(([name, value]): [string, unknown][] => {
    if (name.startsWith('$')) return []
    const isCondition = typeof value === 'object' && value !== null && Object.keys(value)[0]?.startsWith('$')
    if (!isCondition) return [[name, value]]
    return '$eq' in (value as Doc) ? [[name, (value as Doc).$eq]] : []
  })
  const inserted = { ...Object.fromEntries(start), ...((change.$setOnInsert as Doc | undefined) ?? {}) }
  const document = changed(inserted, change)
  return document._id === undefined ? { ...document, _id: new BSON.ObjectId() } : document
}

/** A deep copy in which everything is still what BSON makes of it. */
export function copyOf<T extends Doc>(document: T): T {
  return BSON.deserialize(BSON.serialize(document, { ignoreUndefined: true })) as T
}
