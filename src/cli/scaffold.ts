export type AdapterName = 'sqlite' | 'postgres' | 'mysql' | 'mongo' | 'memory'
export type Framework = 'express' | 'trpc' | 'none'

export const ADAPTERS: readonly AdapterName[] = ['sqlite', 'postgres', 'mysql', 'mongo', 'memory']
export const FRAMEWORKS: readonly Framework[] = ['express', 'trpc', 'none']

const URLS: Record<AdapterName, string | undefined> = {
  sqlite: 'sqlite:app.db',
  postgres: 'postgresql://user:password@localhost:5432/app',
  mysql: 'mysql://user:password@localhost:3306/app',
  mongo: 'mongodb://localhost:27017/app',
  memory: undefined,
}

const DRIVERS: Record<AdapterName, string[]> = {
  sqlite: [],
  postgres: ['@mikro-orm/postgresql'],
  mysql: ['@mikro-orm/mysql'],
  mongo: ['@mikro-orm/mongodb'],
  memory: [],
}

/** Whether the engine has tables that migrations create. */
export function hasMigrations(adapter: AdapterName): boolean {
  return adapter !== 'memory' && adapter !== 'mongo'
}

/** The packages that the generated files need beside `kernia` and the peers that it always needs. */
export function packagesFor(adapter: AdapterName, framework: Framework): string[] {
  const migrations = hasMigrations(adapter) ? ['@mikro-orm/migrations'] : []
  return [...DRIVERS[adapter], ...migrations, ...(framework === 'none' ? [] : ['express'])]
}

/** The module that exports `auth`, and nothing that runs: servers and `kernia` commands import it. */
export function authModule(adapter: AdapterName): string {
  const factory = adapter === 'memory' ? 'memoryAdapter' : 'mikroOrmAdapter'
  const database = adapter === 'memory' ? 'memoryAdapter()' : `mikroOrmAdapter({ url: process.env.DATABASE_URL })`
  const names = ['emailAndPassword', 'init', factory].join(', ')
  const forgets = adapter === 'memory' ? '  // Everything is gone when the process ends.\n' : ''
  return `import { ${names} } from 'kernia'

export const auth = init({
  baseURL: process.env.KERNIA_BASE_URL,
  secret: process.env.KERNIA_SECRET,
${forgets}  database: ${database},
  plugins: [emailAndPassword()],
})
`
}

/** The entry that serves the routes; run it with the variables of `.env`. */
export function serverModule(framework: Framework): string {
  return { express: EXPRESS, trpc: TRPC, none: NODE }[framework]
}

const LISTEN = `const port = Number(process.env.PORT ?? 3000)`
const READY = `console.log(\`listening on http://localhost:\${port}\`)`

const EXPRESS = `import express from 'express'
import { mountKernia, requireSession, sessionOf } from 'kernia/express'
import { auth } from './auth.ts'

const app = express()
mountKernia(app, auth)

app.get('/me', requireSession, (_req, res) => {
  res.json(sessionOf(res).user)
})

${LISTEN}
app.listen(port, () => ${READY})
`

const TRPC = `import { initTRPC } from '@trpc/server'
import { type CreateExpressContextOptions, createExpressMiddleware } from '@trpc/server/adapters/express'
import express from 'express'
import { formatError } from 'kernia'
import { mountKernia } from 'kernia/express'
import { auth } from './auth.ts'

const createContext = (options: CreateExpressContextOptions) => ({ ...auth.createContext(options) })

const t = initTRPC.context<typeof createContext>().create({
  errorFormatter: ({ shape, error }) => formatError(shape, error),
})

const appRouter = t.router({
  auth: auth.router,
  hello: t.procedure.query(() => 'hello'),
})
export type AppRouter = typeof appRouter

const app = express()
// REST for browsers and other languages; the same procedures as \`auth.*\` of the router below.
mountKernia(app, auth)
app.use('/trpc', createExpressMiddleware({ router: appRouter, createContext }))

${LISTEN}
app.listen(port, () => ${READY})
`

const NODE = `import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { auth } from './auth.ts'

${LISTEN}

const server = createServer(async (req, res) => {
  try {
    const hasBody = req.method !== 'GET' && req.method !== 'HEAD'
    const request = new Request(new URL(req.url ?? '/', \`http://localhost:\${port}\`), {
      method: req.method,
      headers: new Headers(Object.entries(req.headers).map(([name, value]) => [name, String(value)])),
      body: hasBody ? (Readable.toWeb(req) as ReadableStream) : undefined,
      duplex: 'half',
    } as RequestInit)
    const response = await auth.handler(request, { socketAddress: req.socket.remoteAddress })
    res.statusCode = response.status
    res.setHeaders(response.headers)
    if (response.body) await pipeline(Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]), res)
    else res.end()
  } catch (error) {
    console.error(error)
    if (!res.headersSent) res.statusCode = 500
    res.end()
  }
})
server.listen(port, () => ${READY})
`

/** The variables of `auth` and the server, with the secret given. */
export function environment(adapter: AdapterName, secret: string): string {
  const url = URLS[adapter]
  const hint =
    adapter === 'mysql' ? '# MariaDB: mariadb://..., and npm install @mikro-orm/mariadb (same version)\n' : ''
  return `# Signs cookies. At least 256 random bits: npx kernia secret
KERNIA_SECRET=${secret}
# Public address of the server
KERNIA_BASE_URL=http://localhost:3000
PORT=3000
${hint}${url ? `DATABASE_URL=${url}\n` : ''}`
}
