import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, statfs } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Account = { uid?: number; gid?: number }

type ServerStart = {
  name: string
  command: readonly string[]
  directory: string
  account?: Account
  /** What the server prints when it takes connections, and when it never will. */
  ready: RegExp
  failed: RegExp
  /** Signal that ends it at once. */
  signal?: 'QUIT' | 'KILL'
}

// The shell ends the server and removes its files as soon as its standard input closes, and the system closes that
// when this process ends, however it ends: no exit hook would run after a SIGKILL.
const guard = '"$@" & server=$!; cat; kill -$END_SIGNAL $server; wait $server; rm -rf "$DATA_DIRECTORY"'

/** Starts a server whose data lives in `directory`; it and its files are gone with this process. */
export async function startGuarded(start: ServerStart): Promise<{ stop(): Promise<void> }> {
  const { command, directory, account, signal = 'QUIT' } = start
  const env = { PATH: process.env.PATH, DATA_DIRECTORY: directory, END_SIGNAL: signal, LC_ALL: 'C', TZ: 'UTC' }
  // Detached, so that Ctrl+C in the terminal does not take the guard down before it has cleaned up.
  const child = spawn('sh', ['-c', guard, 'guard', ...command], {
    cwd: directory,
    env,
    ...account,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  await readiness(child, start)
  return { stop: () => end(child) }
}

async function readiness(child: ChildProcess, { name, ready, failed }: ServerStart): Promise<void> {
  let log = ''
  let timer: NodeJS.Timeout | undefined
  try {
    await new Promise<void>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`${name} was not ready in 30 s:\n${log}`)), 30_000)
      child.once('error', reject)
      const read = (chunk: string) => {
        log = (log + chunk).slice(-4000)
        if (failed.test(log)) reject(new Error(`${name} did not start:\n${log}`))
        if (ready.test(log)) resolve()
      }
      child.stdout?.setEncoding('utf8').on('data', read)
      child.stderr?.setEncoding('utf8').on('data', read)
    })
  } catch (error) {
    await end(child)
    throw error
  } finally {
    clearTimeout(timer)
  }
  // Whoever forgets to stop the server must not wait for it at the end.
  child.unref()
  for (const stream of [child.stdin, child.stdout, child.stderr]) (stream as unknown as { unref(): void }).unref()
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.ref()
  const exited = once(child, 'exit')
  child.stdin?.end()
  await exited
}

/** Servers refuse to run as root: root lends them the account of one of `names`. */
export function unprivilegedAccount(names: readonly string[]): Account {
  if (process.getuid?.() !== 0) return {}
  for (const name of names) {
    try {
      const ask = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }))
      return { uid: ask('-u'), gid: ask('-g') }
    } catch {
      // No such account on this system: try the next.
    }
  }
  throw new Error(`The server does not run as root, and there is no account ${names.join(' or ')}`)
}

/** A directory in memory where there is enough of it: servers are ready sooner there than on a disk. */
export async function dataDirectory(prefix: string): Promise<string> {
  const memory = await statfs('/dev/shm').catch(() => undefined)
  const parent = memory && memory.bavail * memory.bsize > 1024 ** 3 ? '/dev/shm' : tmpdir()
  return mkdtemp(join(parent, prefix))
}

/** Removes what a start that failed has left. */
export async function removing<T>(directory: string, start: () => Promise<T>): Promise<T> {
  try {
    return await start()
  } catch (error) {
    await rm(directory, { recursive: true, force: true })
    throw error
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}
