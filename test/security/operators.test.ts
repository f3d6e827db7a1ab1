import { describe, expect, it } from 'vitest'
import { memoryAdapter } from '../../src/index.ts'
import { countingDatabase } from '../support/counting-database.ts'
import { ann, createTestAuth } from '../support/test-auth.ts'
import { visit } from '../support/visitor.ts'
import { everyRoute, isWrite } from './every-route.ts'

const operators: unknown[] = [
  { $ne: null },
  { $gt: '' },
  { $regex: '.*' },
  { $where: '1' },
  { '>': '' },
  { sql: '1=1', params: [] },
  { value: ann.email, operator: 'ne' },
  { toString: 'x' },
  [ann.email],
  [[]],
  {},
  null,
  true,
  1,
]

const polluting = [
  '{"__proto__":{"isAdmin":true}}',
  '{"constructor":{"prototype":{"isAdmin":true}}}',
  '{"email":"a@b.example","password":"x","__proto__":{"isAdmin":true}}',
  '{"a":{"b":[{"__proto__":{"isAdmin":true}}]}}',
  '{"prototype":{"isAdmin":true}}',
]

async function startSignedIn() {
  const database = countingDatabase(memoryAdapter())
  const test = createTestAuth({ database })
  const visitor = visit(test.auth)
  await visitor.post('/sign-up/email', ann)
  database.calls.length = 0
  return { ...test, visitor, database }
}

describe('an operator instead of a text [control 51]', () => {
  it('is refused in every text of every procedure, and reaches no database', async () => {
    const { auth, visitor, database, log } = await startSignedIn()
    const valid: Record<string, unknown> = {
      ...ann,
      ...{
        currentPassword: ann.password,
        newPassword: 'a new password',
        token: 'x',
        callbackURL: '/',
        redirectTo: '/',
      },
    }
    for (const { path, keys, procedure } of everyRoute(auth).filter(isWrite)) {
      const texts = keys.filter(key => key in valid)
      const input = Object.fromEntries(texts.map(key => [key, valid[key]]))
      for (const key of texts) {
        for (const value of operators) {
          const what = `${path} ${key} ${JSON.stringify(value)}`
          const rest = await visitor.post(path, { ...input, [key]: value })
          expect.soft([rest.status, rest.body.code], what).toEqual([400, 'VALIDATION_ERROR'])
          const trpc = await visitor.post(`/trpc/${procedure.path}`, { ...input, [key]: value })
          expect.soft(trpc.status, what).toBe(400)
        }
      }
    }
    // Whose session it is may be looked up before the input is checked; nothing else.
    expect(database.calls.filter(call => call !== 'findOne session')).toEqual([])
    expect(log).toEqual([])
  })

  it('is refused in a query string', async () => {
    const { visitor } = await startSignedIn()
    for (const query of ['callbackURL[$ne]=x', 'callbackURL=/a&callbackURL=/b', 'callbackURL[]=/a']) {
      const { status, body } = await visitor.get(`/reset-password/token?${query}`)
      expect([query, status, body.code]).toEqual([query, 400, 'VALIDATION_ERROR'])
    }
  })
})

describe('a key that would change other objects [control 51]', () => {
  it('is refused at any depth, by every procedure that writes', async () => {
    const { auth, visitor, log } = await startSignedIn()
    for (const { path, procedure } of everyRoute(auth).filter(route => isWrite(route) && route.procedure.input)) {
      for (const text of polluting) {
        const rest = await visitor.post(path, text)
        expect.soft([path, rest.status, rest.body.code]).toEqual([path, 400, 'VALIDATION_ERROR'])
        const trpc = await visitor.post(`/trpc/${procedure.path}`, text)
        expect.soft([path, trpc.status]).toEqual([path, 400])
      }
    }
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
    expect(log).toEqual([])
  })

  it('is refused in a form and a query string too', async () => {
    const { visitor } = await startSignedIn()
    const form = await visitor.post('/sign-in/email', 'email=a%40b.example&password=x&__proto__=y', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect([form.status, form.body.code]).toEqual([400, 'VALIDATION_ERROR'])
    const query = await visitor.get('/reset-password/token?callbackURL=/a&__proto__=x')
    expect([query.status, query.body.code]).toEqual([400, 'VALIDATION_ERROR'])
  })

  it('is refused when it is nested beyond all sense, without exhausting the stack', async () => {
    const { visitor, log } = await startSignedIn()
    for (const depth of [40, 10_000, 200_000]) {
      const { status, body } = await visitor.post('/sign-in/email', `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`)
      expect([depth, status, body.code]).toEqual([
        depth,
        expect.any(Number),
        expect.stringMatching(/^(VALIDATION_ERROR|BAD_REQUEST|PAYLOAD_TOO_LARGE)$/),
      ])
    }
    expect(log).toEqual([])
  })
})
