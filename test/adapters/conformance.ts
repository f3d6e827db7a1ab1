import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, onTestFinished } from 'vitest'
import { mikroOrmAdapter } from '../../src/adapters/mikro-orm/index.ts'
import type { Adapter } from '../../src/index.ts'
import { insertItems, sessionRow, userRow } from '../../src/testing/conformance/rows.ts'
import { conformanceSchema, type OpenAdapter } from '../../src/testing/index.ts'
import { closeAfterEach, type DatabaseName, describeEveryDatabase } from '../support/every-database.ts'

export { conformanceSchema as schema, insertItems, sessionRow, userRow }

export type AdapterName = DatabaseName | 'sqlite file'

/** Defines the same tests for each adapter, SQLite both in memory and in a file. */
export function describeEveryAdapter(title: string, define: (open: OpenAdapter, name: AdapterName) => void): void {
  describeEveryDatabase(
    title,
    (open, name) => define(async () => prepared((await open()).connect(conformanceSchema)), name),
    // Without them it is what the tests of features run on.
    { preparedStatements: true },
  )
  describe(`${title} (SQLite file)`, () => {
    const closing = closeAfterEach()
    define(async () => {
      const url = `sqlite:${join(await temporaryDirectory(), 'test.db')}`
      return prepared(closing(mikroOrmAdapter({ url })).connect(conformanceSchema))
    }, 'sqlite file')
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
