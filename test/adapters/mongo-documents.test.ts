import { describe, expect, it } from 'vitest'
import type { Schema } from '../../entities/index.ts'
import { mikroOrmAdapter } from '../../src/adapters/mikro-orm/index.ts'
import { CORE_MODELS, resolveFullSchema, SchemaOutOfDate, UniqueViolation, type Where } from '../../src/index.ts'
import { closeAfterEach, withMongo } from '../support/every-database.ts'
import { withDocuments } from '../support/mongo/documents.ts'
import { insertItems, schema, sessionRow, userRow } from './conformance.ts'

describe('rows as MongoDB documents', () => {
  const createDatabase = withMongo()
  const closing = closeAfterEach()
  const open = async (url = createDatabase(), pool = 4) => {
    const adapter = closing(mikroOrmAdapter({ url, pool })).connect(schema)
    await adapter.createSchema()
    const stored = (collection: string) => withDocuments(url, db => db.collection(collection).find().toArray())
    return { adapter, url, stored }
  }

  it('have the id as _id, names as chosen, values in their own types, and nothing for null', async () => {
    const { adapter, stored } = await open()
    const at = new Date('2026-01-02T03:04:05.678Z')
    await adapter.create({ model: 'user', data: userRow('u1') })
    const data = { list: [1, null], deep: { yes: true } }
    const values = { rank: 3, size: 2 ** 40, active: true, at, data, tags: ['a'], scores: [1.5], note: 'n', code: null }
    await adapter.create({ model: 'item', data: { id: 'i1', name: 'one', ownerId: 'u1', ...values } })
    const { note: note_text, code: _, ...same } = values
    expect(await stored('stored_items')).toEqual([{ _id: 'i1', name: 'one', owner: 'u1', ...same, note_text }])
    await adapter.update({ model: 'item', where: [], update: { note: null, data: null } })
    const [changed] = await stored('stored_items')
    expect(Object.keys(changed ?? {})).not.toContain('note_text')
    expect(Object.keys(changed ?? {})).not.toContain('data')
    expect(await adapter.findOne({ model: 'item', where: [] })).toMatchObject({ note: null, data: null, code: null })
  })

  it('are found by null whether the field is null or missing', async () => {
    const { adapter, url } = await open()
    const documents = [
      { _id: 'a', name: 'a', note_text: null },
      { _id: 'b', name: 'b' },
    ]
    await withDocuments(url, db => db.collection('stored_items').insertMany(documents))
    expect(await adapter.count({ model: 'item', where: [{ field: 'note', value: null }] })).toBe(2)
    expect(await adapter.count({ model: 'item', where: [{ field: 'note', value: null, operator: 'ne' }] })).toBe(0)
    expect(await adapter.count({ model: 'item', where: [{ field: 'note', value: 'x', operator: 'ne' }] })).toBe(0)
  })

  const hostile: unknown[] = [
    { $gt: '' },
    { $ne: null },
    { nested: { $where: '1' } },
    { 'a.b': 1, '': 2 },
    { $ref: 'user', $id: 'u1' },
    { _bsontype: 'ObjectId', id: 'x' },
    { _bsontype: 'Code' },
    JSON.parse('{"__proto__": {"polluted": true}}'),
    { 'nul\0': 1 },
    { deep: JSON.parse(`${'['.repeat(200)}${']'.repeat(200)}`) },
    { constructor: 'x', toBSON: 'y', toString: 'z' },
  ]
  it('keep JSON that BSON would read as something else', async () => {
    const { adapter } = await open()
    for (const [index, data] of hostile.entries()) {
      const where = [{ field: 'id', value: `i${index}` }]
      await adapter.create({ model: 'item', data: { id: `i${index}`, name: 'n', data } })
      expect.soft((await adapter.findOne({ model: 'item', where }))?.data).toEqual(data)
      expect.soft((await adapter.update({ model: 'item', where, update: { data, rank: 1 } }))?.data).toEqual(data)
    }
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  it('are compared with values only, whatever shape a value has', async () => {
    const { adapter } = await open()
    await insertItems(adapter, [{ note: 'secret' }])
    const shapes: unknown[] = [{ $gt: '' }, { $ne: 'x' }, { $regex: '.*' }, /.*/, { _bsontype: 'MinKey' }, () => 1]
    for (const value of shapes) {
      const where = [{ field: 'note', value } as Where]
      await expect.soft(adapter.findOne({ model: 'item', where })).rejects.toThrow(TypeError)
      const list = [{ field: 'note', value: [value], operator: 'in' } as unknown as Where]
      await expect.soft(adapter.findMany({ model: 'item', where: list })).rejects.toThrow(TypeError)
    }
    const operators = ['contains', 'starts_with', 'ends_with', 'ilike_eq', 'eq'] as const
    for (const operator of operators) {
      for (const value of ['$note_text', '$$ROOT', '.*', '^', 'secret$', '(?i)SECRET', 'SECRET\n']) {
        const found = await adapter.count({ model: 'item', where: [{ field: 'note', value, operator }] })
        expect.soft(found, `${operator} ${value}`).toBe(0)
      }
    }
  })

  it('are compared by very long texts and such with NUL', async () => {
    const { adapter } = await open()
    const long = 'Ä'.repeat(65_536)
    await insertItems(adapter, [{ note: long }, { note: 'a\0B' }, { note: 'line\n' }])
    const count = (operator: Where['operator'], value: string) =>
      adapter.count({ model: 'item', where: [{ field: 'note', value, operator }] })
    for (const operator of ['eq', 'contains', 'starts_with', 'ends_with', 'ilike_eq'] as const) {
      expect.soft(await count(operator, long), operator).toBe(1)
      expect.soft(await count(operator, 'a\0B'), operator).toBe(1)
    }
    expect(await count('ilike_eq', 'A\0b')).toBe(1)
    expect(await count('ilike_eq', 'LINE')).toBe(0)
    expect(await count('ilike_eq', 'LINE\n')).toBe(1)
    expect(await count('contains', 'A\0')).toBe(0)
  })

  it('are found by values that SQL would convert', async () => {
    const { adapter } = await open()
    await insertItems(adapter, [{ rank: 5, active: false, at: new Date(1000), note: '7' }])
    const count = (field: string, value: Where['value']) => adapter.count({ model: 'item', where: [{ field, value }] })
    expect(await count('rank', '5')).toBe(1)
    expect(await count('active', 0)).toBe(1)
    expect(await count('active', 1)).toBe(0)
    expect(await count('at', new Date(1000).toISOString())).toBe(1)
    expect(await count('note', 7)).toBe(1)
  })

  it('have indexes: unique where the schema says so, sparse where there may be no value, one for each reference', async () => {
    const { adapter, url } = await open()
    await adapter.createSchema()
    const indexes = (collection: string) =>
      withDocuments(url, async db =>
        (await db.collection(collection).indexes()).map(({ key, unique, sparse }) => [key, !!unique, !!sparse]),
      )
    expect(await indexes('people')).toEqual([
      [{ _id: 1 }, false, false],
      [{ email_address: 1 }, true, false],
    ])
    expect(await indexes('session')).toEqual([
      [{ _id: 1 }, false, false],
      [{ token: 1 }, true, false],
      [{ userId: 1 }, false, false],
    ])
    expect(await indexes('stored_items')).toEqual([
      [{ _id: 1 }, false, false],
      [{ code: 1 }, true, true],
      [{ owner: 1 }, false, true],
    ])
  })

  it('keep indexes that others made, and a failed creation drops none', async () => {
    const { url } = await open()
    const twice = [
      { _id: 'a', code: 'same' },
      { _id: 'b', code: 'same' },
    ]
    await withDocuments(url, db => db.collection('people').createIndex({ name: 1 }, { name: 'mine' }))
    await withDocuments(url, db =>
      db.collection('people').insertMany(twice.map(row => ({ ...row, email_address: row._id }))),
    )
    const user = { modelName: 'people', fields: { email: 'email_address' } }
    const code = { additionalFields: { code: { type: 'string', required: false, unique: true } } } as const
    const later = resolveFullSchema(CORE_MODELS, [], { user: { ...user, ...code } })
    const adapter = closing(mikroOrmAdapter({ url })).connect(later)
    await expect(adapter.createSchema()).rejects.toThrow('E11000')
    const names = await withDocuments(url, async db =>
      (await db.collection('people').indexes()).map(({ name }) => name),
    )
    expect(names).toEqual(['_id_', 'email_address_1', 'mine'])
  })

  it('are not written while a unique index is missing', async () => {
    const url = createDatabase()
    const adapter = closing(mikroOrmAdapter({ url })).connect(schema)
    const create = () => adapter.create({ model: 'user', data: userRow('u1') })
    await expect(create()).rejects.toBeInstanceOf(SchemaOutOfDate)
    await expect(adapter.transaction(create)).rejects.toThrow('kernia migrate')
    await withDocuments(url, db => db.collection('people').createIndex({ email_address: 1 }, { name: 'plain' }))
    await expect(create()).rejects.toThrow('"email_address"')
    await withDocuments(url, db => db.dropDatabase())
    await adapter.createSchema()
    expect(await create()).toEqual(userRow('u1'))
  })

  it('that were there before a required field get its default, once', async () => {
    const { adapter, url } = await open()
    await adapter.create({ model: 'user', data: userRow('u1') })
    const user = { modelName: 'people', fields: { email: 'email_address' } }
    const role = { additionalFields: { role: { type: 'string', defaultValue: 'member' } } } as const
    const later = closing(mikroOrmAdapter({ url })).connect(
      resolveFullSchema(CORE_MODELS, [], { user: { ...user, ...role } }),
    )
    await later.createSchema()
    expect(await later.findMany({ model: 'user', where: [] })).toEqual([{ ...userRow('u1'), role: 'member' }])
    await later.update({ model: 'user', where: [], update: { role: 'admin' } })
    await later.createSchema()
    expect(await later.findOne({ model: 'user', where: [] })).toMatchObject({ role: 'admin' })
  })

  it('can be prepared by several at once', async () => {
    const url = createDatabase()
    const adapters = Array.from({ length: 4 }, () => closing(mikroOrmAdapter({ url })).connect(schema))
    await Promise.all(adapters.map(adapter => adapter.createSchema()))
    await adapters[0]?.create({ model: 'user', data: userRow('u1') })
    const same = { ...userRow('u2'), email: 'u1@example.com' }
    await expect(adapters[1]?.create({ model: 'user', data: same })).rejects.toBeInstanceOf(UniqueViolation)
  })

  it('come in many batches, and none for a limit of 0', async () => {
    const { adapter, url } = await open()
    const documents = Array.from({ length: 1234 }, (_, rank) => ({ _id: `i${rank}`, name: 'n', rank }))
    await withDocuments(url, db => db.collection('stored_items').insertMany(documents))
    const all = { model: 'item', where: [], limit: Number.MAX_SAFE_INTEGER }
    expect(await adapter.findMany(all)).toHaveLength(1234)
    expect(await adapter.findMany({ ...all, sortBy: { field: 'rank', direction: 'desc' } })).toHaveLength(1234)
    expect(await adapter.findMany({ ...all, limit: 0 })).toEqual([])
  })

  it('need one connection only', async () => {
    const { adapter } = await open(createDatabase(), 1)
    const run = (index: number) =>
      adapter.transaction(async () => {
        await adapter.create({ model: 'user', data: userRow(`u${index}`) })
        await adapter.create({ model: 'session', data: sessionRow(`s${index}`, `u${index}`) })
      })
    const outside = () => adapter.findMany({ model: 'session', where: [], join: 'user' })
    await Promise.all(Array.from({ length: 20 }, (_, index) => Promise.all([run(index), outside()])))
    expect(await adapter.count({ model: 'session' })).toBe(20)
  })
})

describe('a MongoDB URL', () => {
  it('must name a database', () => {
    for (const url of ['mongodb://localhost', 'mongodb://localhost/', 'mongodb+srv://u:p@a.example/?x=1']) {
      expect(() => mikroOrmAdapter({ url }).connect(schema)).toThrow('name a database')
    }
  })

  it('may have several hosts, a user and parameters', async () => {
    for (const url of ['mongodb://a:1,b:2,c:3/my%20app?replicaSet=rs', 'mongodb://u:p%2Fq@localhost/my%20app']) {
      const orm = (await mikroOrmAdapter({ url }).connect(schema).orm?.()) as { config: { get(key: string): unknown } }
      expect(orm.config.get('dbName')).toBe('my app')
    }
  })

  it('goes with no ids that the database counts', () => {
    const counted: Schema = { user: { ...CORE_MODELS.user, ids: 'serial' } }
    expect(() => mikroOrmAdapter({ url: 'mongodb://localhost/x' }).connect(counted)).toThrow('does not count ids')
  })
})
