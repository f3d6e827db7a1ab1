import { join } from 'node:path'
import { Migrator } from '@mikro-orm/migrations'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../adapters/conformance.ts'
import { CORE, createEvolvingApp, fill, type Version } from './evolving.ts'

/** An application on SQLite whose next migration writes the table `user` anew, which others refer to. */
async function beforeRebuild() {
  const app = await createEvolvingApp(`sqlite:${join(await temporaryDirectory(), 'test.db')}`)
  const first = app.as({ user: { additionalFields: { locale: { type: 'string', required: false } } } })
  await first.generate()
  await first.migrate()
  await fill(first)
  const next = app.as({ user: { additionalFields: { locale: { type: 'string', defaultValue: 'en' } } } })
  await next.generate()
  return { app, first, next, before: await first.rows(...CORE) }
}

/** MikroORM's own migrator, over the same folder. */
async function migratorOf(version: Version, options: object): Promise<Migrator> {
  const orm = await version.orm()
  const silent = { pathTs: undefined, snapshot: false, silent: true }
  Object.assign(orm.config.get('migrations'), silent, options)
  return new Migrator(orm.em)
}

describe('a migration that writes a table anew (SQLite), under the migrator of MikroORM', () => {
  it.each([{}, { allOrNothing: false }])('refuses to run in a transaction, and loses nothing: %j', async options => {
    const { app, first, next, before } = await beforeRebuild()
    const migrator = await migratorOf(next, { path: app.folder, ...options })
    await expect(migrator.up()).rejects.toThrow('kernia migrate')
    expect(await first.rows(...CORE)).toEqual(before)
    expect(await next.migrate()).toEqual(['Migration0002'])
  })

  it('runs without one', async () => {
    const { app, next, before } = await beforeRebuild()
    await (await migratorOf(next, { path: app.folder, transactional: false })).up()
    const users = before.user?.map(row => ({ ...row, locale: 'en' }))
    expect(await next.rows(...CORE)).toEqual({ ...before, user: users })
    expect(await next.migrate()).toEqual([])
  })
})

describe('a migration that writes a table anew (SQLite)', () => {
  it('refuses to copy a table that has got further columns since it was generated', async () => {
    const { first, next } = await beforeRebuild()
    const { driver } = await first.orm()
    const run = (sql: string) => driver.getConnection().execute(sql)
    await run('alter table user add column added_by_hand text')
    await run(`update user set added_by_hand = 'precious'`)
    await expect(next.migrate()).rejects.toThrow('user has other columns by now (added_by_hand)')
    expect(await run('select count(*) as rows from user where added_by_hand is not null')).toEqual([{ rows: 3 }])
  })

  it('keeps views and triggers that name the table', async () => {
    const app = await createEvolvingApp(`sqlite:${join(await temporaryDirectory(), 'test.db')}`)
    const first = app.as({ user: { additionalFields: { locale: { type: 'string', required: false } } } })
    await first.generate()
    await first.migrate()
    await fill(first)
    const { driver } = await first.orm()
    const run = (sql: string) => driver.getConnection().execute(sql)
    await run('create view names as select name from user')
    await run('create table log (what text)')
    const body = "insert into log values (new.id || ';'); insert into log values ('two'); "
    await run(`create trigger noted after update on user for each row begin ${body}end`)
    const next = app.as({ user: { additionalFields: { locale: { type: 'string', defaultValue: 'en' } } } })
    await next.generate()
    await next.migrate()
    expect(await run('select count(*) as rows from names')).toEqual([{ rows: 3 }])
    await next.adapter.update({ model: 'user', where: [{ field: 'id', value: 'u1' }], update: { name: 'new' } })
    expect(await run('select what from log')).toEqual([{ what: 'u1;' }, { what: 'two' }])
    expect(await next.drift()).toEqual([])
  })

  it('leaves foreign keys as they were, on and unbroken', async () => {
    const { next } = await beforeRebuild()
    await next.migrate()
    const { driver } = await next.orm()
    const run = (sql: string) => driver.getConnection().execute(sql)
    expect(await run('pragma foreign_keys')).toEqual([{ foreign_keys: 1 }])
    expect(await run('pragma foreign_key_check')).toEqual([])
    await next.adapter.delete({ model: 'user', where: [{ field: 'id', value: 'u1' }] })
    expect((await next.rows('session')).session).toHaveLength(4)
  })
})
