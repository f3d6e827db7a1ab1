import { createRequire } from 'node:module'
import { EntitySchema, RequestContext } from '@mikro-orm/core'
import { PostgreSqlDriver } from '@mikro-orm/postgresql'
import { MikroORM, NodeSqliteDialect, SqliteDriver } from '@mikro-orm/sql'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Orm } from '../../src/adapters/mikro-orm/driver.ts'
import { mikroOrmAdapter, mongoEntities } from '../../src/adapters/mikro-orm/index.ts'
import { definePlugin, init, memoryAdapter } from '../../src/index.ts'
import { withMongo, withPostgres } from '../support/every-database.ts'
import { skipWithoutPostgres } from '../support/postgres.ts'
import { ann, cheapArgon2, secret } from '../support/test-auth.ts'
import { userRow } from './conformance.ts'

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
async function createApplication(
  connection: object,
  onSignUp: OnSignUp = async () => undefined,
  onCreated: (email: string) => unknown = () => undefined,
) {
  const welcome = definePlugin({
    id: 'welcome',
    hooks: {
      sessionCreating: async draft => void (await onSignUp({ orm, Notes }, String(draft.userId))),
      userCreated: async user => void onCreated(String(user.email)),
    },
  })
  const auth = init({ ...options, database: mikroOrmAdapter({ orm: () => orm }), plugins: [welcome] })
  const isMongo = 'driver' in connection && connection.driver === MongoDriver
  const entities = isMongo ? mongoEntities(auth.context.schema) : auth.entities
  const Notes = new EntitySchema<Note>({
    name: 'Note',
    properties: {
      id: { type: 'integer', primary: true, fieldName: isMongo ? '_id' : 'id' },
      text: { type: 'string' },
      author: { kind: 'm:1', entity: () => entities.user as EntitySchema, mapToPk: true, deleteRule: 'cascade' },
    },
  })
  const orm: Orm = openOrm(connection, [...Object.values(entities), Notes])
  await auth.createSchema()
  return { orm, auth, Notes, entities }
}

function openOrm(connection: object, entities: EntitySchema[]): Orm {
  const given = { driver: SqliteDriver, entities, metadataCache: { enabled: false }, ...connection }
  const orm = new MikroORM(given) as unknown as Orm
  onTestFinished(() => orm.close(true))
  return orm
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

  it('does what is to follow when the application has committed, never before and never after a rollback', async () => {
    const { orm, auth } = await createApplication(await connection())
    const { adapter } = auth.context
    const done: unknown[] = []
    const follow = (name: string) =>
      adapter.afterOuterCommit?.(async () => {
        // On a connection of its own: the transaction is over.
        done.push([name, orm.em.isInTransaction(), await adapter.count({ model: 'user' })])
      })
    expect(follow('no transaction')).toBe(false)
    expect(await adapter.transaction(async () => follow('its own transaction'))).toBe(false)
    await orm.em.fork().transactional(async () => {
      await adapter.transaction(async () => adapter.create({ model: 'user', data: userRow('u1') }))
      expect([follow('first'), follow('second')]).toEqual([true, true])
      expect(done).toEqual([])
    })
    expect(done.splice(0)).toEqual([
      ['first', false, 1],
      ['second', false, 1],
    ])
    const failing = orm.em.fork().transactional(async () => {
      follow('rolled back')
      throw new Error('the application changed its mind')
    })
    await expect(failing).rejects.toThrow('changed its mind')
    await RequestContext.create(orm.em, async () => {
      await orm.em.begin()
      follow('begun by hand')
      await orm.em.commit()
    })
    expect(done).toEqual([['begun by hand', false, 1]])
  })

  it("tells of a new user after the application's commit, and not of one that is undone", async () => {
    const told: string[] = []
    const { orm, auth } = await createApplication(await connection(), undefined, email => told.push(email))
    const signUp = (email: string, fails: boolean) =>
      orm.em.fork().transactional(async () => {
        await auth.caller().signUp.email({ ...ann, email })
        expect(told).toEqual([])
        if (fails) throw new Error('the application changed its mind')
      })
    await expect(signUp('undone@example.com', true)).rejects.toThrow('changed its mind')
    await signUp('kept@example.com', false)
    expect(told).toEqual(['kept@example.com'])
  })

  it('leaves the connection for the application to close', async () => {
    const { orm, auth } = await createApplication(await connection())
    await auth.close()
    expect(await orm.isConnected()).toBe(true)
  })
}

function savepointTests(connection: () => Promise<object>): void {
  it('waits with what follows a savepoint for the transaction around it', async () => {
    const { orm, auth } = await createApplication(await connection())
    const done: string[] = []
    const follow = (name: string) => auth.context.adapter.afterOuterCommit?.(async () => void done.push(name))
    const nested = (name: string, fails: boolean) =>
      orm.em.transactional(async () => {
        follow(name)
        if (fails) throw new Error('undone')
      })
    const outer = (name: string, fails: boolean) =>
      orm.em.fork().transactional(async () => {
        await nested(`${name}: kept`, false)
        await expect(nested(`${name}: undone`, true)).rejects.toThrow('undone')
        expect(done).toEqual([])
        if (fails) throw new Error('all undone')
      })
    await expect(outer('first', true)).rejects.toThrow('all undone')
    await outer('second', false)
    expect(done).toEqual(['second: kept'])
  })
}

describe("the application's own MikroORM (SQLite)", () => {
  const connection = async () => ({ dbName: ':memory:', driverOptions: new NodeSqliteDialect(':memory:') })
  tests(connection)
  savepointTests(connection)
})

describe.skipIf(skipWithoutPostgres())("the application's own MikroORM (PostgreSQL)", () => {
  const createDatabase = withPostgres()
  const connection = async () => {
    return { driver: PostgreSqlDriver, clientUrl: await createDatabase(), pool: { min: 0, max: 2 } }
  }
  tests(connection)
  savepointTests(connection)
})

describe("the application's own MikroORM (MongoDB)", () => {
  const createDatabase = withMongo()
  tests(async () => ({ driver: MongoDriver, clientUrl: createDatabase() }))
})

describe("the application's own MikroORM, made before or after init", () => {
  const connection = { dbName: ':memory:', driverOptions: new NodeSqliteDialect(':memory:') }

  it('takes one that is there already', async () => {
    const { entities } = init({ ...options, database: memoryAdapter() })
    const auth = init({ ...options, database: mikroOrmAdapter(openOrm(connection, Object.values(entities))) })
    await auth.createSchema()
    expect((await auth.caller().signUp.email(ann)).user.email).toBe(ann.email)
  })

  it('takes one that is made from its entities, and asks for it once', async () => {
    let asked = 0
    const give = (): Orm => {
      asked++
      return orm
    }
    const auth = init({ ...options, database: mikroOrmAdapter({ orm: give }) })
    const orm: Orm = openOrm(connection, Object.values(auth.entities))
    expect(asked).toBe(0)
    await auth.createSchema()
    await auth.caller().signUp.email(ann)
    expect([auth.context.adapter.id, await auth.context.adapter.orm?.(), asked]).toEqual(['sqlite', orm, 1])
  })

  it('says so when it is needed before it is made, and works once it is', async () => {
    const made: { orm?: Orm } = {}
    const auth = init({ ...options, database: mikroOrmAdapter({ orm: () => made.orm as Orm }) })
    await expect(auth.createSchema()).rejects.toThrow('`orm` gave no MikroORM')
    made.orm = openOrm(connection, Object.values(auth.entities))
    await auth.createSchema()
    expect((await auth.caller().signUp.email(ann)).user.email).toBe(ann.email)
  })

  it('has nothing to close when it was never made', async () => {
    const orm = (): Orm => {
      throw new Error('there is none')
    }
    await init({ ...options, database: mikroOrmAdapter({ orm }) }).close()
  })
})
