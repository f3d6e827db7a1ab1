import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { Orm } from '../../src/adapters/mikro-orm/driver.ts'
import { mikroOrmAdapter } from '../../src/adapters/mikro-orm/index.ts'
import { type Adapter, type AnyPlugin, init, type KerniaOptions, type Row } from '../../src/index.ts'
import { type Comparison, compareDatabase, compareForMigration, snapshotOf } from '../../src/migrations/compare.ts'
import { attribution } from '../../src/migrations/contributions.ts'
import { migrationFiles } from '../../src/migrations/folder.ts'
import { migrationText } from '../../src/migrations/migration-file.ts'
import { applyMigrations, revertMigration } from '../../src/migrations/run.ts'
import { writeSnapshot } from '../../src/migrations/snapshot.ts'
import { sessionRow, temporaryDirectory, userRow } from '../adapters/conformance.ts'
import { secret } from '../support/test-auth.ts'

/** The part of the options that decides about the schema. */
export type SchemaOptions = Pick<KerniaOptions, 'user' | 'session' | 'account' | 'verification' | 'advanced'> & {
  plugins?: readonly AnyPlugin[]
}

/** One application at one point of its life: its options, connected to the database. */
export interface Version {
  adapter: Adapter
  orm(): Promise<Orm>
  /** Compares, writes the migration and its snapshot, and says what it would do. */
  generate(): Promise<Comparison>
  migrate(): Promise<string[]>
  down(): Promise<string | undefined>
  /** What the database lacks; nothing when it is as the schema needs it. */
  drift(): Promise<string[]>
  /** All rows of these models, by logical names. */
  rows(...models: string[]): Promise<Record<string, Row[]>>
}

/** An application whose options change over time, while its database and its migrations folder stay. */
export interface EvolvingApp {
  folder: string
  as(options?: SchemaOptions): Version
}

const nodeModules = fileURLToPath(new URL('../../node_modules', import.meta.url))

export async function createEvolvingApp(url: string): Promise<EvolvingApp> {
  const project = await temporaryDirectory()
  // Migrations import MikroORM's package from where the application has it.
  await symlink(nodeModules, join(project, 'node_modules'))
  const folder = join(project, 'migrations')
  return {
    folder,
    as: (options = {}) => {
      const { context } = init({ ...options, secret, database: mikroOrmAdapter({ url, pool: 1 }) })
      onTestFinished(() => context.adapter.close())
      const { adapter, schema } = context
      const orm = async () => (await adapter.orm?.()) as Orm
      const compared = { schema, engine: adapter.id, folder }
      const run = () => ({ engine: adapter.id, files: migrationFiles(folder) })
      return {
        adapter,
        orm,
        generate: async () => {
          const comparison = await compareForMigration(await orm(), compared)
          if (comparison.plan.up.length === 0) return comparison
          await mkdir(folder, { recursive: true })
          const name = `Migration${String(migrationFiles(folder).length + 1).padStart(4, '0')}`
          const { engine } = compared
          const text = { name, language: 'ts', engine, attribution: attribution(context as never) } as const
          const source = migrationText(comparison.plan, { ...text, comparedWith: comparison.comparedWith })
          await writeFile(join(folder, `${name}.ts`), source)
          writeSnapshot(folder, snapshotOf(compared, comparison.plan))
          return comparison
        },
        migrate: async () => applyMigrations(await orm(), run()),
        down: async () => revertMigration(await orm(), run()),
        drift: async () => (await compareDatabase(await orm(), compared)).up,
        rows: async (...models) => {
          const sortBy = { field: 'id', direction: 'asc' } as const
          const found = models.map(async model => [model, await adapter.findMany({ model, where: [], sortBy })])
          return Object.fromEntries(await Promise.all(found))
        },
      }
    },
  }
}

/** Users with sessions, accounts and verifications, told in a way that no later version changes. */
export async function fill({ adapter }: Version): Promise<void> {
  const time = new Date('2026-01-02T03:04:05.678Z')
  for (const id of ['u1', 'u2', 'u3']) {
    await adapter.create({ model: 'user', data: userRow(id) })
    for (const n of [1, 2]) await adapter.create({ model: 'session', data: sessionRow(`${id}-s${n}`, id) })
    const account = { accountId: id, providerId: 'credential', password: `it's \\ "${id}" ✓`, scope: null }
    const times = { createdAt: time, updatedAt: time }
    await adapter.create({ model: 'account', data: { id: `${id}-a`, userId: id, ...account, ...times } })
  }
  const verification = { id: 'v1', identifier: 'i', value: 'x'.repeat(5000) }
  const data = { ...verification, expiresAt: time, createdAt: time, updatedAt: time }
  await adapter.create({ model: 'verification', data })
}

export const CORE = ['user', 'session', 'account', 'verification']
