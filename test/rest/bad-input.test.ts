import { describe, expect, it } from 'vitest'
import { memoryAdapter } from '../../src/index.ts'
import { inputShape, listProcedures, restRoutes, URL_FIELDS } from '../../src/meta.ts'
import { countingDatabase } from '../support/counting-database.ts'
import { callRest, callTrpc, procedureAt } from '../support/every-way.ts'
import { cookieOf, postJson, rawRequest } from '../support/raw-request.ts'
import { startServer } from '../support/start-server.ts'
import { ann } from '../support/test-auth.ts'

/** A value that each key's type takes, so that only one key of an input is wrong at a time. */
const VALID: Record<string, unknown> = {
  email: ann.email,
  rememberMe: true,
  revokeOtherSessions: true,
  disableRefresh: true,
  disableCookieCache: true,
}

async function startSignedIn() {
  const database = countingDatabase(memoryAdapter())
  const nickname = { type: 'string', required: false, input: true, maxLength: 40 } as const
  const server = await startServer({ database, user: { additionalFields: { nickname } } })
  const signedUp = await postJson(server.origin, '/api/auth/sign-up/email', ann)
  database.calls.length = 0
  return { ...server, database, headers: { cookie: cookieOf(signedUp), origin: server.origin } }
}

/** Each procedure that takes a body, with each of its input's keys. */
function bodyKeys(router: Parameters<typeof listProcedures>[0]) {
  return listProcedures(router)
    .filter(({ meta, type }) => type === 'mutation' && restRoutes(meta)[0]?.method === 'POST')
    .flatMap(procedure => {
      // What the path says, a body cannot say otherwise.
      const isInPath = (key: string) => restRoutes(procedure.meta)[0]?.path.split('/').includes(`:${key}`)
      const keys = Object.keys(inputShape(procedure.input)).filter(key => !isInPath(key))
      return keys.map(key => ({ procedure, key }))
    })
}

function inputWith(keys: readonly string[], key: string, value: unknown): string {
  return JSON.stringify({ ...Object.fromEntries(keys.map(name => [name, VALID[name] ?? '/valid'])), [key]: value })
}

describe('input of a wrong type', () => {
  it('is told by the path of each field, the same by REST and by tRPC', async () => {
    const { auth, origin } = await startSignedIn()
    const procedure = procedureAt(auth.router, 'signUp.email')
    const input = JSON.stringify({ name: 'Ann', email: 'no address', password: 1, rememberMe: 'yes' })
    const expected = {
      status: 400,
      code: 'VALIDATION_ERROR',
      message:
        '[body.email] Invalid email address; ' +
        '[body.password] Invalid input: expected string, received number; ' +
        '[body.rememberMe] Invalid input: expected boolean, received string',
    }
    expect(await callRest({ origin, procedure, input })).toEqual(expected)
    expect(await callTrpc({ origin, procedure, input })).toEqual(expected)
  })

  it('in a query string is told as [query.name]', async () => {
    const { origin } = await startSignedIn()
    const answer = await rawRequest(origin, { path: '/api/auth/reset-password/some-token' })
    expect(answer.status).toBe(400)
    expect(JSON.parse(answer.text)).toEqual({
      code: 'VALIDATION_ERROR',
      message: '[query.callbackURL] Invalid input: expected string, received undefined',
    })
    const twice = await rawRequest(origin, { path: '/api/auth/reset-password/t?callbackURL=/a&callbackURL=/b' })
    expect([twice.status, JSON.parse(twice.text).code]).toEqual([400, 'VALIDATION_ERROR'])
  })

  it('that is no object at all is refused', async () => {
    const { auth, origin, headers } = await startSignedIn()
    for (const path of ['signIn.email', 'signUp.email', 'user.update', 'session.revoke']) {
      const procedure = procedureAt(auth.router, path)
      for (const input of ['null', '[]', '"text"', '17', 'true', '[{"email":"a@b.co"}]']) {
        const [rest, trpc] = [
          await callRest({ origin, procedure, input, headers }),
          await callTrpc({ origin, procedure, input, headers }),
        ]
        expect([path, input, rest.status, rest.code]).toEqual([path, input, 400, 'VALIDATION_ERROR'])
        expect(trpc).toEqual(rest)
      }
    }
  })
})

describe('before the database', () => {
  it.each([
    ['an operator-shaped object', { $ne: null }],
    ['an operator-shaped list', [{ $gt: '' }]],
    ['an over-long string', 'x'.repeat(100_000)],
    ['an object with a hostile key', { constructor: { prototype: {} } }],
  ])('%s is refused in every field of every procedure', async (_name, value) => {
    const { auth, origin, headers, database, log } = await startSignedIn()
    const keys = bodyKeys(auth.router)
    expect(keys.length).toBeGreaterThan(15)
    for (const { procedure, key } of keys) {
      const input = inputWith(Object.keys(inputShape(procedure.input)), key, value)
      for (const call of [callRest, callTrpc]) {
        database.calls.length = 0
        const { status, code } = await call({ origin, procedure, input, headers })
        // An address is first of all not one to be sent to.
        const isAddress = key in URL_FIELDS && typeof value === 'string'
        expect([procedure.path, key, status]).toEqual([procedure.path, key, isAddress ? 403 : 400])
        expect(code).toMatch(isAddress ? /^INVALID_(ERROR_|NEW_USER_)?(CALLBACK|REDIRECT)_URL$/ : /^VALIDATION_ERROR$/)
        // Whoever must be signed in is looked up first; nothing else is.
        const allowed = procedure.meta.access === 'public' ? [] : ['findOne session']
        expect([procedure.path, key, database.calls.filter(made => !allowed.includes(made))]).toEqual([
          procedure.path,
          key,
          [],
        ])
      }
    }
    expect(log).toEqual([])
  })

  it('a prototype key is refused at any depth', async () => {
    const { auth, origin, database } = await startSignedIn()
    const procedure = procedureAt(auth.router, 'signUp.email')
    const person = JSON.stringify(ann).slice(0, -1)
    for (const input of [
      `${person},"__proto__":{"emailVerified":true}}`,
      `${person},"constructor":{}}`,
      `${person},"nickname":{"a":[{"__proto__":1}]}}`,
      `${person},"unknown":{"prototype":1}}`,
    ]) {
      for (const call of [callRest, callTrpc]) {
        expect(await call({ origin, procedure, input })).toMatchObject({ status: 400, code: 'VALIDATION_ERROR' })
      }
    }
    expect(database.calls).toEqual([])
    const inQuery = await rawRequest(origin, { path: '/api/auth/get-session?__proto__=1' })
    expect([inQuery.status, JSON.parse(inQuery.text).code]).toEqual([400, 'VALIDATION_ERROR'])
  })

  it('input nested too deeply is refused', async () => {
    const { auth, origin, database } = await startSignedIn()
    const procedure = procedureAt(auth.router, 'signUp.email')
    const input = `${JSON.stringify(ann).slice(0, -1)},"unknown":${'['.repeat(5000)}${']'.repeat(5000)}}`
    for (const call of [callRest, callTrpc]) {
      expect(await call({ origin, procedure, input })).toMatchObject({ status: 400, code: 'VALIDATION_ERROR' })
    }
    expect(database.calls).toEqual([])
  })
})
