import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import { mikroOrmAdapter } from '../../src/adapters/mikro-orm/index.ts'
import { type Adapter, type Database, memoryAdapter } from '../../src/index.ts'
import { skipWithoutMariaDb, startMariaDb, type TestMariaDb } from './mariadb.ts'
import { type ServerOptions, startMongo, type TestMongo } from './mongo/index.ts'
import { skipWithoutPostgres, startPostgres, type TestPostgres } from './postgres.ts'

export type DatabaseName = 'memory' | 'sqlite' | 'postgresql' | 'mariadb' | 'mongodb'

/** Opens an empty database. What is connected to it is closed when the test ends. */
export type OpenDatabase = () => Promise<Database>

/** Defines the same tests once for each database. */
export function describeEveryDatabase(
  title: string,
  define: (open: OpenDatabase, name: DatabaseName) => void,
  { preparedStatements = false } = {},
): void {
  describe(`${title} (memory)`, () => {
    const closing = closeAfterEach()
    define(async () => closing(memoryAdapter()), 'memory')
  })
  describe(`${title} (SQLite)`, () => {
    const closing = closeAfterEach()
    define(async () => closing(mikroOrmAdapter({ url: 'sqlite::memory:' })), 'sqlite')
  })
  describe.skipIf(skipWithoutPostgres())(`${title} (PostgreSQL)`, () => {
    const createDatabase = withPostgres()
    const closing = closeAfterEach()
    const open = async () => mikroOrmAdapter({ url: await createDatabase(), pool: 8, preparedStatements })
    define(async () => closing(await open()), 'postgresql')
  })
  describe.skipIf(skipWithoutMariaDb())(`${title} (MariaDB)`, () => {
    const createDatabase = withMariaDb()
    const closing = closeAfterEach()
    define(async () => closing(mikroOrmAdapter({ url: await createDatabase(), pool: 8 })), 'mariadb')
  })
  describe(`${title} (MongoDB)`, () => {
    const createDatabase = withMongo()
    const closing = closeAfterEach()
    define(async () => closing(mikroOrmAdapter({ url: createDatabase(), pool: 8 })), 'mongodb')
  })
}

/** Starts a MariaDB server for the tests of this `describe`; the result creates an empty database on it. */
export function withMariaDb(): () => Promise<string> {
  let server: TestMariaDb | undefined
  beforeAll(async () => {
    server = await startMariaDb()
  })
  afterAll(() => server?.stop())
  return () => {
    if (!server) throw new Error('MariaDB is started before the tests, not while they are defined')
    return server.createDatabase()
  }
}

/** Starts the MongoDB of tests for the tests of this `describe`; the result is the address of an empty database on it. */
export function withMongo(options?: ServerOptions): () => string {
  let mongo: TestMongo | undefined
  beforeAll(async () => {
    mongo = await startMongo(options)
  })
  afterAll(() => mongo?.stop())
  return () => {
    if (!mongo) throw new Error('MongoDB is started before the tests, not while they are defined')
    return mongo.createDatabase()
  }
}

/** Starts a PostgreSQL server for the tests of this `describe`; the result creates an empty database on it. */
export function withPostgres(): () => Promise<string> {
  let postgres: TestPostgres | undefined
  beforeAll(async () => {
    postgres = await startPostgres()
  })
  afterAll(() => postgres?.stop())
  return () => {
    if (!postgres) throw new Error('PostgreSQL is started before the tests, not while they are defined')
    return postgres.createDatabase()
  }
}

/** The result wraps a database so that its connections are closed after the test. */
export function closeAfterEach(): (database: Database) => Database {
  const opened: Adapter[] = []
  afterEach(async () => {
    for (const adapter of opened.splice(0)) await adapter.close()
  })
  return database => ({
    connect: schema => {
      const adapter = database.connect(schema)
      opened.push(adapter)
      return adapter
    },
  })
}
