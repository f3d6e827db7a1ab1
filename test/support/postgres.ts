import { randomUUID } from 'node:crypto'
import { type PostgresClient, withPostgresClient } from './postgres-client.ts'
import { startCluster } from './postgres-cluster.ts'
import { findPostgresPrograms } from './postgres-programs.ts'
import { skipWithout } from './skip-without.ts'

export type TestPostgres = {
  /** The address of the server's maintenance database. */
  url: string
  /** Creates an empty database and resolves to its address. */
  createDatabase(name?: string): Promise<string>
  /** Ends the server and removes its files; on the server of TEST_PG_URL, drops what was created. */
  stop(): Promise<void>
}

/** Whether startPostgres can work here: TEST_PG_URL is set, or server programs are installed. */
export function postgresAvailable(): boolean {
  return Boolean(process.env.TEST_PG_URL) || findPostgresPrograms() !== undefined
}

/** For `describe.skipIf`: true where there is no PostgreSQL, an error under CI. */
export function skipWithoutPostgres(): boolean {
  return skipWithout('PostgreSQL', postgresAvailable(), 'install its server or set TEST_PG_URL.')
}

/** The PostgreSQL of TEST_PG_URL, else a new one of our own: empty, on 127.0.0.1, gone with this process. */
export async function startPostgres(): Promise<TestPostgres> {
  const given = process.env.TEST_PG_URL
  if (given) return onServer(given, created => dropDatabases(given, created))
  const programs = findPostgresPrograms()
  if (!programs) throw new Error('No PostgreSQL on this machine: install its server or set TEST_PG_URL')
  const cluster = await startCluster(programs)
  return onServer(cluster.url, cluster.stop)
}

function onServer(url: string, end: (created: string[]) => Promise<void>): TestPostgres {
  const created: string[] = []
  return {
    url,
    async createDatabase(name = `test_${randomUUID().replaceAll('-', '')}`) {
      await withPostgresClient(url, client => client.query(`CREATE DATABASE ${quote(name)} TEMPLATE template0`))
      created.push(name)
      const address = new URL(url)
      address.pathname = `/${encodeURIComponent(name)}`
      return address.href
    },
    stop: () => end(created.splice(0)),
  }
}

async function dropDatabases(url: string, names: string[]): Promise<void> {
  if (!names.length) return
  await withPostgresClient(url, async (client: PostgresClient) => {
    for (const name of names) await client.query(`DROP DATABASE IF EXISTS ${quote(name)} WITH (FORCE)`)
  })
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
