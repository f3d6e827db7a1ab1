import { execFile } from 'node:child_process'
import { chown } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { PostgresPrograms } from './postgres-programs.ts'
import { dataDirectory, freePort, removing, startGuarded, unprivilegedAccount } from './throw-away-server.ts'

const settings = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'max_connections=100',
  'shared_buffers=32MB',
]

/** Starts a throw-away PostgreSQL server. Data safety is off: nothing in it outlives the tests. */
export async function startCluster(programs: PostgresPrograms): Promise<{ url: string; stop(): Promise<void> }> {
  const account = unprivilegedAccount(['postgres', 'nobody'])
  const directory = await dataDirectory('kernia-pg-')
  if (account.uid !== undefined && account.gid !== undefined) await chown(directory, account.uid, account.gid)
  return removing(directory, async () => {
    const env = { PATH: process.env.PATH, PGDATA: directory, LC_ALL: 'C', TZ: 'UTC' }
    const options = ['--auth=trust', '--username=postgres', '--encoding=UTF8', '--locale=C', '--no-sync']
    await promisify(execFile)(programs.initdb, options, { cwd: directory, env, ...account })
    const port = await freePort()
    const assignments = [`data_directory=${directory}`, ...settings, `port=${port}`].flatMap(set => ['-c', set])
    const server = await startGuarded({
      name: 'PostgreSQL',
      command: [programs.postgres, '-D', directory, ...assignments],
      directory,
      account,
      ready: /ready to accept connections/,
      failed: /FATAL/,
    })
    return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, stop: server.stop }
  })
}
