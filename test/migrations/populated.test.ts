import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { definePlugin, type Row } from '../../src/index.ts'
import { rowsWithoutValue } from '../../src/migrations/compare.ts'
import { executedMigrations } from '../../src/migrations/run.ts'
import { temporaryDirectory } from '../adapters/conformance.ts'
import { withMariaDb, withPostgres } from '../support/every-database.ts'
import { skipWithoutMariaDb } from '../support/mariadb.ts'
import { skipWithoutPostgres } from '../support/postgres.ts'
import { CORE, createEvolvingApp, fill, type SchemaOptions } from './evolving.ts'

const twoFactor = definePlugin({
  id: 'two-factor',
  schema: {
    user: { fields: { twoFactorEnabled: { type: 'boolean', defaultValue: false } } },
    twoFactor: {
      fields: {
        secret: { type: 'string', returned: false },
        userId: { type: 'string', references: { model: 'user', field: 'id' } },
      },
    },
  },
})

/** The rows with further values in each row of one model. */
function withValues(rows: Record<string, Row[]>, model: string, values: Row): Record<string, Row[]> {
  return { ...rows, [model]: (rows[model] ?? []).map(row => ({ ...row, ...values })) }
}

function tests(createUrl: () => Promise<string>, engine: string): void {
  const undoes = !['mariadb', 'mysql'].includes(engine)

  /** An application with its first migration applied and rows in every table. */
  async function populated(options: SchemaOptions = {}) {
    const app = await createEvolvingApp(await createUrl())
    const first = app.as(options)
    await first.generate()
    await first.migrate()
    expect(await first.drift()).toEqual([])
    await fill(first)
    return { app, first, before: await first.rows(...CORE) }
  }

  it('has nothing to do when nothing changed', async () => {
    const { first } = await populated()
    expect((await first.generate()).plan.changes).toEqual([])
    expect(await first.migrate()).toEqual([])
  })

  it("adds a plugin's tables and fields: up, down, up", async () => {
    const { app, first, before } = await populated()
    const second = app.as({ plugins: [twoFactor] })
    const { plan } = await second.generate()
    expect(plan.changes.map(({ text }) => text)).toEqual(
      expect.arrayContaining(['creates twoFactor', 'adds user.twoFactorEnabled']),
    )
    const after = withValues(before, 'user', { twoFactorEnabled: false })
    expect(await second.migrate()).toEqual(['Migration0002'])
    expect(await second.rows(...CORE)).toEqual(after)
    expect(await second.drift()).toEqual([])
    expect(await second.down()).toBe('Migration0002')
    expect(await first.rows(...CORE)).toEqual(before)
    expect(await second.migrate()).toEqual(['Migration0002'])
    expect(await second.rows(...CORE)).toEqual(after)
    expect(
      await second.adapter.create({ model: 'twoFactor', data: { id: 't', secret: 's', userId: 'u1' } }),
    ).toBeTruthy()
  })

  it('renames tables and columns: up, down, up', async () => {
    const { app, first, before } = await populated()
    const second = app.as({
      user: { modelName: 'people', fields: { email: 'email_address' } },
      session: { fields: { userId: 'person_id', token: 'session_token' } },
    })
    const { plan } = await second.generate()
    expect(plan.changes.filter(({ kind }) => kind === 'rename').map(({ text }) => text)).toEqual([
      'renames the table user to people',
      'renames people.email to email_address',
      'renames session.token to session_token',
      'renames session.userId to person_id',
    ])
    await second.migrate()
    expect(await second.rows(...CORE)).toEqual(before)
    expect(await second.drift()).toEqual([])
    await second.down()
    expect(await first.rows(...CORE)).toEqual(before)
    expect(await first.drift()).toEqual([])
    await second.migrate()
    expect(await second.rows(...CORE)).toEqual(before)
    await second.adapter.delete({ model: 'user', where: [{ field: 'id', value: 'u1' }] })
    expect((await second.rows('session')).session).toHaveLength(4)
  })

  it('knows a renamed name from one rename to the next', async () => {
    const { app, before } = await populated({ user: { fields: { name: 'full_name' } } })
    const second = app.as({ user: { fields: { name: 'display_name' } } })
    await second.generate()
    await second.migrate()
    expect(await second.rows(...CORE)).toEqual(before)
    expect(await second.drift()).toEqual([])
  })

  it('makes a column required, filling rows that have no value: up, down, up', async () => {
    const optional: SchemaOptions = { user: { additionalFields: { locale: { type: 'string', required: false } } } }
    const { app, first, before } = await populated(optional)
    await first.adapter.update({ model: 'user', where: [{ field: 'id', value: 'u2' }], update: { locale: 'de' } })
    const second = app.as({ user: { additionalFields: { locale: { type: 'string', defaultValue: "it's en" } } } })
    await second.generate()
    await second.migrate()
    const filled = withValues(before, 'user', { locale: "it's en" })
    const expected = { ...filled, user: filled.user?.map(row => (row.id === 'u2' ? { ...row, locale: 'de' } : row)) }
    expect(await second.rows(...CORE)).toEqual(expected)
    expect(await second.drift()).toEqual([])
    await second.down()
    expect(await first.rows(...CORE)).toEqual(expected)
    await second.migrate()
    expect(await second.rows(...CORE)).toEqual(expected)
  })

  it('renames and requires in the same table at once', async () => {
    const optional: SchemaOptions = { user: { additionalFields: { locale: { type: 'string', required: false } } } }
    const { app, before } = await populated(optional)
    const second = app.as({
      user: {
        fields: { name: 'full_name', image: 'picture' },
        additionalFields: {
          locale: { type: 'string', defaultValue: 'en' },
          since: { type: 'date', defaultValue: () => new Date() },
          tags: { type: 'string[]', defaultValue: ['new'] },
          level: { type: 'number', defaultValue: 3 },
        },
      },
    })
    await second.generate()
    await second.migrate()
    const rows = await second.rows(...CORE)
    const expected = withValues(before, 'user', { locale: 'en', since: expect.any(Date), tags: ['new'], level: 3 })
    expect(rows).toEqual(expected)
    expect(Math.abs(Date.now() - Number(rows.user?.[0]?.since))).toBeLessThan(60_000)
    expect(await second.drift()).toEqual([])
  })

  it('tells which rows lack a value that nothing gives, and changes nothing when applied all the same', async () => {
    const optional: SchemaOptions = { user: { additionalFields: { locale: { type: 'string', required: false } } } }
    const { app, first, before } = await populated(optional)
    const second = app.as({ user: { additionalFields: { locale: { type: 'string' } } } })
    const { plan } = await second.generate()
    expect(await rowsWithoutValue(await second.orm(), plan)).toEqual([{ table: 'user', column: 'locale', rows: 3 }])
    await expect(second.migrate()).rejects.toThrow()
    expect(await first.rows(...CORE)).toEqual(before)
    for (const id of ['u1', 'u2', 'u3']) {
      await first.adapter.update({ model: 'user', where: [{ field: 'id', value: id }], update: { locale: id } })
    }
    await second.migrate()
    expect((await second.rows('user')).user?.map(({ locale }) => locale)).toEqual(['u1', 'u2', 'u3'])
  })

  const failing: SchemaOptions = { plugins: [twoFactor], user: { additionalFields: { nobody: { type: 'string' } } } }

  const undoesAll = async () => {
    const { app, first, before } = await populated()
    const second = app.as(failing)
    await second.generate()
    await expect(second.migrate()).rejects.toThrow()
    expect(await first.rows(...CORE)).toEqual(before)
    expect(await first.drift()).toEqual([])
    await expect(second.adapter.count({ model: 'twoFactor' })).rejects.toThrow(/kernia migrate/)
  }

  const stopsHalfWay = async () => {
    const { app, first, before } = await populated()
    const second = app.as(failing)
    await second.generate()
    await expect(second.migrate()).rejects.toThrow()
    // Half done, and not remembered as done.
    expect(await second.adapter.count({ model: 'twoFactor' })).toBe(0)
    expect(await executedMigrations(await second.orm())).toEqual(['Migration0001'])
    expect(await first.rows(...CORE)).toEqual(before)
    // The remedy that the manual gives.
    rmSync(join(app.folder, 'Migration0002.ts'))
    const third = app.as({ ...failing, user: { additionalFields: { nobody: { type: 'string', defaultValue: 'x' } } } })
    const { plan, comparedWith } = await third.generate()
    expect(comparedWith).toBe('the database')
    expect(plan.changes.map(({ text }) => text)).not.toContain('creates twoFactor')
    // Under another name, since this process remembers the module that failed.
    renameSync(join(app.folder, 'Migration0002.ts'), join(app.folder, 'Migration0003.ts'))
    expect(await third.migrate()).toEqual(['Migration0003'])
    expect(await third.rows(...CORE)).toEqual(withValues(before, 'user', { nobody: 'x', twoFactorEnabled: false }))
    expect(await third.drift()).toEqual([])
  }

  if (undoes) it('undoes all of a migration that fails half-way', undoesAll)
  else it('loses no row in a migration that fails half-way, and finishes it once it is mended', stopsHalfWay)

  it('keeps columns, indexes and rows of the application that it does not know, through a change of their table', async () => {
    const optional: SchemaOptions = { user: { additionalFields: { locale: { type: 'string', required: false } } } }
    const { app, first } = await populated(optional)
    const q = engine === 'mariadb' ? '`' : '"'
    const { driver } = await first.orm()
    const run = (sql: string) => driver.getConnection().execute(sql.replaceAll('"', q))
    await run('alter table "user" add column legacy varchar(20)')
    await run(`update "user" set legacy = 'kept'`)
    await run('create index my_own on "user" (name)')
    const second = app.as({ user: { additionalFields: { locale: { type: 'string', defaultValue: 'en' } } } })
    await second.generate()
    await second.migrate()
    expect(await run('select id, legacy, locale from "user" order by id')).toEqual(
      ['u1', 'u2', 'u3'].map(id => ({ id, legacy: 'kept', locale: 'en' })),
    )
    expect((await second.rows('session')).session).toHaveLength(6)
    await expect(run('create index my_own on "user" (name)')).rejects.toThrow()
  })

  it('leaves the table of a plugin that was taken out, and lets rows be written without its fields', async () => {
    const required = definePlugin({
      id: 'loyalty',
      schema: {
        user: { fields: { tier: { type: 'date', defaultValue: () => new Date() } } },
        points: { fields: { count: { type: 'number' } } },
      },
    })
    const app = await createEvolvingApp(await createUrl())
    const first = app.as({ plugins: [required] })
    await first.generate()
    await first.migrate()
    await first.adapter.create({ model: 'points', data: { id: 'p', count: 7 } })
    const second = app.as()
    const { plan } = await second.generate()
    expect(plan.changes.map(({ kind }) => kind)).toEqual(['no longer required'])
    await second.migrate()
    await fill(second)
    expect(await second.drift()).toEqual([])
    expect((await first.rows('points')).points).toEqual([{ id: 'p', count: 7 }])
  })
}

describe('migrations of a populated database (SQLite file)', () => {
  tests(async () => `sqlite:${join(await temporaryDirectory(), 'test.db')}`, 'sqlite')
})

describe.skipIf(skipWithoutPostgres())('migrations of a populated database (PostgreSQL)', () => {
  tests(withPostgres(), 'postgresql')
})

describe.skipIf(skipWithoutMariaDb())('migrations of a populated database (MariaDB)', () => {
  tests(withMariaDb(), 'mariadb')
})
