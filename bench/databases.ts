import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { postgresAvailable, startPostgres } from '../test/support/postgres.ts'

/** An engine that makes empty databases. */
export interface Engine {
  name: 'sqlite' | 'postgresql'
  /** @returns the URL of a new one */
  create(): Promise<string>
}

/**
 * The engines to measure with: SQLite files, and PostgreSQL where it is installed.
 * @param only the one that is wanted
 */
export async function openEngines(only?: string): Promise<{ engines: Engine[]; close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'kernia-bench-'))
  const postgres = only !== 'sqlite' && postgresAvailable() ? await startPostgres() : undefined
  let files = 0
  const sqlite: Engine = { name: 'sqlite', create: async () => `sqlite:${join(folder, `${++files}.db`)}` }
  const all: Engine[] = [sqlite, ...(postgres ? [postgresql(postgres)] : [])]
  return {
    engines: all.filter(({ name }) => !only || name === only),
    close: async () => {
      await postgres?.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function postgresql(server: { createDatabase(): Promise<string> }): Engine {
  return { name: 'postgresql', create: () => server.createDatabase() }
}
