import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import express, { type Express, type NextFunction, type Request, type RequestHandler, type Response } from 'express'
import { mountKernia, requireSession } from '../../src/integrations/express.ts'
import { createDemoAuth } from './auth.ts'
import { buildPageIfStale } from './build-page.ts'
import { openDataDirectory } from './data-directory.ts'
import { createIdentityProvider } from './identity-provider/index.ts'
import { createInbox, type Inbox } from './inbox.ts'
import { listen } from './listen.ts'
import { pageRoutes } from './page-routes.ts'
import { listProviders } from './providers.ts'

/** Both addresses, so that `localhost` means this server whichever the browser tries first. */
const loopback = ['127.0.0.1', '::1']

type Settings = { directory: string; hosts: string[]; ports: number[] }

try {
  await startDemo(readSettings())
} catch (error) {
  console.error(`The demo could not start: ${error instanceof Error ? error.message : error}`)
  process.exit(1)
}

async function startDemo({ directory, hosts, ports }: Settings): Promise<void> {
  const data = await openDataDirectory(directory)
  // Ports come first, since links and redirects need them.
  const web = await openPort(hosts, ports)
  const identity = await openPort(loopback, [0, 0, 0])
  const inbox = createInbox()
  const client = { id: 'kernia-demo', secret: randomBytes(24).toString('base64url') }
  const auth = createDemoAuth({
    baseURL: web.url,
    trustedOrigins: [`http://127.0.0.1:${web.port}`, `http://[::1]:${web.port}`],
    secret: data.secret,
    databaseFile: data.databaseFile,
    inbox,
    identityProvider: { issuer: identity.url, clientId: client.id, clientSecret: client.secret },
  })
  await Promise.all([auth.createSchema(), buildPageIfStale(data.pageDirectory)])

  const app = express().disable('x-powered-by')
  mountKernia(app, auth)
  app.get('/me', requireSession, (_req, res) => {
    res.json({ hello: res.locals.auth.user.name, userId: res.locals.auth.user.id })
  })
  app.get('/dev/inbox', loopbackOnly, showInbox(inbox))
  app.get('/dev/providers', listProviders(auth))
  app.use(pageRoutes(data.pageDirectory))
  const redirectURI = `${web.url}/api/auth/oauth2/callback/local`
  identity.serve(await createIdentityProvider(identity.url, { ...client, redirectURI }))
  web.serve(app)

  printAddresses({ page: web.url, identity: identity.url, databaseFile: data.databaseFile })
  stopOnSignal(async () => {
    await Promise.all([web.close(), identity.close()])
    await auth.close()
  })
}

/** Listens before there is anything to serve; whoever calls meanwhile waits. */
async function openPort(hosts: string[], ports: number[]) {
  let serve: (app: Express) => void = () => {}
  const served = new Promise<Express>(resolve => {
    serve = resolve
  })
  const { port, close } = await listen(async (req, res) => (await served)(req, res), hosts, ports)
  return { port, url: `http://localhost:${port}`, serve, close }
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
    hosts: host ? [host] : loopback,
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

function printAddresses({ page, identity, databaseFile }: Record<'page' | 'identity' | 'databaseFile', string>): void {
  console.log(`
Kernia demo is ready

  Page        ${page}
  Reference   ${page}/api/auth/reference
  OpenAPI     ${page}/api/auth/openapi.json
  tRPC        ${page}/api/auth/trpc
  Local ID    ${identity} (an OpenID provider with sample people)
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
