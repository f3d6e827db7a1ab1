import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DatabaseSync } from 'node:sqlite'
import type { BetterAuthOptions } from 'better-auth'
import express, { type Express } from 'express'
import { type Alteration, alter } from './altered.ts'
import { loadOfficial } from './official-copy.ts'

export const secret = 'wire-check-secret-wire-check-secret-0123456789'
export const basePath = '/api/auth'

/** A message the server handed to one of the callbacks of the options. */
export interface Mail {
  kind: string
  [field: string]: unknown
}

export interface OptionSet {
  /** NODE_ENV the servers are started under; not set when left out. */
  nodeEnv?: 'production' | 'development'
  /** Options of both servers; `plugins` in them are the official server's. */
  build(mails: Mail[], origin: string): BetterAuthOptions
  /** Our plugins in their place. Loaded when they are needed, for the reason given at `Kernel`. */
  ourPlugins?(mails: Mail[], origin: string): Promise<readonly unknown[]>
}

export interface RunningServer {
  origin: string
  mails: Mail[]
  /** Resolves when what goes on after the answers so far has ended. */
  settled(): Promise<void>
  close(): Promise<void>
}

export type StartServer = (options: OptionSet) => Promise<RunningServer>

// What this check uses of the kernel. Loaded by name at run time, so that a broken kernel is reported as one more
// difference instead of ending the check.
interface Kernel {
  init(options: Record<string, unknown>): { createSchema(): Promise<unknown>; close(): Promise<unknown> }
  mikroOrmAdapter(options: { url: string }): unknown
}
interface ExpressIntegration {
  mountKernia(app: Express, auth: unknown): unknown
}

export const startOurs: StartServer = set =>
  serve(set, async (options, { mails, origin }) => {
    const [kernel, integration] = (await Promise.all([
      import(new URL('../../src/index.ts', import.meta.url).href),
      import(new URL('../../src/integrations/express.ts', import.meta.url).href),
    ])) as [Kernel, ExpressIntegration]
    const database = kernel.mikroOrmAdapter({ url: 'sqlite::memory:' })
    const { handler, settled } = trackTasks()
    const advanced = { ...options.advanced, backgroundTasks: { handler } }
    const plugins = (await set.ourPlugins?.(mails, origin)) ?? []
    const auth = kernel.init({ ...options, plugins, advanced, database, compat: { errors: 'better-auth' } })
    await auth.createSchema()
    const app = express()
    integration.mountKernia(app, auth)
    return { listener: app, settled, close: async () => void (await auth.close()) }
  })

function trackTasks() {
  const running = new Set<Promise<unknown>>()
  const handler = (task: Promise<unknown>) => {
    running.add(task)
    void task.finally(() => running.delete(task))
  }
  const settled = async () => {
    while (running.size > 0) await Promise.all(running)
  }
  return { handler, settled }
}

export const startOfficial: StartServer = set => startBetterAuth(set, [])

/** The official server with faults put into its answers: what the check must notice. */
export const startAltered =
  (alterations: Alteration[]): StartServer =>
  set =>
    startBetterAuth(set, alterations)

function startBetterAuth(set: OptionSet, alterations: Alteration[]) {
  return serve(set, async options => {
    const { betterAuth, toNodeHandler } = await loadOfficial(set.nodeEnv)
    const database = new DatabaseSync(':memory:')
    const auth = betterAuth({ ...options, database })
    const context = await auth.$context
    await context.runMigrations()
    const handler = toNodeHandler(auth)
    const listener: RequestListener = (request, response) => void handler(request, response)
    return {
      listener: alterations.length ? alter(listener, alterations) : listener,
      close: async () => database.close(),
    }
  })
}

interface Built {
  listener: RequestListener
  settled?(): Promise<void>
  close(): Promise<void>
}

type Build = (options: BetterAuthOptions, server: Pick<RunningServer, 'mails' | 'origin'>) => Promise<Built>

// The port must be known before the options are built, as baseURL carries it.
async function serve(set: OptionSet, build: Build): Promise<RunningServer> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  const mails: Mail[] = []
  try {
    const own = set.build(mails, origin)
    const given = { baseURL: origin, basePath, secret, logger: { disabled: true }, ...own }
    const built = await build(given, { mails, origin })
    server.on('request', built.listener)
    const settled = async () => built.settled?.()
    return { origin, mails, settled, close: () => stop(server).then(built.close) }
  } catch (error) {
    await stop(server)
    throw error
  }
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise(resolve => server.close(() => resolve()))
}
