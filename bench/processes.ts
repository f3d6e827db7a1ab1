import { type ChildProcess, execFile, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Load, LoadResult } from './load.ts'
import type { Started, Usage } from './servers/serve.ts'

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))

/** A server under test, in a process of its own. */
export interface Contestant extends Started {
  name: string
  usage(): Promise<Usage>
  stop(): void
}

export async function startContestant(name: string, file: string, settings: object): Promise<Contestant> {
  const child = fork(here(`servers/${file}`), [JSON.stringify(settings)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production', BETTER_AUTH_TELEMETRY: '0' },
  })
  const started = await message<Started>(child)
  const usage = async () => {
    const answered = message<Usage>(child)
    child.send('usage')
    return answered
  }
  return { ...started, name, usage, stop: () => void child.kill() }
}

function message<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`a server ended with code ${code}`))
    child.once('exit', onExit)
    child.once('message', received => {
      child.off('exit', onExit)
      resolve(received as T)
    })
  })
}

/** Loads a server from another process. */
export async function load(options: Load): Promise<LoadResult> {
  const { stdout } = await promisify(execFile)(process.execPath, [here('load.ts'), JSON.stringify(options)])
  return JSON.parse(stdout) as LoadResult
}
