import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import type { ModelOverride } from '../../entities/schema.ts'
import { mikroOrmAdapter } from '../../src/adapters/mikro-orm/index.ts'
import { CORE_MODELS, type Fields, resolveFullSchema, UniqueViolation } from '../../src/index.ts'
import { closeAfterEach, withPostgres } from '../support/every-database.ts'
import { skipWithoutPostgres } from '../support/postgres.ts'
import { withPostgresClient } from '../support/postgres-client.ts'
import { sessionRow, temporaryDirectory, userRow } from './conformance.ts'

/** A database that outlives its connections, and plain SQL beside them. */
interface Kept {
  url: string
  run(sql: string): Promise<Record<string, unknown>[]>
}

function tests(createKept: () => Promise<Kept>): void {
  const closing = closeAfterEach()
  const connect = async ({ url }: Kept, user: ModelOverride = {}) => {
    const adapter = closing(mikroOrmAdapter({ url })).connect(resolveFullSchema(CORE_MODELS, [], { user }))
    await adapter.createSchema()
    return adapter
  }
  const filled = async (kept: Kept) => {
    const adapter = await connect(kept)
    await adapter.create({ model: 'user', data: userRow('u1') })
    await adapter.create({ model: 'session', data: sessionRow('s1', 'u1') })
    return adapter
  }

  it('is harmless when the tables are there already', async () => {
    const kept = await createKept()
    const adapter = await filled(kept)
    await adapter.createSchema()
    const again = await connect(kept)
    expect(await again.findMany({ model: 'session', where: [], join: 'user' })).toEqual([
      { ...sessionRow('s1', 'u1'), user: userRow('u1') },
    ])
  })

  const later: [title: string, fields: Fields, value: unknown][] = [
    ['an optional column', { nickname: { type: 'string', required: false } }, null],
    ['an optional unique column', { nickname: { type: 'string', required: false, unique: true } }, null],
    ['a required text with a default', { nickname: { type: 'string', defaultValue: "it's" } }, "it's"],
    ['a required number with a default', { nickname: { type: 'number', defaultValue: 5 } }, 5],
    ['a required boolean with a default', { nickname: { type: 'boolean', defaultValue: true } }, true],
  ]
  it.each(later)('adds %s later without losing rows', async (_title, additionalFields, value) => {
    const kept = await createKept()
    await (await filled(kept)).close()
    const adapter = await connect(kept, { additionalFields })
    expect(await adapter.findMany({ model: 'user', where: [] })).toEqual([{ ...userRow('u1'), nickname: value }])
    expect(await adapter.count({ model: 'session' })).toBe(1)
    await adapter.createSchema()
    expect(await adapter.count({ model: 'session' })).toBe(1)
  })

  it('leaves columns and tables alone that it does not know', async () => {
    const kept = await createKept()
    await (await filled(kept)).close()
    await kept.run('CREATE TABLE notes (id integer primary key, body text)')
    await kept.run("INSERT INTO notes VALUES (1, 'mine')")
    await kept.run('ALTER TABLE "user" ADD COLUMN legacy text')
    await kept.run(`UPDATE "user" SET legacy = 'kept'`)
    await connect(kept)
    expect(await kept.run('SELECT body FROM notes')).toEqual([{ body: 'mine' }])
    expect(await kept.run('SELECT legacy FROM "user"')).toEqual([{ legacy: 'kept' }])
  })

  it('leaves them alone when it changes a column of the same table', async () => {
    const kept = await createKept()
    const nickname = { type: 'string', required: false } as const
    await (await connect(kept, { additionalFields: { nickname } })).close()
    await kept.run('ALTER TABLE "user" ADD COLUMN legacy text')
    const adapter = await connect(kept, { additionalFields: { nickname } })
    await adapter.create({ model: 'user', data: { ...userRow('u1'), nickname: 'n' } })
    await adapter.create({ model: 'session', data: sessionRow('s1', 'u1') })
    await kept.run(`UPDATE "user" SET legacy = 'kept'`)
    await adapter.close()
    const later = await connect(kept, { additionalFields: { nickname: { type: 'string', defaultValue: 'none' } } })
    expect(await kept.run('SELECT nickname, legacy FROM "user"')).toEqual([{ nickname: 'n', legacy: 'kept' }])
    expect(await later.count({ model: 'session' })).toBe(1)
  })

  it('makes a login at a provider unique later; where it is not, it says so and loses nothing', async () => {
    const { accountId, ...others } = CORE_MODELS.account.fields
    const fields = { accountId: { type: 'string', index: true }, ...others } as const
    const before = { ...CORE_MODELS, account: { modelName: 'account', fields } }
    const now = new Date('2026-01-02T03:04:05.000Z')
    const login = (id: string, subject: string) => ({
      model: 'account',
      data: { id, userId: 'u1', accountId: subject, providerId: 'github', createdAt: now, updatedAt: now },
    })
    const kept = await createKept()
    const old = closing(mikroOrmAdapter({ url: kept.url })).connect(resolveFullSchema(before, []))
    await old.createSchema()
    await old.create({ model: 'user', data: userRow('u1') })
    for (const [id, subject] of [
      ['a1', 'x'],
      ['a2', 'y'],
      ['a3', 'x'],
    ] as const)
      await old.create(login(id, subject))
    await expect(connect(kept)).rejects.toThrow()
    expect(await old.count({ model: 'account' })).toBe(3)
    await old.delete({ model: 'account', where: [{ field: 'id', value: 'a3' }] })
    await old.close()
    const adapter = await connect(kept)
    expect(await adapter.count({ model: 'account' })).toBe(2)
    await expect(adapter.create(login('a4', 'x'))).rejects.toThrow(UniqueViolation)
    await adapter.create({ model: 'account', data: { ...login('a5', 'x').data, providerId: 'gitlab' } })
    expect(await adapter.count({ model: 'account' })).toBe(3)
  })

  it('uses the names that the application chose', async () => {
    const kept = await createKept()
    const adapter = await connect(kept, { modelName: 'people', fields: { email: 'email_address' } })
    await adapter.create({ model: 'user', data: userRow('u1') })
    expect(await kept.run('SELECT email_address FROM people')).toEqual([{ email_address: 'u1@example.com' }])
    const where = [{ field: 'email', value: 'u1@example.com' }]
    expect(await adapter.findOne({ model: 'user', where })).toEqual(userRow('u1'))
  })
}

describe('creating the schema (SQLite file)', () => {
  tests(async () => {
    const path = join(await temporaryDirectory(), 'test.db')
    const run = async (sql: string) => {
      using database = new DatabaseSync(path)
      return database
        .prepare(sql)
        .all()
        .map(row => ({ ...row }))
    }
    return { url: `sqlite:${path}`, run }
  })
})

describe.skipIf(skipWithoutPostgres())('creating the schema (PostgreSQL)', () => {
  const createDatabase = withPostgres()
  tests(async () => {
    const url = await createDatabase()
    return { url, run: async sql => (await withPostgresClient(url, client => client.query(sql))).rows }
  })
})
