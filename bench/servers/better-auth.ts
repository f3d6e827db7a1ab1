import { DatabaseSync } from 'node:sqlite'
import { apiKey } from '@better-auth/api-key'
import type { BetterAuthOptions } from 'better-auth'
import express from 'express'
import pg from 'pg'
import { secret, serve, settings } from './serve.ts'

const { database, cookieCache, plugins: hasPlugins, apiKeys, version } = settings()
const name = version === '1.7' ? 'better-auth-1.7' : 'better-auth'
const { betterAuth } = (await import(name)) as typeof import('better-auth')
const { fromNodeHeaders, toNodeHandler } = (await import(`${name}/node`)) as typeof import('better-auth/node')
const { admin, bearer, multiSession, openAPI, organization, twoFactor, username } = (await import(
  `${name}/plugins`
)) as typeof import('better-auth/plugins')

/** With the settings for a busy server that its documentation of the driver gives. */
function openDatabase(): BetterAuthOptions['database'] {
  if (!database.startsWith('sqlite:')) return new pg.Pool({ connectionString: database, max: 10 })
  const file = new DatabaseSync(database.slice('sqlite:'.length))
  file.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 5000')
  return file
}

await serve(async origin => {
  const six = [username(), twoFactor(), organization(), bearer(), multiSession(), admin()]
  const auth = betterAuth({
    baseURL: origin,
    secret,
    database: openDatabase(),
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    plugins: [openAPI(), ...(hasPlugins ? six : []), ...(apiKeys ? [apiKey({ rateLimit: { enabled: false } })] : [])],
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
  // The plugins that are on are chosen at run time, and the types of these two come from plugins.
  const api = auth.api as unknown as {
    generateOpenAPISchema(): Promise<unknown>
    verifyApiKey(call: { body: { key: string } }): Promise<unknown>
  }
  return {
    listener: app,
    tasks: {
      session: async cookie => () => auth.api.getSession({ headers: new Headers({ cookie }) }),
      verifyApiKey: async key => () => api.verifyApiKey({ body: { key } }),
      openApi: async () => () => api.generateOpenAPISchema(),
    },
  }
})
