import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mikroOrmAdapter } from '../../src/adapters/mikro-orm/index.ts'
import { init } from '../../src/index.ts'
import { temporaryDirectory } from '../adapters/conformance.ts'
import { secret } from '../support/test-auth.ts'
import { CORE, createEvolvingApp, fill, type SchemaOptions } from './evolving.ts'

const kindsOf = (changes: readonly { kind: string; text: string }[]) => changes.map(({ text }) => text)

async function createApp() {
  const url = `sqlite:${join(await temporaryDirectory(), 'test.db')}`
  return { url, ...(await createEvolvingApp(url)) }
}

describe('renames of a database without a snapshot', () => {
  /** Tables as `createSchema` makes them, so that no migration and no snapshot tells of them. */
  async function created(options: SchemaOptions = {}) {
    const app = await createApp()
    const auth = init({ ...options, secret, database: mikroOrmAdapter({ url: app.url }) })
    await auth.createSchema()
    await auth.close()
    return app
  }

  it('recognises a table and a column that had their default names', async () => {
    const app = await created()
    const first = app.as()
    await fill(first)
    const before = await first.rows(...CORE)
    const second = app.as({ user: { modelName: 'people', fields: { email: 'mail' } } })
    const { plan } = await second.generate()
    expect(kindsOf(plan.changes)).toEqual(
      expect.arrayContaining(['renames the table user to people', 'renames people.email to mail']),
    )
    await second.migrate()
    expect(await second.rows(...CORE)).toEqual(before)
  })

  it('leaves a table alone that only happens to have the default name', async () => {
    const app = await createApp()
    const version = app.as({ user: { modelName: 'auth_user' } })
    const orm = await version.orm()
    await orm.connect()
    const run = (sql: string) => orm.driver.getConnection().execute(sql)
    await run('create table user (id text primary key, name text, email text, shoe_size integer)')
    await run(`insert into user values ('1', 'theirs', 'e', 43)`)
    const { plan } = await version.generate()
    expect(kindsOf(plan.changes)).toContain('creates auth_user')
    expect(plan.changes.map(({ kind }) => kind)).not.toContain('rename')
    await version.migrate()
    expect(await run('select * from user')).toEqual([{ id: '1', name: 'theirs', email: 'e', shoe_size: 43 }])
  })

  it('keeps the values of a column whose former name it cannot know', async () => {
    const app = await created({ user: { fields: { image: 'picture' } } })
    const first = app.as({ user: { fields: { image: 'picture' } } })
    await fill(first)
    const where = [{ field: 'id', value: 'u1' }]
    await first.adapter.update({ model: 'user', where, update: { image: 'https://example.com/1.png' } })
    const second = app.as({ user: { fields: { image: 'portrait' } } })
    const { plan } = await second.generate()
    expect(kindsOf(plan.changes)).toEqual(['adds user.portrait'])
    await second.migrate()
    expect(await first.adapter.findOne({ model: 'user', where })).toMatchObject({ image: 'https://example.com/1.png' })
  })
})
