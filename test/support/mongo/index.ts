/**
 * A MongoDB for tests. There is no package with the server itself that can be had everywhere, so unless TEST_MONGO_URL
 * names a real one, the tests run against a small server of our own that speaks MongoDB's wire protocol on a socket and
 * poses as the primary of a replica set (or, when asked, as a server by itself). Queries, updates and pipelines are
 * evaluated by mingo.
 *
 * What a test against it proves: that MikroORM's driver and MongoDB's own, over a real socket, send what is meant; that
 * entities, collections and indexes are made as the schema says; filters, sorting, paging, joins and updates as far as
 * mingo evaluates them like MongoDB; unique indexes, sparse or not, and how their refusal is told; sessions and
 * transactions: snapshot isolation, rollback, that an error ends the transaction, that of two transactions that write
 * one document the second fails with a label that lets it be repeated, and that other writes wait.
 *
 * What it does not prove: that MongoDB's planner uses the indexes; what mingo takes that MongoDB refuses (text beyond
 * its limits, more types, collations); regular expressions where PCRE differs from JavaScript; the order of texts
 * beyond the BMP; authentication, TLS, `mongodb+srv`, elections, several members, write concerns, retryable writes,
 * sharding. Set TEST_MONGO_URL to the address of a replica set to run the same tests where all of this is real.
 */
import { randomUUID } from 'node:crypto'
import { withDocuments } from './documents.ts'
import { type ServerOptions, startServer } from './server.ts'

export type { ServerOptions } from './server.ts'

export interface TestMongo {
  /** The address of an empty database. */
  createDatabase(): string
  /** Ends the server; on the one of TEST_MONGO_URL, drops what was created. */
  stop(): Promise<void>
}

/** The MongoDB of TEST_MONGO_URL, else one of our own. */
export async function startMongo(options: ServerOptions = {}): Promise<TestMongo> {
  const given = process.env.TEST_MONGO_URL
  const isOwn = !given || options.isStandalone
  const server = isOwn ? await startServer(options) : undefined
  const url = server?.url ?? String(given)
  const created: string[] = []
  return {
    createDatabase: () => {
      const name = `test_${randomUUID().replaceAll('-', '')}`
      created.push(name)
      return withDatabase(url, name)
    },
    stop: async () => {
      if (server) await server.stop()
      else await dropDatabases(url, created)
    },
  }
}

/** Not by `URL`: the hosts of a replica set stand there with commas between them. */
export function withDatabase(url: string, name: string): string {
  const [, server = '', parameters = ''] = /^(mongodb(?:\+srv)?:\/\/[^/?]+)\/?[^?]*(.*)$/.exec(url) ?? []
  // Users of a URL without a database are those of `admin`.
  const needsSource = server.includes('@') && !parameters.includes('authSource=')
  const source = needsSource ? `${parameters ? '&' : '?'}authSource=admin` : ''
  return `${server}/${name}${parameters}${source}`
}

async function dropDatabases(url: string, names: string[]): Promise<void> {
  for (const name of names) await withDocuments(withDatabase(url, name), db => db.dropDatabase())
}
