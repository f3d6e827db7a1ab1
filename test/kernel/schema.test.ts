import * as mikroOrm from '@mikro-orm/core'
import { describe, expect, it } from 'vitest'
import { type ModelOverride, outputSchema } from '../../entities/index.ts'
import { toEntities } from '../../entities/mikro-orm.ts'
import { CORE_MODELS, type Fields, resolveFullSchema, type SchemaContribution } from '../../src/index.ts'

const plugin = (id: string, schema: SchemaContribution) => ({ id, schema })
const text: Fields[string] = { type: 'string' }

describe('the tables of an instance', () => {
  it('are the four core tables, under their own names', () => {
    const schema = resolveFullSchema(CORE_MODELS, [])
    expect(Object.entries(schema).map(([name, { modelName }]) => [name, modelName])).toEqual([
      ['user', 'user'],
      ['session', 'session'],
      ['account', 'account'],
      ['verification', 'verification'],
    ])
  })

  it('take on fields and tables of plugins, and fields and names of the application', () => {
    const plugins = [
      plugin('one', { user: { fields: { banned: { type: 'boolean', defaultValue: false } } } }),
      plugin('two', { team: { modelName: 'teams', fields: { title: text } }, session: { fields: { teamId: text } } }),
      plugin('three', { team: { fields: { size: { type: 'number' } } } }),
    ]
    const user = { modelName: 'people', fields: { email: 'mail' }, additionalFields: { nick: text } }
    const schema = resolveFullSchema(CORE_MODELS, plugins, { user })
    expect(schema.team).toMatchObject({ modelName: 'teams', fields: { title: text, size: { type: 'number' } } })
    expect(schema.session?.fields.teamId).toEqual(text)
    expect(schema.user?.modelName).toBe('people')
    expect(schema.user?.fields).toMatchObject({ banned: {}, nick: text, email: { fieldName: 'mail', unique: true } })
  })

  it('leave the core tables as they are for the next instance', () => {
    const before = JSON.stringify(CORE_MODELS)
    resolveFullSchema(CORE_MODELS, [plugin('one', { user: { fields: { extra: text } } })], {
      user: { modelName: 'people', fields: { email: 'mail' } },
    })
    expect(JSON.stringify(CORE_MODELS)).toBe(before)
    expect(resolveFullSchema(CORE_MODELS, []).user?.fields.extra).toBeUndefined()
  })

  const clashes: [title: string, plugins: ReturnType<typeof plugin>[], user: ModelOverride, error: RegExp][] = [
    ['a core field', [plugin('one', { user: { fields: { email: text } } })], {}, /plugin "one".*"email"/],
    ['the id', [plugin('one', { user: { fields: { id: text } } })], {}, /plugin "one".*"id"/],
    [
      'the field of another plugin',
      [plugin('one', { user: { fields: { a: text } } }), plugin('two', { user: { fields: { a: text } } })],
      {},
      /plugin "two".*"a"/,
    ],
    ['a core field by the application', [], { additionalFields: { email: text } }, /options\.user.*"email"/],
    [
      'a plugin’s field by the application',
      [plugin('one', { user: { fields: { a: text } } })],
      { additionalFields: { a: text } },
      /options\.user.*"a"/,
    ],
    ['a name that SQL could trip over', [], { additionalFields: { 'a"; drop table': text } }, /cannot name a field/],
    ['an empty name', [], { additionalFields: { '': text } }, /cannot name a field/],
    ['a name with a dash', [], { additionalFields: { 'a-b': text } }, /cannot name a field/],
    ['an unknown field to rename', [], { fields: { mail: 'mail_address' } }, /options\.user.*"mail"/],
    [
      'a reference to no table',
      [plugin('one', { user: { fields: { a: { type: 'string', references: { model: 'team', field: 'id' } } } } })],
      {},
      /"user\.a".*"team"/,
    ],
  ]
  it.each(clashes)('are refused with %s', (_title, plugins, user, error) => {
    expect(() => resolveFullSchema(CORE_MODELS, plugins, { user })).toThrow(error)
  })

  it.each(['__proto__', 'constructor', 'toString'])('take no field named %s for one that is there', name => {
    const fields = Object.fromEntries([[name, text]])
    const merge = () => resolveFullSchema(CORE_MODELS, [plugin('one', { user: { fields } })])
    if (name === '__proto__') expect(merge).toThrow('cannot name a field')
    else expect(Object.hasOwn(merge().user?.fields ?? {}, name)).toBe(true)
  })

  it.each([
    ['two tables', { user: { modelName: 'session' } }],
    ['two columns', { user: { fields: { name: 'email' } } }],
    ['a column and the id', { user: { fields: { name: 'id' } } }],
  ])('are refused when %s get the same name in the database', (_title, overrides) => {
    expect(() => resolveFullSchema(CORE_MODELS, [], overrides)).toThrow(/name/)
  })
})

describe('the entities of an instance', () => {
  it('have the tables, columns and rules of its fields', () => {
    const user = { modelName: 'people', fields: { email: 'mail' } }
    const entities = toEntities(mikroOrm, resolveFullSchema(CORE_MODELS, [], { user }))
    const columnsOf = (model: string) => Object.fromEntries(Object.entries(entities[model]?.meta.properties ?? {}))
    expect(entities.user?.meta.tableName).toBe('people')
    expect(columnsOf('user')).toMatchObject({
      email: { fieldName: 'mail', unique: true, nullable: false, length: 255 },
      image: { fieldName: 'image', nullable: true, type: expect.objectContaining({ name: 'LongText' }) },
      emailVerified: { type: 'boolean', default: false },
    })
    expect(columnsOf('session')).toMatchObject({ userId: { kind: 'm:1', mapToPk: true, deleteRule: 'cascade' } })
  })

  it('are those of one instance only', () => {
    const schema = resolveFullSchema(CORE_MODELS, [])
    expect(toEntities(mikroOrm, schema).user).not.toBe(toEntities(mikroOrm, schema).user)
  })
})

describe('what a client sees of a row', () => {
  it('has no hidden fields, and nothing that is not declared', () => {
    const fields: Fields = {
      shown: text,
      hidden: { type: 'string', returned: false },
      maybe: { type: 'string', required: false },
    }
    const schema = outputSchema('Row', fields)
    const row = { id: '1', shown: 'a', hidden: 'b', maybe: null, undeclared: 'c' }
    expect(schema.parse(row)).toEqual({ id: '1', shown: 'a', maybe: null })
  })

  it('never has a password or a provider’s token', () => {
    const account = outputSchema<Record<string, unknown>>('Account', CORE_MODELS.account.fields)
    const shown = Object.entries((account as unknown as { shape: object }).shape).map(([name]) => name)
    for (const secret of ['password', 'accessToken', 'refreshToken', 'idToken']) expect(shown).not.toContain(secret)
  })
})
