import { initTRPC } from '@trpc/server'
import express from 'express'
import { describe, expect, it } from 'vitest'
import { admin } from '../../routers/admin/index.ts'
import { apiKey } from '../../routers/api-key/index.ts'
import { multiSession } from '../../routers/multi-session/index.ts'
import { oneTimeToken } from '../../routers/one-time-token/index.ts'
import { organization } from '../../routers/organization/index.ts'
import { passkey } from '../../routers/passkey/index.ts'
import { twoFactor } from '../../routers/two-factor/index.ts'
import {
  definePlugin,
  formatError,
  type KerniaContext,
  memoryAdapter,
  memoryStorage,
  type ProcedureBuilder,
} from '../../src/index.ts'
import { mountKernia, requireStepUp, sessionOf } from '../../src/integrations/express.ts'
import { scan } from '../features/two-factor/authenticator.ts'
import { countingDatabase } from '../support/counting-database.ts'
import { serve } from '../support/http-server.ts'
import { rawRequest } from '../support/raw-request.ts'
import { startServer } from '../support/start-server.ts'
import { ann, createTestAuth } from '../support/test-auth.ts'
import { type Visitor, visit } from '../support/visitor.ts'
import { KINDS, REFUSAL, vault } from './vault.ts'

const { email, password } = ann
const CHALLENGE =
  'Bearer error="insufficient_user_authentication", error_description="This needs a second factor", acr_values="aal2"'
const cookieCache = { enabled: true, maxAge: 3600 }
const note = { type: 'string', required: false, input: true } as const

type Options = Parameters<typeof createTestAuth>[0]

/** Ann, who has turned her second factor on in this browser and so has proved it. */
async function proven({ plugins = [], ...rest }: Options = {}) {
  const others = [oneTimeToken(), multiSession(), organization(), admin()]
  const keys = apiKey({ enableSessionForAPIKeys: true, rateLimit: { enabled: false } })
  const session = { additionalFields: { note }, cookieCache }
  const test = createTestAuth({ session, plugins: [twoFactor(), vault(), keys, ...others, ...plugins], ...rest })
  const browser = visit(test.auth)
  await browser.post('/sign-up/email', ann)
  const { totpURI } = (await browser.post('/two-factor/enable', { password })).body
  const app = scan(String(totpURI), test.clock)
  expect((await browser.post('/two-factor/verify-totp', { code: app.code() })).status).toBe(200)
  test.clock.advance(30)
  return { ...test, browser, app }
}

/** What all doors of the vault say, if they say the same. */
async function tell(browser: Visitor): Promise<unknown> {
  const doors = KINDS.map(kind => `/vault/${kind}`)
  const looks = doors.map(door => browser.get(door))
  const takes = doors.map(door => browser.post(door))
  const answers = await Promise.all([...looks, ...takes])
  const told = answers.map(({ status, text, body, headers }) =>
    status === 200 ? text : { status, ...body, challenge: headers.get('www-authenticate') },
  )
  for (const one of told) expect(one).toEqual(told[0])
  return told[0]
}

const GOLD = '"gold"'
const REFUSED = { status: 401, ...REFUSAL, challenge: CHALLENGE }

describe('a procedure with secondFactor', () => {
  it('takes sessions that have proved one, whichever its base, and challenges others [control 21]', async () => {
    const { browser, auth } = await proven()
    expect(await tell(browser)).toBe(GOLD)
    const ben = visit(auth)
    await ben.post('/sign-up/email', { ...ann, email: 'ben@example.com' })
    await ben.get('/get-session')
    expect(await tell(ben)).toEqual(REFUSED)
  })

  it('asks for all that it wants at once: a sign-in and a factor, each of its time [control 21]', async () => {
    const test = createTestAuth({ plugins: [twoFactor(), vault({ maxAge: 300 }, { maxAge: 600 })] })
    const browser = visit(test.auth)
    await browser.post('/sign-up/email', ann)
    const { totpURI } = (await browser.post('/two-factor/enable', { password })).body
    const app = scan(String(totpURI), test.clock)
    const challenge = (text: string) => REFUSED.challenge.replace('This needs a second factor', text)
    const lacking = { ...REFUSED, challenge: `${CHALLENGE}, max_age="300"` }
    expect(await tell(browser)).toEqual(lacking)
    await browser.post('/two-factor/verify-totp', { code: app.code() })
    test.clock.advance(300)
    expect(await tell(browser)).toBe(GOLD)
    test.clock.advance(1)
    expect(await tell(browser)).toEqual(lacking)
    test.clock.advance(299)
    await browser.post('/two-factor/verify-totp', { code: app.code() })
    expect(await tell(browser)).toBe(GOLD)
    test.clock.advance(1)
    // The factor is proved, but the sign-in is too long ago.
    const message = 'This needs a more recent sign-in'
    expect(await tell(browser)).toEqual({ ...REFUSED, message, challenge: `${challenge(message)}, max_age="300"` })
  })

  it('is challenged alike by tRPC and in process [control 21]', async () => {
    const { auth, client } = await startServer({ plugins: [twoFactor(), vault()] })
    const browser = client()
    await browser.signUp.email.mutate(ann)
    const [looked, read] = await Promise.allSettled([browser.vault.session.look.query(), browser.session.get.query()])
    expect(looked).toMatchObject({ reason: { message: REFUSAL.message, data: { authCode: 'STEP_UP_REQUIRED' } } })
    expect(read).toMatchObject({ value: { user: { email } } })
    const own = visit(auth)
    await own.post('/sign-in/email', { email, password })
    const resHeaders = new Headers()
    const inProcess = auth.caller({ headers: { cookie: own.cookieHeader() }, resHeaders })
    await expect(inProcess.vault.sensitive.look()).rejects.toMatchObject({ authCode: 'STEP_UP_REQUIRED' })
    expect(resHeaders.get('www-authenticate')).toBe(CHALLENGE)
  })

  it('is asked for by what a host writes itself: its tRPC procedures and its Express routes [control 21]', async () => {
    const { auth, browser, app } = await proven()
    const device = visit(auth)
    await device.post('/sign-in/email', { email, password })
    await device.post('/two-factor/verify-totp', { code: app.code(), trustDevice: true })
    await device.post('/sign-in/email', { email, password })
    await device.get('/get-session')

    const t = initTRPC
      .context<KerniaContext>()
      .create({ errorFormatter: ({ shape, error }) => formatError(shape, error) })
    const router = t.router({
      mine: t.procedure.query(async ({ ctx }) => (await auth.requireSession(ctx, { secondFactor: true })).user.email),
    })
    const call = (visitor: Visitor | undefined, resHeaders = new Headers()) =>
      router.createCaller(auth.createContext({ headers: { cookie: visitor?.cookieHeader() ?? '' }, resHeaders })).mine()
    expect(await call(browser)).toBe(email)
    await expect(call(undefined)).rejects.toMatchObject({ authCode: 'UNAUTHORIZED' })
    const resHeaders = new Headers()
    await expect(call(device, resHeaders)).rejects.toMatchObject({ authCode: 'STEP_UP_REQUIRED' })
    expect(resHeaders.get('www-authenticate')).toBe(CHALLENGE)
    // Without a wish, any session will do, also one that is known from a cache.
    expect((await auth.requireSession({ headers: { cookie: device.cookieHeader() } })).user.email).toBe(email)

    const site = express()
    mountKernia(site, auth)
    site.get('/safe', requireStepUp({ secondFactor: true }), (_req, res) => void res.json(sessionOf(res).user.email))
    const origin = await serve(() => site)
    const get = (cookie: string) => rawRequest(origin, { method: 'GET', path: '/safe', headers: { cookie } })
    expect((await get(browser.cookieHeader())).text).toBe(`"${email}"`)
    const refused = await get(device.cookieHeader())
    expect([refused.status, JSON.parse(refused.text)]).toEqual([401, REFUSAL])
    expect(refused.headers['www-authenticate']).toBe(CHALLENGE)
    expect((await get('')).status).toBe(401)
    expect(() => requireStepUp({ maxAge: 0 })).toThrow('requireStepUp: maxAge must be a positive number of seconds')
  })

  it('is told at the first request by an Express route that asks for one which nobody could have', async () => {
    const site = express()
    mountKernia(site, createTestAuth({ plugins: [vault(false)] }).auth)
    site.get('/safe', requireStepUp({ secondFactor: true }), (_req, res) => void res.json(sessionOf(res)))
    const told: unknown[] = []
    const note: express.ErrorRequestHandler = (error, _req, res, _next) => {
      told.push(error)
      res.sendStatus(500)
    }
    site.use(note)
    const origin = await serve(() => site)
    expect((await rawRequest(origin, { method: 'GET', path: '/safe' })).status).toBe(500)
    expect(String(told)).toContain('requireStepUp asks for a second factor; add a plugin with the hook secondFactorAt')
  })

  it('says so in the OpenAPI document, and is refused at init where nobody could have one', () => {
    const { auth } = createTestAuth({ plugins: [twoFactor(), vault({ maxAge: 300 })] })
    const document = auth.openApiDocument()
    const operation = document.paths?.['/vault/session']?.get
    expect(operation?.description).toBe('The session has to be proved with a second factor of the last 300 seconds.')
    expect(operation?.responses?.[401]).toMatchObject({
      description: expect.stringContaining('STEP_UP_REQUIRED'),
      headers: { 'WWW-Authenticate': expect.anything() },
    })
    expect(JSON.stringify(document.paths?.['/list-sessions'])).not.toMatch(/STEP_UP_REQUIRED|WWW-Authenticate/)

    const missing = 'init: "vault.session.look" asks for a second factor; add a plugin with the hook secondFactorAt'
    expect(() => createTestAuth({ plugins: [vault()] })).toThrow(missing)
    expect(() => createTestAuth({ plugins: [passkey(), vault()] })).not.toThrow()
    expect(() => createTestAuth({ plugins: [vault(false)] })).not.toThrow()
    for (const maxAge of [0, -1, Number.NaN]) {
      const start = () => createTestAuth({ plugins: [twoFactor(), vault({ maxAge })] })
      expect(start).toThrow('secondFactor.maxAge must be a positive number of seconds')
    }
    const open = definePlugin({
      id: 'open',
      procedures: ({ procedure }: ProcedureBuilder) => ({
        peep: procedure.public({ operationId: 'peep', summary: 'Peeps', secondFactor: true }).query(() => null),
      }),
    })
    expect(() => createTestAuth({ plugins: [twoFactor(), open] })).toThrow(
      'peep: secondFactor needs a base with a session',
    )
  })
})

describe('what a session keeps of its second factor', () => {
  it('stays with it: extended, changed, with an organization, beside others, handed on [control 21]', async () => {
    const { browser, auth, clock } = await proven()
    await browser.post('/update-session', { note: 'mine' })
    expect(await tell(browser)).toBe(GOLD)
    const { body } = await browser.post('/organization/create', { name: 'Acme', slug: 'acme' })
    await browser.post('/organization/set-active', { organizationId: body.id })
    expect(await tell(browser)).toBe(GOLD)
    await browser.post('/update-user', { name: 'Anna' })
    expect(await tell(browser)).toBe(GOLD)
    clock.advance(2 * 86_400)
    await browser.get('/get-session?disableCookieCache=true')
    expect((await browser.get('/vault/session')).text).toBe(GOLD)

    const { token } = (await browser.get('/one-time-token/generate')).body
    const elsewhere = visit(auth)
    await elsewhere.post('/one-time-token/verify', { token })
    expect((await elsewhere.get('/vault/session')).text).toBe(GOLD)

    const sessionToken = (await browser.get('/get-session')).body.session?.token
    await browser.post('/sign-up/email', { ...ann, email: 'ben@example.com' })
    expect((await browser.get('/vault/session')).body).toEqual(REFUSAL)
    expect((await browser.post('/multi-session/set-active', { sessionToken })).status).toBe(200)
    expect((await browser.get('/vault/session')).text).toBe(GOLD)
  })

  it('is not that of the session that a change of password begins [control 21]', async () => {
    const { browser } = await proven()
    const change = { currentPassword: password, newPassword: 'another long password', revokeOtherSessions: true }
    expect((await browser.post('/change-password', change)).status).toBe(200)
    expect(await tell(browser)).toEqual(REFUSED)
  })

  it('is the same where sessions are in secondary storage only [control 21]', async () => {
    const { browser, rows } = await proven({ secondaryStorage: memoryStorage() }).then(test => ({
      ...test,
      rows: () => test.auth.context.adapter.findMany({ model: 'session', where: [] }),
    }))
    expect(await rows()).toEqual([])
    expect(await tell(browser)).toBe(GOLD)
    await browser.post('/update-session', { note: 'mine' })
    await browser.post('/update-user', { name: 'Anna' })
    expect(await tell(browser)).toBe(GOLD)
  })

  it('is never on the wire, and no cache or client makes it up [control 21]', async () => {
    const { browser, auth } = await proven()
    const all = [await browser.get('/get-session?disableCookieCache=true'), await browser.get('/list-sessions')]
    const caches = [...browser.cookies.values()].map(value =>
      Buffer.from(decodeURIComponent(value), 'base64').toString(),
    )
    for (const text of [...all.map(({ text }) => text), ...caches]) expect(text).not.toMatch(/VerifiedAt/)

    const ben = visit(auth)
    await ben.post('/sign-up/email', { ...ann, email: 'ben@example.com', twoFactorVerifiedAt: new Date() })
    const fields = { twoFactorVerifiedAt: new Date().toISOString(), note: 'x' }
    expect((await ben.post('/update-session', fields)).body.code).toBe('FIELD_NOT_ALLOWED')
    expect(await tell(ben)).toEqual(REFUSED)

    // Its session has ended, and lives on in the cache.
    await auth.context.adapter.deleteMany({ model: 'session', where: [] })
    expect((await browser.get('/get-session')).body.user).toMatchObject({ email })
    expect(await tell(browser)).toMatchObject({ status: 401, code: 'UNAUTHORIZED' })
  })

  it('is not that of an API key or of an impersonator [control 21]', async () => {
    const { browser, auth } = await proven()
    const { key } = (await browser.post('/api-key/create', {})).body
    const headers = { 'x-api-key': String(key) }
    expect((await visit(auth).get('/get-session', { headers })).body.user).toMatchObject({ email })
    for (const kind of ['session', 'sensitive']) {
      expect((await visit(auth).get(`/vault/${kind}`, { headers })).body).toEqual(REFUSAL)
    }

    const ada = await proven({ secondaryStorage: undefined })
    const { adapter } = ada.auth.context
    await adapter.updateMany({ model: 'user', where: [], update: { role: 'admin' } })
    const ben = visit(ada.auth)
    await ben.post('/sign-up/email', { ...ann, email: 'ben@example.com' })
    const { totpURI } = (await ben.post('/two-factor/enable', { password })).body
    const app = scan(String(totpURI), ada.clock)
    await ben.post('/two-factor/verify-totp', { code: app.code() })
    expect(await tell(ben)).toBe(GOLD)
    ada.clock.advance(30)
    const userId = (await ben.get('/get-session')).body.user?.id
    expect((await ada.browser.post('/admin/impersonate-user', { userId })).status).toBe(200)
    expect((await ada.browser.get('/get-session')).body.user).toMatchObject({ email: 'ben@example.com' })
    expect(await tell(ada.browser)).toEqual(REFUSED)
    // Not even with a code of the user's.
    await ada.browser.post('/two-factor/verify-totp', { code: app.code() })
    expect(await tell(ada.browser)).toEqual(REFUSED)
    await ada.browser.post('/admin/stop-impersonating')
    expect(await tell(ada.browser)).toBe(GOLD)
  })

  it('is read with the one query that reading a session takes [control 21]', async () => {
    const database = countingDatabase(memoryAdapter())
    const { browser } = await proven({ database })
    database.calls.length = 0
    expect((await browser.get('/vault/sensitive')).text).toBe(GOLD)
    expect(database.calls).toEqual(['findOne session'])
  })
})
