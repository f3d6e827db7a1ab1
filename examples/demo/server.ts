import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import express, { type Express, type NextFunction, type Request, type RequestHandler, type Response } from 'express'
import { mountKernia, requireSession } from '../../src/integrations/express.ts'
import { createDemoAuth } from './auth.ts'
import { buildPageIfStale } from './build-page.ts'
import { openDataDirectory } from './data-directory.ts'
import { createInbox, type Inbox } from './inbox.ts'
import { listen } from './listen.ts'
import { pageRoutes } from './page-routes.ts'

type Settings = { directory: string; hosts: string[]; ports: number[] }

try {
  await startDemo(readSettings())
} catch (error) {
  console.error(`The demo could not start: ${error instanceof Error ? error.message : error}`)
  process.exit(1)
}

async function startDemo({ directory, hosts, ports }: Settings): Promise<void> {
  const data = await openDataDirectory(directory)
  let open: (app: Express) => void = () => {}
  const opened = new Promise<Express>(resolve => {
    open = resolve
  })
  // The port comes first, since links in mails need it; whoever calls before all is ready waits.
  const listening = await listen(async (req, res) => (await opened)(req, res), hosts, ports)
  const baseURL = `http://localhost:${listening.port}`
  const inbox = createInbox()
  const auth = createDemoAuth({
    baseURL,
    trustedOrigins: [`http://127.0.0.1:${listening.port}`, `http://[::1]:${listening.port}`],
    secret: data.secret,
    databaseFile: data.databaseFile,
    inbox,
  })
  await Promise.all([auth.createSchema(), buildPageIfStale(data.pageDirectory)])

  const app = express().disable('x-powered-by')
  mountKernia(app, auth)
  app.get('/me', requireSession, (_req, res) => {
    res.json({ hello: res.locals.auth.user.name, userId: res.locals.auth.user.id })
  })
  app.get('/dev/inbox', loopbackOnly, showInbox(inbox))
  app.use(pageRoutes(data.pageDirectory))
  open(app)

  printAddresses(baseURL, data.databaseFile)
  stopOnSignal(async () => {
    await listening.close()
    await auth.close()
  })
}

function readSettings(): Settings {
  const { values } = parseArgs({
    options: { port: { type: 'string' }, host: { type: 'string' }, data: { type: 'string' } },
  })
  const port = values.port ?? process.env.PORT
  const host = values.host ?? process.env.HOST
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65535)) throw new Error(`Not a port: ${port}`)
  return {
    directory: resolve(values.data ?? '.kernia'),
    // Both loopback addresses, so that `localhost` means this server whichever the browser tries first.
    hosts: host ? [host] : ['127.0.0.1', '::1'],
    ports: port ? [Number(port)] : Array.from({ length: 20 }, (_, index) => 3000 + index),
  }
}

function showInbox(inbox: Inbox): RequestHandler {
  return (_req, res) => {
    res.set('Cache-Control', 'no-cache').json({ mails: inbox.list() })
  }
}

/** Answers only under a loopback name: a foreign site pointing its own name at this machine must not read mails. */
function loopbackOnly(req: Request, res: Response, next: NextFunction): void {
  if (['localhost', '127.0.0.1', '[::1]'].includes(req.hostname)) next()
  else res.status(403).json({ code: 'FORBIDDEN', message: 'The dev inbox is open on localhost only' })
}

function printAddresses(baseURL: string, databaseFile: string): void {
  console.log(`
Kernia demo is ready

  Page        ${baseURL}
  Reference   ${baseURL}/api/auth/reference
  OpenAPI     ${baseURL}/api/auth/openapi.json
  tRPC        ${baseURL}/api/auth/trpc
  Database    ${databaseFile} (SQLite)

No mail leaves this machine: mails appear in the inbox on the page. Ctrl+C stops the server.
`)
}

function stopOnSignal(stop: () => Promise<void>): void {
  const onSignal = async () => {
    // A second signal takes the default way and ends the process at once.
    for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, onSignal)
    await stop()
    console.log('Stopped.')
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, onSignal)
}
