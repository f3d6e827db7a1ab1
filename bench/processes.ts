import { type ChildProcess, execFile, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Contestant } from './contestants.ts'
import type { Engine } from './databases.ts'
import type { Load, LoadResult } from './load.ts'
import type { Question, Settings, Started, TaskRequest, TaskResult, Usage } from './servers/serve.ts'

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))

/** A server under test, in a process of its own. */
export interface Running extends Started {
  name: string
  /** The URL of its database. */
  database: string
  usage(): Promise<Usage>
  /** Bytes in use. */
  heap(): Promise<number>
  run(task: TaskRequest): Promise<TaskResult>
  /** Sends JSON to one of its routes, as the signed-in browser. */
  post(path: string, body: object): Promise<Record<string, unknown>>
  stop(): void
}

/** Starts a server on an empty database. */
export async function start(contestant: Contestant, engine: Engine, settings: Partial<Settings>): Promise<Running> {
  const given = { ...settings, ...contestant.settings, database: await engine.create() }
  const child = fork(here(`servers/${contestant.file}`), [JSON.stringify(given)], {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production', BETTER_AUTH_TELEMETRY: '0' },
  })
  const started = await message<Started>(child)
  const ask = async <T>(asked: Question) => {
    const answered = message<T>(child)
    child.send(asked)
    return answered
  }
  return {
    ...started,
    name: contestant.name,
    database: given.database,
    usage: () => ask<Usage>('usage'),
    heap: () => ask<number>('heap'),
    run: task => ask<TaskResult>(task),
    post: (path, body) => post(started, path, body),
    stop: () => void child.kill(),
  }
}

/** Starts all of them, hands them to `work`, and stops them whatever happens. */
export async function withServers<T>(
  contestants: readonly Contestant[],
  { engine, settings = {} }: { engine: Engine; settings?: Partial<Settings> },
  work: (servers: readonly Running[]) => Promise<T>,
): Promise<T> {
  const servers: Running[] = []
  try {
    for (const contestant of contestants) servers.push(await start(contestant, engine, settings))
    return await work(servers)
  } finally {
    for (const server of servers) server.stop()
  }
}

async function post({ origin, cookie }: Started, path: string, body: object): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/json', origin, cookie }
  const response = await fetch(origin + path, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as Record<string, unknown>
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
