import { DatabaseSync } from 'node:sqlite'
import type { BetterAuthOptions } from 'better-auth'
import express from 'express'
import pg from 'pg'
import { secret, serve, settings } from './serve.ts'

const { database, cookieCache, version } = settings()
const name = version === '1.7' ? 'better-auth-1.7' : 'better-auth'
const { betterAuth } = (await import(name)) as typeof import('better-auth')
const { fromNodeHeaders, toNodeHandler } = (await import(`${name}/node`)) as typeof import('better-auth/node')

/** With the settings for a busy server that its documentation of the driver gives. */
function openDatabase(): BetterAuthOptions['database'] {
  if (!database.startsWith('sqlite:')) return new pg.Pool({ connectionString: database, max: 10 })
  const file = new DatabaseSync(database.slice('sqlite:'.length))
  file.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 5000')
  return file
}

await serve(async origin => {
  const auth = betterAuth({
    baseURL: origin,
    secret,
    database: openDatabase(),
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    ...(cookieCache && { session: { cookieCache: { enabled: true } } }),
  })
  await (await auth.$context).runMigrations()
  const app = express().disable('x-powered-by').disable('etag')
  const handler = toNodeHandler(auth)
  app.all('/api/auth/*splat', (req, res) => void handler(req, res))
  app.get('/me', async (req, res) => {
    const found = await auth.api.getSession({ headers: fromNodeHeaders(req.headers) })
    if (!found) return void res.status(401).json({ code: 'UNAUTHORIZED' })
    res.json({ id: found.user.id })
  })
  return { listener: app }
})
