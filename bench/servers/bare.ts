// What get-session takes without a framework: check the cookie's signature, run one prepared join, write the JSON.

import { createHmac, timingSafeEqual } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { initTRPC } from '@trpc/server'
import { createExpressMiddleware } from '@trpc/server/adapters/express'
import express from 'express'
import pg from 'pg'
import { init, mikroOrmAdapter } from '../../src/index.ts'
import { cookiesOf, person, secret, serve, settings } from './serve.ts'

const { database, front } = settings()
const COOKIE = 'better-auth.session_token='

type Row = Record<string, unknown>
type Find = (token: string) => Promise<Row | undefined>

const JOIN = `select s.id, s."expiresAt", s.token, s."createdAt", s."updatedAt", s."ipAddress", s."userAgent", s."userId",
  u.name, u.email, u."emailVerified", u.image, u."createdAt" as "userCreatedAt", u."updatedAt" as "userUpdatedAt"
  from "session" s join "user" u on u.id = s."userId" where s.token = `

function openFind(): Find {
  if (database.startsWith('sqlite:')) {
    const statement = new DatabaseSync(database.slice('sqlite:'.length)).prepare(`${JOIN}?`)
    return async token => statement.get(token) as Row | undefined
  }
  const pool = new pg.Pool({ connectionString: database, max: 10 })
  return async token => (await pool.query({ name: 'session', text: `${JOIN}$1`, values: [token] })).rows[0]
}

function tokenOf(header: string | undefined): string | undefined {
  const start = header?.indexOf(COOKIE) ?? -1
  if (!header || start < 0) return undefined
  const value = decodeURIComponent(header.slice(start + COOKIE.length).split(';')[0] ?? '')
  const dot = value.lastIndexOf('.')
  const token = value.slice(0, dot)
  const expected = createHmac('sha256', secret).update(token).digest()
  const given = Buffer.from(value.slice(dot + 1), 'base64')
  return given.length === expected.length && timingSafeEqual(given, expected) ? token : undefined
}

const date = (value: unknown) => new Date(value as string | number)

async function answer(cookie: string | undefined, find: Find): Promise<object | null> {
  const token = tokenOf(cookie)
  const row = token && (await find(token))
  if (!row || date(row.expiresAt) <= new Date()) return null
  const { id, expiresAt, createdAt, updatedAt, ipAddress, userAgent, userId } = row
  return {
    session: {
      id,
      expiresAt: date(expiresAt),
      token,
      createdAt: date(createdAt),
      updatedAt: date(updatedAt),
      ipAddress,
      userAgent,
      userId,
    },
    user: {
      id: userId,
      name: row.name,
      email: row.email,
      emailVerified: Boolean(row.emailVerified),
      image: row.image,
      createdAt: date(row.userCreatedAt),
      updatedAt: date(row.userUpdatedAt),
    },
  }
}

/** Tables and a signed-in person, made by Kernia. */
async function prepare(origin: string): Promise<string> {
  const auth = init({
    baseURL: origin,
    secret,
    database: mikroOrmAdapter({ url: database }),
    emailAndPassword: { enabled: true },
  })
  await auth.createSchema()
  const resHeaders = new Headers()
  await auth.caller({ headers: {}, resHeaders }).signUp.email(person)
  await auth.close()
  return cookiesOf(resHeaders)
}

/** The same answer by tRPC, whose batches look the session up once for all of their calls. */
function trpcMiddleware(find: Find) {
  const t = initTRPC.context<{ found: Promise<object | null> }>().create({ isDev: false })
  const router = t.router({ session: t.router({ get: t.procedure.query(({ ctx }) => ctx.found) }) })
  return createExpressMiddleware({ router, createContext: ({ req }) => ({ found: answer(req.headers.cookie, find) }) })
}

await serve(async origin => {
  const cookie = await prepare(origin)
  const find = openFind()
  if (front === 'node') {
    return {
      cookie,
      listener: async (req, res) => {
        const body = JSON.stringify(await answer(req.headers.cookie, find))
        res.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
        res.end(body)
      },
    }
  }
  const app = express().disable('x-powered-by').disable('etag')
  app.use('/trpc', trpcMiddleware(find))
  app.get(['/api/auth/get-session', '/me'], async (req, res) => {
    res.json(await answer(req.headers.cookie, find))
  })
  return { listener: app, cookie }
})
