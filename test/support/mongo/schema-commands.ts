import { Fault } from './fault.ts'
import { assertUnique, type Index, withIndexes } from './indexes.ts'
import { select } from './query.ts'
import type { Place, Store } from './store.ts'
import type { Doc } from './wire.ts'

export function create(store: Store, { database, collection }: Place): Doc {
  if (store.collections(database).has(collection)) {
    throw new Fault(48, `Collection ${database}.${collection} already exists.`)
  }
  store.collectionAt({ database, collection })
  return {}
}

export function drop(store: Store, { database, collection }: Place): Doc {
  if (!store.collections(database).delete(collection)) throw new Fault(26, 'ns not found')
  return {}
}

export function dropDatabase(store: Store, { database }: Place): Doc {
  store.collections(database).clear()
  return {}
}

export function createIndexes(store: Store, place: Place, command: Doc): Doc {
  // A real server allows it on empty collections, which is nothing to rely on.
  if (place.transaction) throw new Fault(263, 'Cannot create indexes in a transaction')
  const collection = store.collectionAt(place)
  const indexes = withIndexes(collection.indexes, command.indexes as Doc[])
  const added = indexes.slice(collection.indexes.length)
  for (const document of collection.documents.values()) assertUnique(added, collection.documents, document)
  const counts = { numIndexesBefore: collection.indexes.length, numIndexesAfter: indexes.length }
  collection.indexes = indexes
  return counts
}

export function dropIndexes(store: Store, place: Place, command: Doc): Doc {
  const collection = store.collectionAt(place)
  const isDropped = ({ name }: Index) => name !== '_id_' && (command.index === '*' || command.index === name)
  collection.indexes = collection.indexes.filter(index => !isDropped(index))
  return {}
}

export function listIndexes(store: Store, { database, collection }: Place): Doc[] {
  const found = store.collections(database).get(collection)
  if (!found) throw new Fault(26, `ns does not exist: ${database}.${collection}`)
  return found.indexes.map(({ name, key, unique, sparse }) => {
    return { v: 2, key, name, ...(unique && name !== '_id_' && { unique }), ...(sparse && { sparse }) }
  })
}

export function listCollections(store: Store, { database }: Place, command: Doc): Doc[] {
  const all = [...store.collections(database).keys()].map(name => ({ name, type: 'collection', options: {} }))
  return select(all, { filter: command.filter as Doc | undefined })
}
