import { createServer } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import express from 'express'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type KerniaOptions, mikroOrmAdapter, redisStorage } from '../../src/index.ts'
import { mountKernia, requireSession } from '../../src/integrations/express.ts'
import { isUnavailable } from '../../src/unavailable.ts'
import { temporaryDirectory } from '../adapters/conformance.ts'
import { serve } from '../support/http-server.ts'
import { skipWithoutMariaDb, startMariaDb } from '../support/mariadb.ts'
import { startMongo } from '../support/mongo/index.ts'
import { skipWithoutPostgres, startPostgres } from '../support/postgres.ts'
import { skipWithoutRedis, startRedis } from '../support/redis.ts'
import { ann, createTestAuth } from '../support/test-auth.ts'
import { visit } from '../support/visitor.ts'
import { everyRoute } from './every-route.ts'

interface Server {
  options(): Promise<KerniaOptions>
  stop(): Promise<void>
}

/** A database that answers, and then is gone. */
const servers: [name: string, isMissing: boolean, start: () => Promise<Server>][] = [
  [
    'PostgreSQL',
    skipWithoutPostgres() || Boolean(process.env.TEST_PG_URL),
    async () => {
      const server = await startPostgres()
      return {
        stop: server.stop,
        options: async () => ({ database: mikroOrmAdapter({ url: await server.createDatabase() }) }),
      }
    },
  ],
  [
    'MariaDB',
    skipWithoutMariaDb() || Boolean(process.env.TEST_MYSQL_URL),
    async () => {
      const server = await startMariaDb()
      return {
        stop: server.stop,
        options: async () => ({ database: mikroOrmAdapter({ url: await server.createDatabase() }) }),
      }
    },
  ],
  [
    'MongoDB',
    false,
    async () => {
      const server = await startMongo()
      // The driver looks for another server for half a minute by default.
      const url = () =>
        `${server.createDatabase()}${server.createDatabase().includes('?') ? '&' : '?'}serverSelectionTimeoutMS=300`
      return { stop: async () => server.stop(), options: async () => ({ database: mikroOrmAdapter({ url: url() }) }) }
    },
  ],
  [
    'Redis',
    skipWithoutRedis() || Boolean(process.env.TEST_REDIS_URL),
    async () => {
      const server = await startRedis()
      return {
        stop: server.stop,
        options: async () => ({
          database: mikroOrmAdapter({ url: 'sqlite::memory:' }),
          secondaryStorage: redisStorage(server.url),
        }),
      }
    },
  ],
]

const secrets = /postgres|mariadb|mysql|mongo|redis|127\.0\.0\.1|ECONN|sql|select|insert/i

describe.each(servers)('when %s is gone [control 61]', (_name, isMissing, start) => {
  it.skipIf(isMissing)(
    'every answer is a 503 that tells nothing, says when to come back, and signs nobody out',
    async () => {
      const server = await start()
      const logged: string[] = []
      const logger = { error: (message: string) => void logged.push(message) }
      const { auth } = createTestAuth({ ...(await server.options()), logger })
      await auth.createSchema()
      const visitor = visit(auth)
      expect((await visitor.post('/sign-up/email', ann)).status).toBe(200)
      const { cookies } = visitor
      const before = [...cookies]
      await server.stop()
      for (const [method, path, body] of [
        ['GET', '/get-session'],
        ['POST', '/sign-out'],
        ['POST', '/verify-password', { password: ann.password }],
        ['GET', '/trpc/session.list'],
      ] as const) {
        logged.length = 0
        const answer = method === 'GET' ? await visitor.get(path) : await visitor.post(path, body)
        expect.soft([path, answer.status, answer.headers.get('retry-after')]).toEqual([path, 503, '5'])
        expect.soft(answer.text).toContain('SERVICE_UNAVAILABLE')
        expect.soft(answer.text).not.toMatch(secrets)
        expect.soft(answer.setCookies).toEqual({})
        expect.soft(logged).toHaveLength(1)
      }
      expect([...cookies]).toEqual(before)
      await auth.close().catch(() => undefined)
    },
    60_000,
  )
})

describe('a database that cannot be used just now', () => {
  it('because another process holds its file (SQLite)', async () => {
    const file = join(await temporaryDirectory(), 'test.db')
    const { auth } = createTestAuth({ database: mikroOrmAdapter({ url: `sqlite:${file}` }) })
    await auth.createSchema()
    const other = new DatabaseSync(file)
    const failure = (() => {
      const second = new DatabaseSync(file)
      other.exec('BEGIN EXCLUSIVE')
      try {
        second.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE')
      } catch (error) {
        return error
      } finally {
        other.exec('ROLLBACK')
        second.close()
        other.close()
      }
    })()
    expect(isUnavailable(failure)).toBe(true)
    expect(isUnavailable(new Error('outer', { cause: failure }))).toBe(true)
    await auth.close()
  })

  it('keeps the application’s own routes from letting anyone in or signing anyone out', async () => {
    const port = await new Promise<number>(resolve => {
      const closed = createServer().listen(0, '127.0.0.1', () => {
        const { port } = closed.address() as { port: number }
        closed.close(() => resolve(port))
      })
    })
    const database = mikroOrmAdapter({ url: `postgresql://user:password@127.0.0.1:${port}/none` })
    const { auth } = createTestAuth({ database })
    onTestFinished(() => auth.close())
    const value = 'a'.repeat(32)
    const cookie = `better-auth.session_token=${encodeURIComponent(`${value}.${auth.context.keys.sign(value)}`)}`
    const origin = await serve(() => {
      const app = express()
      mountKernia(app, auth)
      app.get('/me', requireSession, (_req, res) => void res.send('in'))
      return app
    })
    const response = await fetch(`${origin}/me`, { headers: { cookie } })
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await response.json()).toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
    expect(response.headers.getSetCookie()).toEqual([])
  })

  it('is told from a mistake in what it was asked', () => {
    const mistakes = [
      new Error('boom'),
      Object.assign(new Error('syntax error'), { code: '42601' }),
      Object.assign(new Error('duplicate key'), { code: '23505' }),
      Object.assign(new Error('Duplicate entry'), { errno: 1062, code: 'ER_DUP_ENTRY' }),
      Object.assign(new Error('UNIQUE constraint failed'), { errcode: 2067, code: 'ERR_SQLITE_ERROR' }),
      Object.assign(new Error('no such table'), { errcode: 1 }),
      Object.assign(new Error('E11000 duplicate key'), { name: 'MongoServerError', code: 11_000 }),
      Object.assign(new Error('a file is missing'), { code: 'ENOENT' }),
      undefined,
      'ECONNREFUSED',
      { code: 'ECONNREFUSED' },
    ]
    for (const mistake of mistakes) expect([mistake, isUnavailable(mistake)]).toEqual([mistake, false])
  })

  it('is known however deep the reason lies, and in a circle', () => {
    const reason = Object.assign(new Error('x'), { code: 'ETIMEDOUT' })
    expect(isUnavailable(new Error('a', { cause: new AggregateError([new Error('b'), reason]) }))).toBe(true)
    const circle: Error = new Error('c')
    circle.cause = new Error('d', { cause: circle })
    expect(isUnavailable(circle)).toBe(false)
  })

  it('is declared by every procedure', () => {
    const { auth } = createTestAuth()
    const { paths = {} } = auth.openApiDocument() as { paths?: Record<string, Record<string, { responses: object }>> }
    for (const { method, path } of everyRoute(auth)) {
      const operation = paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]
      expect
        .soft([path, Object.keys(operation?.responses ?? {})])
        .toEqual([path, expect.arrayContaining(['429', '503'])])
    }
  })
})
