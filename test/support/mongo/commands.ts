import { BSON } from 'bson'
import { Fault } from './fault.ts'
import { matches, runPipeline, select } from './query.ts'
import * as schema from './schema-commands.ts'
import { createStore, type Place } from './store.ts'
import { createTransactions } from './transactions.ts'
import type { Doc } from './wire.ts'
import { deleteDocuments, findAndModify, insert, updateDocuments } from './write-commands.ts'

const FIRST_BATCH = 101

/** Answers one command. */
export type Execute = (command: Doc, address: string) => Promise<Doc>

type Handler = (place: Place, command: Doc) => Doc | Promise<Doc>

/** The commands of a server with databases of its own. */
export function createCommands({ isStandalone }: { isStandalone: boolean }): Execute {
  const store = createStore()
  const transactions = createTransactions(store, isStandalone)
  const cursors = createCursors()
  const open = (place: Place, command: Doc, documents: Doc[]) =>
    cursors.open(`${place.database}.${place.collection}`, documents, command)

  const handlers: Record<string, Handler> = {
    ping: () => ({}),
    buildInfo: () => ({ version: '7.0.0' }),
    connectionStatus: () => ({ authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] } }),
    find: (place, command) => open(place, command, select(store.read(place), command)),
    getMore: (_place, command) => cursors.more(command),
    killCursors: (_place, command) => cursors.kill(command),
    aggregate: (place, command) => {
      const resolve = (collection: string) => store.read({ ...place, collection })
      return open(place, command, runPipeline(store.read(place), command.pipeline as Doc[], resolve))
    },
    count: (place, command) => {
      const filter = command.query as Doc | undefined
      return { n: store.read(place).filter(document => matches(document, filter)).length }
    },
    insert: (place, command) => insert(store, place, command),
    update: (place, command) => updateDocuments(store, place, command),
    delete: (place, command) => deleteDocuments(store, place, command),
    findAndModify: (place, command) => findAndModify(store, place, command),
    create: place => schema.create(store, place),
    drop: place => schema.drop(store, place),
    dropDatabase: place => schema.dropDatabase(store, place),
    createIndexes: (place, command) => schema.createIndexes(store, place, command),
    dropIndexes: (place, command) => schema.dropIndexes(store, place, command),
    listIndexes: (place, command) => open(place, command, schema.listIndexes(store, place)),
    listCollections: (place, command) => open(place, command, schema.listCollections(store, place, command)),
    commitTransaction: (_place, command) => transactions.commit(command),
    abortTransaction: (_place, command) => transactions.abort(command),
    endSessions: (_place, command) => transactions.end(command.endSessions),
  }

  const run = async (name: string, command: Doc): Promise<Doc> => {
    const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined
    if (!handler) throw new Fault(59, `no such command: '${name}'`)
    const database = String(command.$db)
    const collection = String(command[name])
    if (name === 'commitTransaction' || name === 'abortTransaction') return handler({ database, collection }, command)
    const transaction = transactions.of(command, database)
    try {
      const reply = await handler({ database, collection, transaction }, command)
      // What fails in a transaction ends it.
      if (transaction && reply.writeErrors) store.abort(transaction)
      return reply
    } catch (error) {
      if (transaction) store.abort(transaction)
      throw error
    }
  }

  return async (command, address) => {
    const name = Object.keys(command)[0] ?? ''
    if (['hello', 'ismaster', 'isMaster'].includes(name)) return hello(address, isStandalone)
    try {
      return { ...(await run(name, command)), ok: 1 }
    } catch (error) {
      if (error instanceof Fault) return error.toReply()
      return new Fault(1, error instanceof Error ? String(error.stack) : String(error)).toReply()
    }
  }
}

function hello(address: string, isStandalone: boolean): Doc {
  const replicaSet = { setName: 'test', setVersion: 1, hosts: [address], primary: address, me: address }
  return {
    helloOk: true,
    ismaster: true,
    isWritablePrimary: true,
    ...(!isStandalone && replicaSet),
    maxBsonObjectSize: 16_777_216,
    maxMessageSizeBytes: 48_000_000,
    maxWriteBatchSize: 100_000,
    logicalSessionTimeoutMinutes: 30,
    localTime: new Date(),
    minWireVersion: 0,
    maxWireVersion: 21,
    readOnly: false,
    ok: 1,
  }
}

/** Results that did not fit into one answer. */
function createCursors() {
  const cursors = new Map<number, { ns: string; rest: Doc[] }>()
  let last = 0
  return {
    open: (ns: string, documents: Doc[], command: Doc): Doc => {
      const { batchSize, cursor, singleBatch } = command as { batchSize?: number; cursor?: Doc; singleBatch?: boolean }
      const size = Number(batchSize ?? cursor?.batchSize ?? FIRST_BATCH)
      const rest = singleBatch ? [] : documents.slice(size)
      if (rest.length > 0) cursors.set(++last, { ns, rest })
      const id = BSON.Long.fromNumber(rest.length > 0 ? last : 0)
      return { cursor: { id, ns, firstBatch: documents.slice(0, size) } }
    },
    more: ({ getMore, batchSize }: Doc): Doc => {
      const found = cursors.get(Number(getMore))
      if (!found) throw new Fault(43, `cursor id ${getMore} not found`)
      const nextBatch = found.rest.splice(0, Number(batchSize ?? found.rest.length))
      if (found.rest.length === 0) cursors.delete(Number(getMore))
      const id = BSON.Long.fromNumber(found.rest.length > 0 ? Number(getMore) : 0)
      return { cursor: { id, ns: found.ns, nextBatch } }
    },
    kill: ({ cursors: ids }: Doc): Doc => {
      for (const id of ids as unknown[]) cursors.delete(Number(id))
      return { cursorsKilled: ids, cursorsNotFound: [], cursorsAlive: [], cursorsUnknown: [] }
    },
  }
}
