import type { MikroORM } from '@mikro-orm/core'

// The parts of MongoDB's driver that are used here. Its own types are not imported: `@mikro-orm/mongodb` is an optional
// peer, and its types cost every user of ours hundreds of thousands of type instantiations.

/** Any `MikroORM`; the driver it runs on is looked at when it is used. */
export type MongoOrm = MikroORM

/** A document as it is stored, or a filter, an update, a stage. */
export type Document = Record<string, unknown>

/** A session of the driver, as MikroORM hands it around; a transaction is a state of it. */
export type MongoSession = object

export interface InSession {
  session?: MongoSession
}

interface Cursor {
  toArray(): Promise<Document[]>
}

/** A collection of the driver. */
export interface MongoCollection {
  find(filter: Document, options: InSession & Document): Cursor
  aggregate(pipeline: Document[], options: InSession): Cursor
  countDocuments(filter: Document, options: InSession & { limit?: number }): Promise<number>
  insertOne(document: Document, options: InSession): Promise<unknown>
  updateOne(filter: Document, update: Document, options: InSession): Promise<{ matchedCount: number }>
  updateMany(filter: Document, update: Document, options: InSession): Promise<{ matchedCount: number }>
  deleteOne(filter: Document, options: InSession): Promise<{ deletedCount: number }>
  deleteMany(filter: Document, options: InSession): Promise<{ deletedCount: number }>
  findOneAndUpdate(filter: Document, update: Document, options: InSession & Document): Promise<Document | null>
  findOneAndDelete(filter: Document, options: InSession): Promise<Document | null>
  indexes(): Promise<Document[]>
  createIndex(key: Record<string, 1>, options: { unique: boolean; sparse: boolean }): Promise<string>
}

/** A database of the driver. */
export interface MongoDb {
  command(command: Document): Promise<Document>
  collection(name: string): MongoCollection
  createCollection(name: string): Promise<unknown>
}

/** What the driver puts on the errors it throws. */
export interface MongoError {
  code?: unknown
  hasErrorLabel?(label: string): boolean
}
