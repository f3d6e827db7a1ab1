import express from 'express'
import { init, mikroOrmAdapter } from '../../src/index.ts'
import { mountKernia, requireSession, sessionOf } from '../../src/integrations/express.ts'
import { secret, serve, settings } from './serve.ts'

const { database, cookieCache } = settings()

await serve(async origin => {
  const auth = init({
    baseURL: origin,
    secret,
    database: mikroOrmAdapter({ url: database }),
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    ...(cookieCache && { session: { cookieCache: { enabled: true } } }),
  })
  await auth.createSchema()
  const app = express().disable('x-powered-by').disable('etag')
  mountKernia(app, auth)
  app.get('/me', requireSession, (_req, res) => {
    res.json({ id: sessionOf(res).user.id })
  })
  return { listener: app }
})
