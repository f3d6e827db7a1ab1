import type { AddressInfo } from 'node:net'
import express from 'express'
import { init, mikroOrmAdapter, redisStorage } from '../../src/index.ts'
import { mountKernia } from '../../src/integrations/express.ts'
import type { AppProcessOptions } from './app-process.ts'

const { databaseUrl, redisUrl, keyPrefix, baseURL, rateLimit } = JSON.parse(
  process.env.APP_OPTIONS ?? '{}',
) as AppProcessOptions

const auth = init({
  baseURL,
  secret: 'a-secret-that-all-processes-share-0123456789',
  database: mikroOrmAdapter({ url: databaseUrl, pool: 4 }),
  ...(redisUrl && { secondaryStorage: redisStorage(redisUrl, { keyPrefix }) }),
  rateLimit: { enabled: false, ...rateLimit },
  advanced: { ipAddress: { ipAddressHeaders: ['x-real-ip'] } },
  emailAndPassword: {
    enabled: true,
    password: { argon2: { memoryCost: 1024, timeCost: 1, parallelism: 1 } },
    sendResetPassword: ({ token }) => void process.stdout.write(`token ${token}\n`),
  },
})
const app = express()
mountKernia(app, auth)
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`listening http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)
})
