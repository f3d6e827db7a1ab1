import { BSON } from 'bson'
import { Blocked, Fault } from './fault.ts'
import { keyOf } from './indexes.ts'
import { changed, matches, select, upserted } from './query.ts'
import type { Place, Store } from './store.ts'
import type { Doc } from './wire.ts'

/** Runs a write anew whenever a transaction that was in its way has ended. */
async function untilFree<T>(store: Store, write: () => T): Promise<T> {
  for (;;) {
    try {
      return write()
    } catch (error) {
      if (!(error instanceof Blocked)) throw error
    }
    await store.released()
  }
}

/** Runs the statements of one command up to the first that fails; the failure of a document is part of the answer. */
async function statements(list: Doc[], run: (statement: Doc, index: number) => Promise<void>): Promise<Doc> {
  for (const [index, statement] of list.entries()) {
    try {
      await run(statement, index)
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 11000) throw error
      return { writeErrors: [{ index, code: error.code, errmsg: error.message, ...error.details }] }
    }
  }
  return {}
}

/** Changes or deletes each matching document, or the first one. `after` is what becomes of it. */
async function each(
  store: Store,
  place: Place,
  { filter, sort, many, after }: { filter: Doc; sort?: Doc; many: boolean; after: (before: Doc) => Doc | undefined },
): Promise<{ before: Doc; after?: Doc }[]> {
  const write = (before: Doc) => {
    const result = after(before)
    store.write(place, { before, after: result })
    return { before, after: result }
  }
  if (!many) {
    const written = await untilFree(store, () => {
      const [first] = select(store.read(place), { filter, sort, limit: 1 })
      return first && write(stored(store, place, first))
    })
    return written ? [written] : []
  }
  const done: { before: Doc; after?: Doc }[] = []
  for (const found of store.read(place).filter(document => matches(document, filter))) {
    const written = await untilFree(store, () => {
      // It may have changed while a transaction was waited for.
      const now = store.read(place).find(document => keyOf(document._id) === keyOf(found._id))
      return now && matches(now, filter) ? write(now) : undefined
    })
    if (written) done.push(written)
  }
  return done
}

function stored(store: Store, place: Place, found: Doc): Doc {
  return store.read(place).find(document => keyOf(document._id) === keyOf(found._id)) ?? found
}

export async function insert(store: Store, place: Place, command: Doc): Promise<Doc> {
  let n = 0
  const outcome = await statements(command.documents as Doc[], async document => {
    const after = document._id === undefined ? { _id: new BSON.ObjectId(), ...document } : document
    await untilFree(store, () => store.write(place, { after }))
    n++
  })
  return { n, ...outcome }
}

export async function updateDocuments(store: Store, place: Place, command: Doc): Promise<Doc> {
  const counts = { n: 0, nModified: 0 }
  const inserted: Doc[] = []
  const outcome = await statements(command.updates as Doc[], async ({ q, u, multi, upsert }, index) => {
    const [filter, change] = [q as Doc, u as Doc]
    const done = await each(store, place, { filter, many: multi === true, after: before => changed(before, change) })
    counts.n += done.length
    counts.nModified += done.filter(({ before, after }) => keyOf(before) !== keyOf(after)).length
    if (done.length > 0 || upsert !== true) return
    const after = upserted(filter, change)
    await untilFree(store, () => store.write(place, { after }))
    counts.n++
    inserted.push({ index, _id: after._id })
  })
  return { ...counts, ...(inserted.length > 0 && { upserted: inserted }), ...outcome }
}

export async function deleteDocuments(store: Store, place: Place, command: Doc): Promise<Doc> {
  let n = 0
  const outcome = await statements(command.deletes as Doc[], async ({ q, limit }) => {
    n += (await each(store, place, { filter: q as Doc, many: Number(limit) === 0, after: () => undefined })).length
  })
  return { n, ...outcome }
}

export async function findAndModify(store: Store, place: Place, command: Doc): Promise<Doc> {
  const { query = {}, update: change, sort, remove, fields, upsert, new: wantsNew } = command
  const [filter, change_] = [query as Doc, change as Doc]
  const after = remove === true ? () => undefined : (before: Doc) => changed(before, change_)
  const [done] = await each(store, place, { filter, sort: sort as Doc | undefined, many: false, after })
  const shown = (document: Doc | undefined) =>
    document ? select([document], { projection: fields as Doc | undefined })[0] : null
  if (done) {
    const value = shown(wantsNew === true ? done.after : done.before)
    return { value, lastErrorObject: { n: 1, updatedExisting: remove !== true } }
  }
  if (upsert !== true) return { value: null, lastErrorObject: { n: 0, updatedExisting: false } }
  const document = upserted(filter, change_)
  await untilFree(store, () => store.write(place, { after: document }))
  const lastErrorObject = { n: 1, updatedExisting: false, upserted: document._id }
  return { value: wantsNew === true ? shown(document) : null, lastErrorObject }
}
