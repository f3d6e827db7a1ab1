import { describe, expect, it } from 'vitest'
import { AuthError, definePlugin, memoryAdapter, mikroOrmAdapter } from '../../src/index.ts'
import { listProcedures, restRoutes } from '../../src/meta.ts'
import { countingDatabase } from '../support/counting-database.ts'
import { cookieOf, postJson, rawRequest } from '../support/raw-request.ts'
import { startServer } from '../support/start-server.ts'
import { ann, cheapArgon2, createTestAuth, secret } from '../support/test-auth.ts'
import { visit } from '../support/visitor.ts'

const INTERNAL = '{"message":"Internal server error","code":"INTERNAL_SERVER_ERROR"}'

describe('an unexpected error', () => {
  it('of the database is a 500 that tells nothing, logged once', async () => {
    const database = countingDatabase(memoryAdapter())
    const { auth, origin, log } = await startServer({ database })
    const headers = { cookie: cookieOf(await postJson(origin, '/api/auth/sign-up/email', ann)), origin }
    const failure = new Error(`connection to postgres://root:${secret}@db failed`)
    database.failure = () => failure
    const routes = listProcedures(auth.router).flatMap(({ meta }) => restRoutes(meta))
    const input = { ...ann, token: 'x', currentPassword: ann.password, newPassword: ann.password }
    let failed = 0
    for (const { method, path, operationId } of routes) {
      log.length = 0
      const target = `/api/auth${path.replace(':token', 'x?callbackURL=/x')}`
      const answer =
        method === 'GET'
          ? await rawRequest(origin, { path: target, headers })
          : await postJson(origin, target, input, headers)
      // Some answer without asking the database.
      if (answer.status !== 500) continue
      failed++
      expect([operationId, answer.text]).toEqual([operationId, INTERNAL])
      expect(JSON.stringify(answer.headers)).not.toContain(secret)
      expect(answer.headers['set-cookie']).toBeUndefined()
      expect(log.map(({ details }) => details)).toEqual([
        [expect.stringMatching(/^Error: connection to postgres:\/\/\[redacted\]@db failed\n/)],
      ])
    }
    expect(failed).toBeGreaterThan(12)
  })

  it('of a hook is the same, and is told to onAPIError once', async () => {
    class Broken extends Error {}
    const told: unknown[] = []
    const plugin = definePlugin({
      id: 'broken',
      hooks: {
        userCreating: () => {
          throw new Broken(`secret ${secret}`)
        },
      },
    })
    const { origin, log, auth } = await startServer({
      plugins: [plugin],
      onAPIError: { onError: error => void told.push(error) },
    })
    const answer = await postJson(origin, '/api/auth/sign-up/email', ann)
    expect([answer.status, answer.text]).toEqual([500, INTERNAL])
    expect(log).toHaveLength(1)
    expect(told).toEqual([expect.any(Broken)])
    expect(await auth.context.adapter.count({ model: 'user' })).toBe(0)
  })

  it('of a callback is the same, whatever it throws', async () => {
    for (const thrown of [undefined, null, 'text', { code: 'BAD_REQUEST', cause: { issues: [] } }, new Error(secret)]) {
      const { origin, log } = await startServer({
        emailAndPassword: { password: { hash: () => Promise.reject(thrown), verify: () => Promise.reject(thrown) } },
      })
      const answer = await postJson(origin, '/api/auth/sign-up/email', ann)
      expect([answer.status, answer.text]).toEqual([500, INTERNAL])
      expect(log).toHaveLength(1)
    }
  })

  it('of work after the response is logged, and the answer is the same', async () => {
    const failure = new Error('the mail server is down')
    const { origin, log } = await startServer({
      emailAndPassword: { sendResetPassword: () => Promise.reject(failure) },
    })
    await postJson(origin, '/api/auth/sign-up/email', ann)
    const answer = await postJson(origin, '/api/auth/request-password-reset', { email: ann.email })
    expect(answer.status).toBe(200)
    await expect.poll(() => log.map(({ details }) => details)).toEqual([[expect.stringContaining(failure.message)]])
  })

  it('is thrown out of the handler where the application wants to answer it itself', async () => {
    const failure = new Error('the disk is full')
    const plugin = definePlugin({
      id: 'failing',
      hooks: {
        userCreating: () => {
          throw failure
        },
      },
    })
    const { auth } = createTestAuth({ plugins: [plugin], onAPIError: { throw: true } })
    await expect(visit(auth).post('/sign-up/email', ann)).rejects.toBe(failure)
    expect((await visit(auth).post('/sign-in/email', ann)).status).toBe(401)
  })
})

describe('an error that a plugin throws on purpose', () => {
  it('is answered as its table says, without a log entry', async () => {
    const definition = { code: 'NO_ROOM', status: 403, message: 'No room left' }
    const plugin = definePlugin({
      id: 'full',
      hooks: {
        userCreating: () => {
          const refusal = new AuthError(definition)
          refusal.isFromApplication = true
          throw refusal
        },
      },
    })
    const { origin, log } = await startServer({ plugins: [plugin] })
    const answer = await postJson(origin, '/api/auth/sign-up/email', ann)
    expect([answer.status, answer.text]).toEqual([403, '{"message":"No room left","code":"NO_ROOM"}'])
    expect(log).toEqual([])
  })
})

describe.each([
  ['memory', () => memoryAdapter()],
  ['SQLite', () => mikroOrmAdapter({ url: 'sqlite::memory:' })],
])('sign-up on %s', (_name, connect) => {
  it.each(['create account', 'create session'] as const)('leaves nothing when %s fails', async point => {
    const database = countingDatabase(connect())
    const { auth, origin, log } = await startServer({ database })
    await auth.createSchema()
    database.failure = call => (call === point ? new Error('disk full') : undefined)
    const answer = await postJson(origin, '/api/auth/sign-up/email', ann)
    expect([answer.status, answer.headers['set-cookie']]).toEqual([500, undefined])
    expect(log).toHaveLength(1)
    for (const model of ['user', 'account', 'session']) expect(await auth.context.adapter.count({ model })).toBe(0)

    database.failure = undefined
    expect((await postJson(origin, '/api/auth/sign-up/email', ann)).status).toBe(200)
    await auth.close()
  })

  it('of one address by many at once makes one user', async () => {
    const { auth, origin } = await startServer({ database: connect() })
    await auth.createSchema()
    const answers = await Promise.all(Array.from({ length: 6 }, () => postJson(origin, '/api/auth/sign-up/email', ann)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409])
    for (const model of ['user', 'account', 'session']) expect(await auth.context.adapter.count({ model })).toBe(1)
    await auth.close()
  })
})

describe('a wrong password and an unknown user', () => {
  const path = '/api/auth/sign-in/email'

  it('are answered alike', async () => {
    const { origin } = await startServer()
    await postJson(origin, '/api/auth/sign-up/email', ann)
    const wrong = await postJson(origin, path, { email: ann.email, password: 'wrong password' })
    const unknown = await postJson(origin, path, { email: 'nobody@example.com', password: 'wrong password' })
    const withoutDate = ({ date: _date, ...headers }: (typeof wrong)['headers']) => headers
    expect({ ...unknown, headers: withoutDate(unknown.headers) }).toEqual({
      ...wrong,
      headers: withoutDate(wrong.headers),
    })
    expect([wrong.status, JSON.parse(wrong.text).code]).toEqual([401, 'INVALID_CREDENTIALS'])
  })

  it('take the same time', async () => {
    const argon2 = { ...cheapArgon2, memoryCost: 16_384, timeCost: 6 }
    const { origin } = await startServer({ emailAndPassword: { password: { argon2 } } })
    await postJson(origin, '/api/auth/sign-up/email', ann)
    const timeOf = async (email: string) => {
      const start = performance.now()
      await postJson(origin, path, { email, password: 'wrong password' })
      return performance.now() - start
    }
    // Taken in turns, so that both meet the same load; the shortest is the one that waited least.
    let [wrong, unknown] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
    for (let run = 0; run < 7; run++) {
      wrong = Math.min(wrong, await timeOf(ann.email))
      unknown = Math.min(unknown, await timeOf('nobody@example.com'))
    }
    // Wide bounds: without the hash it would be a tenth.
    expect(unknown / wrong).toBeGreaterThan(0.4)
    expect(unknown / wrong).toBeLessThan(2.5)
  })
})
