import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, onTestFinished } from 'vitest'
import { mikroOrmAdapter } from '../../src/adapters/mikro-orm/index.ts'
import { type Adapter, CORE_MODELS, type Fields, type Row, resolveFullSchema } from '../../src/index.ts'
import { closeAfterEach, describeEveryDatabase } from '../support/every-database.ts'

/** One column of every type; the table and one column have other names in the database. */
export const itemFields = {
  name: { type: 'string' },
  code: { type: 'string', required: false, unique: true },
  rank: { type: 'number', required: false },
  size: { type: 'number', required: false, bigint: true },
  active: { type: 'boolean', required: false },
  at: { type: 'date', required: false },
  data: { type: 'json', required: false },
  tags: { type: 'string[]', required: false },
  scores: { type: 'number[]', required: false },
  note: { type: 'string', required: false, fieldName: 'note_text' },
  ownerId: {
    type: 'string',
    required: false,
    fieldName: 'owner',
    references: { model: 'user', field: 'id', onDelete: 'set null' },
  },
} as const satisfies Fields

export const schema = resolveFullSchema(
  CORE_MODELS,
  [{ id: 'conformance', schema: { item: { modelName: 'stored_items', fields: itemFields } } }],
  { user: { modelName: 'people', fields: { email: 'email_address' } } },
)

export type OpenAdapter = () => Promise<Adapter>

/** Defines the same tests for each adapter, SQLite both in memory and in a file. */
export function describeEveryAdapter(title: string, define: (open: OpenAdapter) => void): void {
  describeEveryDatabase(title, open => define(async () => prepared((await open()).connect(schema))))
  describe(`${title} (SQLite file)`, () => {
    const closing = closeAfterEach()
    define(async () => {
      const url = `sqlite:${join(await temporaryDirectory(), 'test.db')}`
      return prepared(closing(mikroOrmAdapter({ url })).connect(schema))
    })
  })
}

async function prepared(adapter: Adapter): Promise<Adapter> {
  await adapter.createSchema()
  return adapter
}

/** A directory that is gone after the test. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kernia-test-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

const time = new Date('2026-01-02T03:04:05.678Z')

export function userRow(id: string): Row {
  const times = { createdAt: time, updatedAt: time }
  return { id, name: `user ${id}`, email: `${id}@example.com`, emailVerified: false, image: null, ...times }
}

export function sessionRow(id: string, userId: string): Row {
  const times = { createdAt: time, updatedAt: time, expiresAt: new Date(time.getTime() + 1000) }
  return { id, userId, token: `token ${id}`, ipAddress: '', userAgent: '', ...times }
}

/** Inserts items that have these values, and a name and an id of their own. */
export async function insertItems(adapter: Adapter, rows: readonly Row[]): Promise<void> {
  for (const [index, row] of rows.entries()) {
    await adapter.create({ model: 'item', data: { id: `item ${index}`, name: `name ${index}`, ...row } })
  }
}
