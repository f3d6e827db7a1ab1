import { describe, expect, it } from 'vitest'
import { admin } from '../../routers/admin/index.ts'
import { apiKey } from '../../routers/api-key/index.ts'
import { definePlugin, type ProcedureBuilder } from '../../src/index.ts'
import { startServer } from '../support/start-server.ts'
import { ann, createTestAuth } from '../support/test-auth.ts'
import { visit } from '../support/visitor.ts'
import { KINDS, vaultOf } from './vault.ts'

/** It opens to whoever signed in within five minutes. */
const vault = (maxAge = 300) => vaultOf({ maxAge })

const CHALLENGE =
  'Bearer error="insufficient_user_authentication", error_description="This needs a more recent sign-in", max_age="300"'
const REFUSAL = { code: 'STEP_UP_REQUIRED', message: 'This needs a more recent sign-in' }
const cookieCache = { enabled: true, maxAge: 3600 }

async function signedIn() {
  const keys = apiKey({ enableSessionForAPIKeys: true, rateLimit: { enabled: false } })
  const test = createTestAuth({ plugins: [vault(), keys, admin()], session: { cookieCache } })
  const browser = visit(test.auth)
  await browser.post('/sign-up/email', ann)
  await browser.get('/get-session')
  expect([...browser.cookies.keys()].some(name => name.endsWith('session_data'))).toBe(true)
  return { ...test, browser }
}

describe('a procedure with maxAge', () => {
  it.each(KINDS)(
    'as %s takes sessions of the last five minutes, and challenges older ones [control 21]',
    async kind => {
      const { browser, clock } = await signedIn()
      const ways = () => [browser.get(`/vault/${kind}`), browser.post(`/vault/${kind}`)]
      clock.advance(300)
      for (const { status, text } of await Promise.all(ways())) expect([status, text]).toEqual([200, '"gold"'])
      clock.advance(1)
      for (const { status, body, headers } of await Promise.all(ways())) {
        expect([status, body]).toEqual([401, REFUSAL])
        expect(headers.get('www-authenticate')).toBe(CHALLENGE)
      }
      await browser.post('/sign-in/email', { email: ann.email, password: ann.password })
      for (const { status } of await Promise.all(ways())) expect(status).toBe(200)
    },
  )

  it('is challenged alike by tRPC and in process, and leaves the rest of a batch alone [control 21]', async () => {
    const { auth, client, clock } = await startServer({ plugins: [vault()] })
    const browser = client()
    await browser.signUp.email.mutate(ann)
    expect(await browser.vault.session.look.query()).toBe('gold')
    clock.advance(301)
    const [looked, read] = await Promise.allSettled([browser.vault.session.look.query(), browser.session.get.query()])
    expect(looked).toMatchObject({ reason: { data: { authCode: 'STEP_UP_REQUIRED', httpStatus: 401 } } })
    expect(read).toMatchObject({ value: { user: { email: ann.email } } })

    const own = visit(auth)
    await own.post('/sign-in/email', { email: ann.email, password: ann.password })
    clock.advance(301)
    const resHeaders = new Headers()
    const inProcess = auth.caller({ headers: { cookie: own.cookieHeader() }, resHeaders })
    await expect(inProcess.vault.sensitive.look()).rejects.toMatchObject({ authCode: 'STEP_UP_REQUIRED' })
    expect(resHeaders.get('www-authenticate')).toBe(CHALLENGE)
  })

  it('believes no cache: a session that has ended is none, however young [control 21]', async () => {
    const { browser, auth } = await signedIn()
    await auth.context.adapter.deleteMany({ model: 'session', where: [] })
    expect((await browser.get('/get-session')).body.user).toMatchObject({ email: ann.email })
    for (const kind of KINDS) expect((await browser.get(`/vault/${kind}`)).body.code).toBe('UNAUTHORIZED')
  })

  it('is not extended with a session, and takes no API key [control 21]', async () => {
    const { browser, clock, auth } = await signedIn()
    const { key } = (await browser.post('/api-key/create', {})).body
    const program = visit(auth)
    const headers = { 'x-api-key': String(key) }
    expect((await program.get('/get-session', { headers })).body.user).toMatchObject({ email: ann.email })
    expect((await program.get('/vault/session', { headers })).body).toEqual(REFUSAL)
    clock.advance(2 * 86_400)
    const before = (await browser.get('/get-session?disableCookieCache=true')).body.session?.expiresAt
    expect(Date.parse(String(before))).toBe(clock.now().getTime() + 7 * 86_400_000)
    expect((await browser.get('/vault/session')).body).toEqual(REFUSAL)
  })

  it('takes no impersonator, who has signed in as somebody else [control 21]', async () => {
    const { browser, auth } = await signedIn()
    const ada = visit(auth)
    await ada.post('/sign-up/email', { ...ann, email: 'ada@example.com' })
    const where = [{ field: 'email', value: 'ada@example.com' }]
    await auth.context.adapter.update({ model: 'user', where, update: { role: 'admin' } })
    const userId = (await browser.get('/get-session')).body.user?.id
    expect((await ada.post('/admin/impersonate-user', { userId })).status).toBe(200)
    expect((await ada.get('/get-session')).body.user).toMatchObject({ email: ann.email })
    for (const kind of KINDS) expect((await ada.post(`/vault/${kind}`)).body).toEqual(REFUSAL)
    await ada.post('/admin/stop-impersonating')
    expect((await ada.post('/vault/sensitive')).status).toBe(200)
  })

  it('says so in the OpenAPI document, and is refused at init with an age that makes no sense', () => {
    const { auth } = createTestAuth({ plugins: [vault()] })
    const { paths = {} } = auth.openApiDocument()
    expect(JSON.stringify(paths['/vault/session'])).toContain('STEP_UP_REQUIRED')
    expect(JSON.stringify(paths['/list-sessions'])).not.toContain('STEP_UP_REQUIRED')
    for (const age of [0, -1, Number.NaN]) {
      expect(() => createTestAuth({ plugins: [vault(age)] })).toThrow('maxAge must be a positive number of seconds')
    }
    const open = definePlugin({
      id: 'open',
      procedures: ({ procedure }: ProcedureBuilder) => ({
        peep: procedure.public({ operationId: 'peep', summary: 'Peeps', maxAge: 300 }).query(() => null),
      }),
    })
    expect(() => createTestAuth({ plugins: [open] })).toThrow('peep: maxAge needs a base with a session')
  })
})
