import { execFileSync } from 'node:child_process'
import { skipWithout } from './skip-without.ts'
import { dataDirectory, freePort, removing, startGuarded } from './throw-away-server.ts'

function program(): string | undefined {
  try {
    return execFileSync('sh', ['-c', 'command -v redis-server || command -v valkey-server'], {
      encoding: 'utf8',
    }).trim()
  } catch {
    return undefined
  }
}

/** For `describe.skipIf`: true where there is no Redis, an error under CI. */
export function skipWithoutRedis(): boolean {
  const isThere = Boolean(process.env.TEST_REDIS_URL) || program() !== undefined
  return skipWithout('Redis', isThere, 'install redis-server or set TEST_REDIS_URL.')
}

/** The Redis of TEST_REDIS_URL, else a new one of our own: empty, on 127.0.0.1, gone with this process. */
export async function startRedis(): Promise<{ url: string; stop(): Promise<void> }> {
  const given = process.env.TEST_REDIS_URL
  if (given) return { url: given, stop: async () => undefined }
  const server = program()
  if (!server) throw new Error('No Redis on this machine: install redis-server or set TEST_REDIS_URL')
  const directory = await dataDirectory('kernia-redis-')
  return removing(directory, async () => {
    const port = await freePort()
    const options = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
      '--dir',
      directory,
    ]
    const running = await startGuarded({
      name: 'Redis',
      command: [server, ...options],
      directory,
      ready: /Ready to accept connections/,
      failed: /Failed|FATAL/,
      signal: 'KILL',
    })
    return { url: `redis://127.0.0.1:${port}`, stop: running.stop }
  })
}
