import type { RequestListener } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks'

/** What a server is started with: its database, and the features that a case wants. */
export interface Settings {
  /** `sqlite:/path` or `postgresql://...`; an empty database. */
  database: string
  cookieCache?: boolean
  /** Six plugins; `api-key` is one more. */
  plugins?: boolean
  apiKeys?: boolean
  /** Better Auth's version. */
  version?: '1.6' | '1.7'
  /** Measure how late the event loop is. It wakes the process a thousand times a second, so only where that is asked. */
  watchesLoop?: boolean
  /** How a bare server is reached. */
  front?: 'express' | 'node' | 'trpc'
}

export const secret = 'bench-secret-bench-secret-bench-secret-0123456789'
export const person = { name: 'Ann', email: 'ann@example.com', password: 'correct horse battery' }

/** What a started server tells of itself. */
export interface Started {
  origin: string
  /** Cookies of a signed-in browser. */
  cookie: string
}

/** What a server answers when it is asked for its usage. */
export interface Usage {
  /** Microseconds of both modes since the process began. */
  cpu: number
  /** Milliseconds that 99 of 100 turns of the event loop were late at most, since it was last asked. */
  loopDelay: number
}

/** What the parent process may ask for: usage, or the bytes in use after a collection. */
export type Question = 'usage' | 'heap' | TaskRequest

/** Work within the server's process, done over and over until the time is up. */
export interface TaskRequest {
  task: string
  argument: string
  seconds: number
  /** So many at once. */
  concurrency: number
}
export interface TaskResult {
  perSecond: number
  cpu: number
}

/** Makes the work of a task, once; what it returns is what is repeated. */
export type Tasks = Record<string, (argument: string) => Promise<() => Promise<unknown>>>

/** What a server brings. Without a cookie, a person is signed up by HTTP. */
export interface Built {
  listener: RequestListener
  cookie?: string
  tasks?: Tasks
}

export function settings(): Settings {
  return JSON.parse(process.argv[2] ?? '{}') as Settings
}

/**
 * Listens on loopback, signs a person up and tells the parent process, which may then ask for usage and tasks.
 * @param build makes the server for its own address
 */
export async function serve(build: (origin: string) => Promise<Built>): Promise<void> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { listener, cookie, tasks = {} } = await build(origin)
  server.on('request', listener)
  process.send?.({ origin, cookie: cookie ?? (await signUp(origin)) } satisfies Started)
  const delays = monitorEventLoopDelay({ resolution: 1 })
  if (settings().watchesLoop) delays.enable()
  const answerTo = (asked: Question) => {
    if (asked === 'usage') return usage(delays)
    return asked === 'heap' ? heap() : runTask(tasks, asked)
  }
  process.on('message', async (asked: Question) => process.send?.(await answerTo(asked)))
  process.on('disconnect', () => process.exit())
}

function usage(delays: IntervalHistogram): Usage {
  const { user, system } = process.cpuUsage()
  const loopDelay = delays.percentile(99) / 1e6
  delays.reset()
  return { cpu: user + system, loopDelay }
}

/** Asked for by itself: a collection that is forced throws away what V8 has compiled, and the next requests pay for it. */
function heap(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

async function runTask(tasks: Tasks, { task, argument, seconds, concurrency }: TaskRequest): Promise<TaskResult> {
  const run = await tasks[task]?.(argument)
  if (!run) throw new Error(`this server has no task "${task}"`)
  const before = process.cpuUsage()
  const begin = performance.now()
  let done = 0
  const worker = async () => {
    while (performance.now() - begin < seconds * 1000) {
      await run()
      done++
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  const elapsed = performance.now() - begin
  const { user, system } = process.cpuUsage(before)
  return { perSecond: (done / elapsed) * 1000, cpu: (user + system) / done }
}

async function signUp(origin: string): Promise<string> {
  const response = await fetch(`${origin}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify(person),
  })
  if (!response.ok) throw new Error(`sign-up answered ${response.status}: ${await response.text()}`)
  return cookiesOf(response.headers)
}

/** The cookies that a response sets, as a browser sends them. */
export function cookiesOf(headers: Headers): string {
  return headers
    .getSetCookie()
    .map(header => header.split(';')[0])
    .join('; ')
}
