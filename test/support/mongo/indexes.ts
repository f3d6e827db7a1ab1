import { BSON } from 'bson'
import { Fault } from './fault.ts'
import type { Doc } from './wire.ts'

export interface Index {
  name: string
  key: Record<string, number>
  unique: boolean
  sparse: boolean
}

export const ID_INDEX: Index = { name: '_id_', key: { _id: 1 }, unique: true, sparse: false }

/** A value as a key of a `Map`. */
export function keyOf(value: unknown): string {
  return BSON.EJSON.stringify({ value: value ?? null })
}

/** What a unique index has for a document; nothing where the index is sparse and no field is there. */
export function entryOf({ key, sparse }: Index, document: Doc): string | undefined {
  const columns = Object.keys(key)
  if (sparse && columns.every(column => document[column] === undefined)) return undefined
  return columns.map(column => keyOf(document[column])).join()
}

/** @throws `Fault` when a document other than the one of this id has the candidate's value in a unique index */
export function assertUnique(
  indexes: readonly Index[],
  documents: Iterable<[id: string, document: Doc]>,
  candidate: Doc,
): void {
  const own = keyOf(candidate._id)
  const wanted = indexes
    .filter(({ unique, name }) => unique && name !== ID_INDEX.name)
    .map(index => [index, entryOf(index, candidate)] as const)
    .filter(([, entry]) => entry !== undefined)
  if (wanted.length === 0) return
  for (const [id, other] of documents) {
    const taken = wanted.find(([index, entry]) => id !== own && entryOf(index, other) === entry)
    if (taken) throw duplicate(taken[0], candidate)
  }
}

/** The refusal of a value that a unique index has already. */
export function duplicate({ name, key }: Index, document: Doc): Fault {
  const keyValue = Object.fromEntries(Object.keys(key).map(column => [column, document[column] ?? null]))
  const text = `E11000 duplicate key error index: ${name} dup key: ${JSON.stringify(keyValue)}`
  return new Fault(11000, text, { keyPattern: key, keyValue })
}

/** The indexes with these added, as `createIndexes` does it. */
export function withIndexes(existing: readonly Index[], specs: readonly Doc[]): Index[] {
  const indexes = [...existing]
  for (const spec of specs) {
    const { name, key } = spec as unknown as Index
    const index: Index = { name, key, unique: spec.unique === true, sparse: spec.sparse === true }
    const sameKey = indexes.find(other => keyOf(other.key) === keyOf(key))
    const sameName = indexes.find(other => other.name === name)
    if (sameName && sameName !== sameKey) throw new Fault(86, `An index named ${name} has another key`)
    if (!sameKey) indexes.push(index)
    else if (keyOf(sameKey) !== keyOf(index)) throw new Fault(85, `An index like ${name} has other options`)
  }
  return indexes
}
