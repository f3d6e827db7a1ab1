import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { mikroOrmAdapter } from '../../src/index.ts'
import { countingDatabase } from '../support/counting-database.ts'
import { describeEveryDatabase } from '../support/every-database.ts'
import { ann, createTestAuth } from '../support/test-auth.ts'
import { type Answer, visit } from '../support/visitor.ts'
import { everyRoute, isWrite } from './every-route.ts'

const secret = 'canary-secret-canary-secret-canary-0001'
const passwords = ['canary-password-0002', 'canary-password-0003', 'canary-wrong-password-0004']
const [password = '', newPassword = '', wrong = ''] = passwords

/** Everything that is logged, to whatever depth a logger may look into it. */
function createRecorder() {
  const lines: string[] = []
  const record = (message: string, ...details: unknown[]) =>
    void lines.push(
      [message, ...details.map(detail => inspect(detail, { depth: 20, showHidden: true, getters: true }))].join('\n'),
    )
  return { lines, logger: { error: record, warn: record, info: record } }
}

describeEveryDatabase('a whole run, failures included [control 87]', open => {
  it('writes no secret, password, token or cookie to the log or to an error', async () => {
    const { lines, logger } = createRecorder()
    const errorsSeen: unknown[] = []
    const database = countingDatabase(await open())
    const { auth, inbox } = createTestAuth({
      secret,
      logger,
      database,
      onAPIError: { onError: error => void errorsSeen.push(error) },
      user: {
        additionalFields: { pin: { type: 'string', unique: true, input: true, required: false, returned: false } },
      },
    })
    await auth.createSchema()
    const canaries = new Set([secret, ...passwords])
    const answers: Answer[] = []
    const visitor = visit(auth)
    const call = async (path: string, body?: unknown) => {
      const answer = await (body === undefined ? visitor.get(path) : visitor.post(path, body))
      answers.push(answer)
      for (const [, value] of visitor.cookies) {
        canaries.add(value)
        canaries.add(decodeURIComponent(value))
        canaries.add(decodeURIComponent(value).split('.')[0] ?? value)
      }
      return answer
    }
    const flows = async () => {
      await call('/sign-up/email', { ...ann, password, pin: 'canary-pin-0005' })
      await call('/sign-up/email', { ...ann, email: 'b@example.com', password, pin: 'canary-pin-0005' })
      await call('/sign-up/email', { ...ann, password })
      await call('/sign-in/email', { email: ann.email, password: wrong })
      await call('/sign-in/email', { email: ann.email, password: { canary: password } })
      await call('/sign-in/email', `{"email":"${ann.email}","password":"${password}`)
      await call('/sign-in/email', { email: ann.email, password })
      await call('/get-session')
      await call('/list-sessions')
      await call('/verify-password', { password: wrong })
      await call('/change-password', { currentPassword: wrong, newPassword })
      await call('/request-password-reset', { email: ann.email })
      const token = inbox.mails.at(-1)?.token ?? 'none yet'
      if (token !== 'none yet') canaries.add(token)
      await call('/reset-password', { newPassword: 'short', token })
      await call('/reset-password', { newPassword, token })
      await call('/change-password', { currentPassword: newPassword, newPassword: password, revokeOtherSessions: true })
      for (const { path } of everyRoute(auth).filter(isWrite)) await call(path, { token, password, email: 1 })
      await call('/sign-out', {})
    }
    await flows()
    // Again with calls of the database failing now and then, as those of an overloaded one would.
    for (const nth of [2, 3, 5, 7]) {
      let count = 0
      database.failure = () => (++count % nth === 0 ? new Error('connection terminated') : undefined)
      await flows()
      database.failure = undefined
    }
    await inbox.waitFor(ann.email)
    for (const { token } of inbox.mails) canaries.add(token)

    expect(lines.length).toBeGreaterThan(10)
    expect(canaries.size).toBeGreaterThan(8)
    const logged = [...lines, ...errorsSeen.map(error => inspect(error, { depth: 20 }))].join('\n')
    for (const canary of [...canaries, 'canary']) expect(logged).not.toContain(canary)
    for (const { status, text } of answers.filter(({ status }) => status >= 400)) {
      for (const canary of [...canaries, 'canary']) expect(text).not.toContain(canary)
      expect(text, String(status)).not.toMatch(
        /\bat .*\.(ts|js):\d+|node_modules|connection terminated|select |insert /i,
      )
    }
  })

  it('never shows a hash', async () => {
    const { auth } = createTestAuth({ database: await open() })
    await auth.createSchema()
    const visitor = visit(auth)
    const answers = [
      await visitor.post('/sign-up/email', ann),
      await visitor.post('/sign-in/email', ann),
      await visitor.get('/get-session'),
      await visitor.get('/list-sessions'),
      await visitor.post('/update-user', { name: 'New' }),
      await visitor.post('/change-password', {
        currentPassword: ann.password,
        newPassword: ann.password,
        revokeOtherSessions: true,
      }),
      await visitor.get('/trpc/session.get'),
    ]
    for (const { status, text } of answers) {
      expect(status).toBe(200)
      expect(text).not.toMatch(/argon2|"password"/)
    }
  })
})

describe('an unexpected error [control 46]', () => {
  it('is a code and nothing else, logged once', async () => {
    const { lines, logger } = createRecorder()
    const database = mikroOrmAdapter({ url: 'sqlite::memory:' })
    const { auth } = createTestAuth({ database, logger })
    // The tables were never created.
    const { status, body, headers } = await visit(auth).post('/sign-up/email', ann)
    const message = 'The service is unavailable. Please try again later.'
    expect([status, body]).toEqual([503, { message, code: 'SERVICE_UNAVAILABLE' }])
    expect(headers.get('cache-control')).toBe('no-store')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('no such table')
    await auth.close()
  })
})

describe('every answer [control 46]', () => {
  it('is kept in no cache, and tells no address to the next page', async () => {
    const { auth } = createTestAuth()
    const visitor = visit(auth)
    await visitor.post('/sign-up/email', ann)
    for (const { method, path } of everyRoute(auth)) {
      const { headers } = method === 'GET' ? await visitor.get(path) : await visitor.post(path, {})
      expect
        .soft([path, headers.get('cache-control'), headers.get('referrer-policy')])
        .toEqual([path, 'no-store', 'no-referrer'])
    }
    expect((await visitor.get('/unknown')).headers.get('cache-control')).toBe('no-store')
    expect((await visitor.get('/trpc/session.get')).headers.get('cache-control')).toBe('no-store')
  })
})
