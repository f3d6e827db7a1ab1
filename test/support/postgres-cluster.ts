import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdtemp, rm, statfs } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { PostgresPrograms } from './postgres-programs.ts'

type Account = { uid?: number; gid?: number }

const settings = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'max_connections=100',
  'shared_buffers=32MB',
]

// The shell ends the server and removes its files as soon as its standard input closes, and the system closes that
// when this process ends, however it ends: no exit hook would run after a SIGKILL.
const guard = '"$@" & server=$!; cat; kill -QUIT $server; wait $server; rm -rf "$PGDATA"'

/** Starts a throw-away PostgreSQL server. Data safety is off: nothing in it outlives the tests. */
export async function startCluster(programs: PostgresPrograms): Promise<{ url: string; stop(): Promise<void> }> {
  const account = unprivilegedAccount()
  const directory = await mkdtemp(join(await fastDirectory(), 'kernia-pg-'))
  if (account.uid !== undefined && account.gid !== undefined) await chown(directory, account.uid, account.gid)
  const environment = {
    cwd: directory,
    env: { PATH: process.env.PATH, PGDATA: directory, LC_ALL: 'C', TZ: 'UTC' },
    ...account,
  }
  try {
    const options = ['--auth=trust', '--username=postgres', '--encoding=UTF8', '--locale=C', '--no-sync']
    await promisify(execFile)(programs.initdb, options, environment)
    const port = await freePort()
    const assignments = [...settings, `port=${port}`].flatMap(setting => ['-c', setting])
    const command = ['-c', guard, 'guard', programs.postgres, ...assignments]
    // Detached, so that Ctrl+C in the terminal does not take the guard down before it has cleaned up.
    const child = spawn('sh', command, { ...environment, detached: true, stdio: ['pipe', 'ignore', 'pipe'] })
    await readiness(child)
    return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, stop: () => end(child) }
  } catch (error) {
    await rm(directory, { recursive: true, force: true })
    throw error
  }
}

async function readiness(child: ChildProcess): Promise<void> {
  let log = ''
  let timer: NodeJS.Timeout | undefined
  try {
    await new Promise<void>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`PostgreSQL was not ready in 20 s:\n${log}`)), 20_000)
      child.once('error', reject)
      child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
        log = (log + chunk).slice(-4000)
        if (/FATAL/.test(log)) reject(new Error(`PostgreSQL did not start:\n${log}`))
        if (/ready to accept connections/.test(log)) resolve()
      })
    })
  } catch (error) {
    await end(child)
    throw error
  } finally {
    clearTimeout(timer)
  }
  // Whoever forgets to stop the server must not wait for it at the end.
  child.unref()
  for (const stream of [child.stdin, child.stderr]) (stream as unknown as { unref(): void }).unref()
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.ref()
  const exited = once(child, 'exit')
  child.stdin?.end()
  await exited
}

/** PostgreSQL refuses to run as root: root lends it the account of `postgres` or `nobody`. */
function unprivilegedAccount(): Account {
  if (process.getuid?.() !== 0) return {}
  for (const name of ['postgres', 'nobody']) {
    try {
      const ask = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }))
      return { uid: ask('-u'), gid: ask('-g') }
    } catch {
      // No such account on this system: try the next.
    }
  }
  throw new Error('PostgreSQL does not run as root, and there is no account `postgres` or `nobody`')
}

/** Memory where there is enough of it: a new cluster is ready three times sooner there than on a disk. */
async function fastDirectory(): Promise<string> {
  const memory = await statfs('/dev/shm').catch(() => undefined)
  return memory && memory.bavail * memory.bsize > 1024 ** 3 ? '/dev/shm' : tmpdir()
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}
