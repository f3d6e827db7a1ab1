import express from 'express'
import { admin } from '../../routers/admin/index.ts'
import { apiKey } from '../../routers/api-key/index.ts'
import { bearer } from '../../routers/bearer/index.ts'
import { multiSession } from '../../routers/multi-session/index.ts'
import { organization } from '../../routers/organization/index.ts'
import { twoFactor } from '../../routers/two-factor/index.ts'
import { username } from '../../routers/username/index.ts'
import { init, mikroOrmAdapter } from '../../src/index.ts'
import { mountKernia, requireSession, sessionOf } from '../../src/integrations/express.ts'
import { type GrowthCallers, growth } from './growth.ts'
import { secret, serve, settings } from './serve.ts'

const { database, cookieCache, plugins: hasPlugins, apiKeys } = settings()

/** Which plugins are on is chosen at run time, so the types do not tell. */
interface Callers extends GrowthCallers {
  apiKey: { verify(query: { key: string }): Promise<unknown> }
}

await serve(async origin => {
  const six = [username(), twoFactor(), organization(), bearer(), multiSession(), admin({ adminUserIds: ['user-1'] })]
  const auth = init({
    baseURL: origin,
    secret,
    // As docs/databases.md says for a busy server.
    database: mikroOrmAdapter({ url: database, preparedStatements: true }),
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    plugins: [...(hasPlugins ? six : []), ...(apiKeys ? [apiKey({ rateLimit: { enabled: false } })] : [])],
    ...(cookieCache && { session: { cookieCache: { enabled: true } } }),
  })
  await auth.createSchema()
  const app = express().disable('x-powered-by').disable('etag')
  mountKernia(app, auth)
  app.get('/me', requireSession, (_req, res) => {
    res.json({ id: sessionOf(res).user.id })
  })
  const callerOf = (cookie: string) => auth.caller(cookie ? { headers: { cookie } } : undefined) as unknown as Callers
  return {
    listener: app,
    tasks: {
      session: async cookie => () => callerOf(cookie).session.get(),
      verifyApiKey: async key => () => callerOf('').apiKey.verify({ key }),
      openApi: async () => async () => auth.openApiDocument(),
      ...growth(auth.context, database, callerOf),
    },
  }
})
