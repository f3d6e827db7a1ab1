// Guards what speed is made of and no machine changes: how often a call asks the database. Each number may fall; one
// that rises needs a reason. How fast it all is tells `npm run bench`.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bearer } from '../../routers/bearer/index.ts'
import { organization } from '../../routers/organization/index.ts'
import { mikroOrmAdapter } from '../../src/index.ts'
import { countingDatabase } from '../support/counting-database.ts'
import { ann, createTestAuth } from '../support/test-auth.ts'
import { type Answer, type Visitor, visit } from '../support/visitor.ts'

const MUST_BE = {
  'get-session, anonymous': [],
  'get-session, a cookie that nobody signed': [],
  'get-session': ['findOne session'],
  'ten calls of get-session in one batch': ['findOne session'],
  'list-sessions': ['findOne session', 'findMany session'],
  'sign-in/email': ['findOne user', 'findOne account', 'create session'],
  'sign-in/email, unknown address': ['findOne user'],
  'sign-up/email': ['findOne user', 'create user', 'create account', 'create session'],
  'sign-out': ['delete session'],
  'organization/list': ['findOne session', 'findMany member'],
  'organization/has-permission': ['findOne session', 'findOne member'],
}

type Case = keyof typeof MUST_BE

const CALLS: Record<Case, (browser: Visitor, stranger: Visitor) => Promise<Answer>> = {
  'get-session, anonymous': (_browser, stranger) => stranger.get('/get-session'),
  'get-session, a cookie that nobody signed': (_browser, stranger) =>
    stranger.get('/get-session', { headers: { cookie: 'better-auth.session_token=forged.signature' } }),
  'get-session': browser => browser.get('/get-session'),
  'ten calls of get-session in one batch': browser =>
    browser.get(`/trpc/${Array(10).fill('session.get').join()}?batch=1&input=%7B%7D`),
  'list-sessions': browser => browser.get('/list-sessions'),
  'sign-in/email': (_browser, stranger) =>
    stranger.post('/sign-in/email', { email: ann.email, password: ann.password }),
  'sign-in/email, unknown address': (_browser, stranger) =>
    stranger.post('/sign-in/email', { email: 'nobody@example.com', password: ann.password }),
  'sign-up/email': (_browser, stranger) => stranger.post('/sign-up/email', { ...ann, email: 'bo@example.com' }),
  'sign-out': (_browser, stranger) => stranger.post('/sign-out', {}),
  'organization/list': browser => browser.get('/organization/list'),
  'organization/has-permission': browser =>
    browser.post('/organization/has-permission', { permissions: { organization: ['update'] } }),
}

describe('a call asks the database', () => {
  const database = countingDatabase(mikroOrmAdapter({ url: 'sqlite::memory:' }))
  const { auth } = createTestAuth({ database, plugins: [bearer(), organization()] })
  const browser = visit(auth)
  const stranger = visit(auth)

  beforeAll(async () => {
    await auth.createSchema()
    await browser.post('/sign-up/email', ann)
    await browser.post('/organization/create', { name: 'Acme', slug: 'acme' })
  })
  afterAll(() => auth.close())

  it.each(Object.keys(MUST_BE) as Case[])('as often as it must: %s', async name => {
    database.calls.length = 0
    const { status } = await CALLS[name](browser, stranger)
    expect([200, 401]).toContain(status)
    expect(database.calls).toEqual(MUST_BE[name])
  })
})
