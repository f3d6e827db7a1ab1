import { createRequire } from 'node:module'
import { EntitySchema } from '@mikro-orm/core'
import { PostgreSqlDriver } from '@mikro-orm/postgresql'
import { MikroORM, NodeSqliteDialect, SqliteDriver } from '@mikro-orm/sql'
import { describe, expect, it, onTestFinished } from 'vitest'
import { mikroOrmAdapter, mongoEntities, type Orm } from '../../src/adapters/mikro-orm/index.ts'
import { definePlugin, init, memoryAdapter } from '../../src/index.ts'
import { withMongo, withPostgres } from '../support/every-database.ts'
import { skipWithoutPostgres } from '../support/postgres.ts'
import { ann, cheapArgon2, secret } from '../support/test-auth.ts'

// Its types would cost the compiler more than all others together.
const { MongoDriver } = createRequire(import.meta.url)('@mikro-orm/mongodb') as { MongoDriver: object }

interface Note {
  id: number
  text: string
  author: string
}

const options = {
  baseURL: 'http://localhost:3000',
  secret,
  emailAndPassword: { enabled: true, password: { argon2: cheapArgon2 } },
  logger: { error: () => undefined },
}

/** What the application does when a session is about to be created, within the sign-up's transaction. */
type OnSignUp = (application: { orm: Orm; Notes: EntitySchema<Note> }, userId: string) => Promise<unknown>

/** An application with an entity of its own that refers to our users, on one connection. */
async function createApplication(connection: object, onSignUp: OnSignUp = async () => undefined) {
  const { entities: sqlEntities, context } = init({ ...options, database: memoryAdapter() })
  const isMongo = 'driver' in connection && connection.driver === MongoDriver
  const entities = isMongo ? mongoEntities(context.schema) : sqlEntities
  const Notes = new EntitySchema<Note>({
    name: 'Note',
    properties: {
      id: { type: 'integer', primary: true, fieldName: isMongo ? '_id' : 'id' },
      text: { type: 'string' },
      author: { kind: 'm:1', entity: () => entities.user as EntitySchema, mapToPk: true, deleteRule: 'cascade' },
    },
  })
  const all = [...Object.values(entities), Notes]
  const given = { driver: SqliteDriver, entities: all, metadataCache: { enabled: false }, ...connection }
  const orm = new MikroORM(given) as unknown as Orm
  onTestFinished(() => orm.close(true))
  const welcome = definePlugin({
    id: 'welcome',
    hooks: { sessionCreating: async draft => void (await onSignUp({ orm, Notes }, String(draft.userId))) },
  })
  const auth = init({ ...options, database: mikroOrmAdapter(orm), plugins: [welcome] })
  await auth.createSchema()
  return { orm, auth, Notes, entities }
}

function tests(connection: () => Promise<object>): void {
  const notesOf = (orm: Orm, Notes: EntitySchema<Note>) => orm.em.fork().find(Notes, {})

  it('creates the tables of both, and a deleted user takes its notes along', async () => {
    const { orm, auth, Notes } = await createApplication(await connection())
    const { user } = await auth.caller().signUp.email(ann)
    const em = orm.em.fork()
    await em.insert(Notes, { text: 'hello', author: user.id })
    expect(await notesOf(orm, Notes)).toMatchObject([{ text: 'hello', author: user.id }])
    await auth.context.adapter.delete({ model: 'user', where: [{ field: 'id', value: user.id }] })
    expect(await notesOf(orm, Notes)).toEqual([])
  })

  it('reads our rows as entities', async () => {
    const { orm, auth, entities } = await createApplication(await connection())
    const { user } = await auth.caller().signUp.email(ann)
    const found = await orm.em.fork().findOneOrFail(entities.user as EntitySchema, { email: ann.email })
    expect(found).toMatchObject({ id: user.id, emailVerified: false, createdAt: user.createdAt })
  })

  it("lets a hook's writes through the application's own entities be part of the sign-up", async () => {
    const write: OnSignUp = ({ orm, Notes }, author) => orm.em.getContext().insert(Notes, { text: 'welcome', author })
    const { orm, auth, Notes } = await createApplication(await connection(), write)
    await auth.caller().signUp.email(ann)
    expect(await notesOf(orm, Notes)).toMatchObject([{ text: 'welcome' }])
  })

  it('undoes what a hook wrote when the sign-up fails', async () => {
    const write: OnSignUp = async ({ orm, Notes }, author) => {
      await orm.em.getContext().insert(Notes, { text: 'welcome', author })
      throw new Error('and then it failed')
    }
    const { orm, auth, Notes } = await createApplication(await connection(), write)
    await expect(auth.caller().signUp.email(ann)).rejects.toThrow()
    expect(await notesOf(orm, Notes)).toEqual([])
    expect(await auth.context.adapter.count({ model: 'user' })).toBe(0)
  })

  it("takes part in the application's transaction, and is undone with it", async () => {
    const { orm, auth } = await createApplication(await connection())
    const work = orm.em.fork().transactional(async () => {
      await auth.caller().signUp.email(ann)
      expect(await auth.context.adapter.count({ model: 'user' })).toBe(1)
      throw new Error('the application changed its mind')
    })
    await expect(work).rejects.toThrow('changed its mind')
    expect(await auth.context.adapter.count({ model: 'user' })).toBe(0)
    await orm.em.fork().transactional(() => auth.caller().signUp.email(ann))
    expect(await auth.context.adapter.count({ model: 'session' })).toBe(1)
  })

  it('leaves the connection for the application to close', async () => {
    const { orm, auth } = await createApplication(await connection())
    await auth.close()
    expect(await orm.isConnected()).toBe(true)
  })
}

describe("the application's own MikroORM (SQLite)", () => {
  tests(async () => ({ dbName: ':memory:', driverOptions: new NodeSqliteDialect(':memory:') }))
})

describe.skipIf(skipWithoutPostgres())("the application's own MikroORM (PostgreSQL)", () => {
  const createDatabase = withPostgres()
  tests(async () => ({ driver: PostgreSqlDriver, clientUrl: await createDatabase(), pool: { min: 0, max: 2 } }))
})

describe("the application's own MikroORM (MongoDB)", () => {
  const createDatabase = withMongo()
  tests(async () => ({ driver: MongoDriver, clientUrl: createDatabase() }))
})
