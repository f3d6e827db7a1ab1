import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** What an application process is started with. */
export interface AppProcessOptions {
  databaseUrl: string
  redisUrl?: string
  keyPrefix: string
  /** The public address, the same for all of them. */
  baseURL: string
  rateLimit?: { enabled: boolean; max?: number; window?: number; storage?: 'database' }
}

export interface AppProcess {
  /** Where this process listens. */
  origin: string
  /** The token of the last reset link that this process mailed. */
  nextToken(): Promise<string>
  stop(): Promise<void>
}

/** Starts a server of its own in a process of its own: what it shares with others is in the database and in Redis. */
export async function startAppProcess(options: AppProcessOptions): Promise<AppProcess> {
  const script = fileURLToPath(new URL('./app-process-main.ts', import.meta.url))
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, APP_OPTIONS: JSON.stringify(options) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const nextLine = async (start: string): Promise<string> => {
    for (let line = await lines.next(); !line.done; line = await lines.next()) {
      if (line.value.startsWith(start)) return line.value.slice(start.length)
    }
    throw new Error('the process ended')
  }
  const origin = await nextLine('listening ')
  return {
    origin,
    nextToken: () => nextLine('token '),
    stop: async () => {
      child.kill()
      await ended
    },
  }
}
