import { describe, expect, it } from 'vitest'
import { admin } from '../../../routers/admin/index.ts'
import { type AdminConfigOptions, adminConfig } from '../../../routers/admin-config/index.ts'
import { magicLink } from '../../../routers/magic-link/index.ts'
import { username } from '../../../routers/username/index.ts'
import { memoryAdapter } from '../../../src/index.ts'
import { countingDatabase } from '../../support/counting-database.ts'
import { startServer } from '../../support/start-server.ts'
import { ann, createTestAuth } from '../../support/test-auth.ts'
import { visit } from '../../support/visitor.ts'
import { openOffice, password, told } from '../admin/office.ts'
import { describeEveryInstance, type StartInstance } from '../every-instance.ts'
import { startLocalProvider, withLocal } from '../social/local-provider.ts'
import { begin, redirection } from '../social/signing-in.ts'

interface Own {
  read(input: object): Promise<{ value: Record<string, unknown> }>
  switch(input: object): Promise<{ methods: Record<string, boolean> }>
}

async function open(
  options: AdminConfigOptions = {},
  { start, more = [] }: { start?: StartInstance; more?: object[] } = {},
) {
  const plugins = [adminConfig(options), magicLink({ sendMagicLink: async () => undefined }), ...more] as never[]
  const office = await openOffice({}, { ...(start && { start }), more: plugins })
  const { adminConfig: own } = office.auth.caller() as unknown as { adminConfig: Own }
  return { ...office, config: own, ada: await office.join('ada', 'admin') }
}

const ROUTES = ['auth-methods', 'email-clients', 'stripe', 'public-ui']
const signIn = { email: 'ada@example.com', password }

describeEveryInstance('what administrators set', start => {
  it('changes nothing until they do', async () => {
    const { ada, visit, rows, signIn } = await open({}, { start })
    expect((await visit().get('/admin/config/public-auth')).body).toEqual({
      methods: { 'email-password': true, 'magic-link': true },
    })
    expect((await visit().get('/admin/config/public-ui')).body).toEqual({ settings: {} })
    expect((await ada.get('/admin/config/email-clients')).body).toEqual({ clients: {} })
    expect((await ada.get('/admin/config/stripe')).body).toEqual({ stripe: {} })
    expect(told(await signIn('ada'))).toBe('200')
    expect(await rows('adminConfig')).toEqual([])
  })

  it('turns ways to sign in off and on, whatever else is set at the same moment', async () => {
    const { ada, visit, rows } = await open({}, { start })
    const set = (value: object) => ada.post('/admin/config/auth-methods', { value })
    const turns = [1, 2, 3].map(() => set({ 'email-password': true }))
    const answers = await Promise.all([set({ 'magic-link': false }), ...turns])
    expect(answers.map(told)).toEqual(['200', '200', '200', '200'])
    expect((await visit().get('/admin/config/public-auth')).body.methods).toEqual({
      'email-password': true,
      'magic-link': false,
    })
    const email = 'ben@example.com'
    expect(told(await visit().post('/sign-in/magic-link', { email }))).toBe('403 AUTH_METHOD_DISABLED')
    expect(told(await visit().get('/magic-link/verify?token=x'))).toBe('403 AUTH_METHOD_DISABLED')
    expect(told(await visit().post('/sign-in/email', signIn))).toBe('200')
    expect(told(await set({ 'magic-link': true, 'email-password': false }))).toBe('200')
    expect(told(await visit().post('/sign-in/email', signIn))).toBe('403 AUTH_METHOD_DISABLED')
    expect(told(await visit().post('/sign-up/email', ann))).toBe('403 AUTH_METHOD_DISABLED')
    expect(told(await visit().post('/sign-in/magic-link', { email }))).toBe('200')
    expect(await rows('adminConfig')).toHaveLength(1)
  })

  it('keeps secrets sealed, and shows none', async () => {
    const { ada, rows, config } = await open({}, { start })
    const value = {
      postmark: { from: 'us@example.com', apiKey: 'pm-secret-1', nested: { Password: 'deep-secret-2' } },
      list: [{ token: 'third-secret-3' }],
      pin: 'fourth-secret-4',
    }
    const sent = await ada.post('/admin/config/email-clients', { value, secretFields: ['pin'] })
    const shown = {
      postmark: { from: 'us@example.com', apiKey: '********', nested: { Password: '********' } },
      list: [{ token: '********' }],
      pin: '********',
    }
    expect(sent.body).toEqual({ clients: shown })
    expect((await ada.get('/admin/config/email-clients')).body).toEqual({ clients: shown })
    expect(JSON.stringify(await rows('adminConfig'))).not.toMatch(/-secret-\d/)
    expect((await config.read({ section: 'email-clients' })).value).toEqual(value)
    // What is sent back as it was read stays what it was, and what was a secret stays one.
    const again = { ...shown, postmark: { ...shown.postmark, from: 'new@example.com', apiKey: 'pm-secret-5' } }
    expect((await ada.post('/admin/config/email-clients', { value: again })).body.clients).toMatchObject({
      pin: '********',
    })
    expect((await config.read({ section: 'email-clients' })).value).toEqual({
      ...value,
      postmark: { ...value.postmark, from: 'new@example.com', apiKey: 'pm-secret-5' },
    })
    await ada.post('/admin/config/email-clients', { value: { pin: 'sixth-secret-6' } })
    expect(JSON.stringify(await rows('adminConfig'))).not.toMatch(/-secret-\d/)
  })
})

describe('what administrators set', () => {
  it('only they see and set', async () => {
    const { join, visit } = await open()
    const ben = await join('ben')
    for (const route of ROUTES) {
      const value = route === 'auth-methods' ? {} : { apiKey: 'x' }
      expect(told(await visit().post(`/admin/config/${route}`, { value }))).toBe('401 UNAUTHORIZED')
      expect(told(await ben.post(`/admin/config/${route}`, { value }))).toBe('403 ADMIN_CONFIG_FORBIDDEN')
      if (route === 'public-ui') continue
      expect(told(await visit().get(`/admin/config/${route}`))).toBe('401 UNAUTHORIZED')
      expect(told(await ben.get(`/admin/config/${route}`))).toBe('403 ADMIN_CONFIG_FORBIDDEN')
    }
  })

  it('nobody sets where nobody administers, unless the application says who', async () => {
    for (const [authorize, outcome] of [
      [undefined, '403 ADMIN_CONFIG_FORBIDDEN'],
      [({ user }: { user: { email: string } }) => user.email === ann.email, '200'],
      [() => false, '403 ADMIN_CONFIG_FORBIDDEN'],
    ] as const) {
      const { auth } = createTestAuth({ plugins: [adminConfig({ ...(authorize && { authorize }) })] })
      const browser = visit(auth)
      await browser.post('/sign-up/email', ann)
      expect(told(await browser.post('/admin/config/public-ui', { value: { title: 'Hi' } }))).toBe(outcome)
    }
  })

  it('nobody sets in the name of an administrator [control 55]', async () => {
    const office = await openOffice({ allowImpersonatingAdmins: true }, { more: [adminConfig()] })
    const ada = await office.join('ada', 'admin')
    await office.join('abe', 'admin')
    await ada.post('/admin/impersonate-user', { userId: await office.id('abe') })
    expect(told(await ada.get('/admin/config/stripe'))).toBe('403 ADMIN_CONFIG_FORBIDDEN')
    expect(told(await ada.post('/admin/config/stripe', { value: {} }))).toBe('403 NOT_WHILE_IMPERSONATING')
  })

  it('is checked', async () => {
    const { ada, config, rows } = await open()
    const set = async (route: string, value: unknown) => told(await ada.post(`/admin/config/${route}`, { value }))
    expect(await set('auth-methods', { carrier_pigeon: false })).toBe('400 UNKNOWN_AUTH_METHOD')
    expect(await set('auth-methods', { toString: false })).toBe('400 UNKNOWN_AUTH_METHOD')
    expect(await set('auth-methods', { 'magic-link': 'no' })).toBe('400 VALIDATION_ERROR')
    expect(await set('auth-methods', { 'magic-link': false, 'email-password': false })).toBe('400 NO_AUTH_METHOD_LEFT')
    expect(await set('stripe', { apiKey: '********' })).toBe('400 NOTHING_BEHIND_REDACTION')
    expect(await set('stripe', { mode: '********' })).toBe('400 NOTHING_BEHIND_REDACTION')
    expect(await set('stripe', { note: 'x'.repeat(40_000) })).toBe('400 ADMIN_CONFIG_TOO_LARGE')
    expect(await set('stripe', [1])).toBe('400 VALIDATION_ERROR')
    expect(await rows('adminConfig')).toEqual([])
    expect(await set('stripe', { webhookSecret: 'hidden' })).toBe('200')
    // Neither a secret of another place, nor one that is brought along sealed, is opened or moved.
    expect(await set('stripe', { title: '********' })).toBe('400 NOTHING_BEHIND_REDACTION')
    const [row] = await rows('adminConfig')
    const stolen = JSON.parse(String(row?.value)).webhookSecret
    expect(await set('stripe', { title: stolen })).toBe('200')
    expect((await config.read({ section: 'stripe' })).value).toEqual({ title: {} })
  })

  it('is in other processes within the stated time', async () => {
    const database = memoryAdapter()
    let connected: ReturnType<typeof database.connect> | undefined
    const shared = { connect: (schema: never) => (connected ??= database.connect(schema)) }
    const first = await openOffice({}, { more: [adminConfig()], database: shared as never })
    const ada = await first.join('ada', 'admin')
    const second = createTestAuth({ plugins: [admin(), adminConfig(), username()], database: shared as never })
    const elsewhere = () => visit(second.auth).post('/sign-in/email', signIn)
    expect(told(await elsewhere())).toBe('200')
    const own = first.auth.caller() as unknown as { adminConfig: Own }
    await expect(own.adminConfig.switch({ methods: { 'email-password': false } })).rejects.toThrow('stay on')
    const where = [{ field: 'key', value: 'auth-methods' }]
    expect(await first.auth.context.adapter.findOne({ model: 'adminConfig', where })).toBeNull()
    const wide = second.auth.caller() as unknown as { adminConfig: Own }
    await wide.adminConfig.switch({ methods: { 'email-password': false } })
    expect(told(await elsewhere())).toBe('403 AUTH_METHOD_DISABLED')
    first.clock.advance(5)
    expect(told(await visit(first.auth).post('/sign-in/email', signIn))).toBe('403 AUTH_METHOD_DISABLED')
    expect(told(await ada.get('/get-session'))).toBe('200')
  })

  it('costs few queries, and a session none', async () => {
    const database = countingDatabase(memoryAdapter())
    const { join, signIn } = await openOffice({}, { database, more: [adminConfig()] })
    const ben = await join('ben')
    database.calls.length = 0
    await ben.get('/get-session')
    expect(database.calls).toEqual(['findOne session'])
    await signIn('ben')
    await signIn('ben')
    expect(database.calls.filter(call => call.endsWith('adminConfig'))).toEqual([])
  })

  it('is no way around by the default: what the application turned off stays so', async () => {
    const { visit, ada } = await open({ defaultAuthMethods: { 'magic-link': false } })
    const ask = () => visit().post('/sign-in/magic-link', { email: 'ben@example.com' })
    expect(told(await ask())).toBe('403 AUTH_METHOD_DISABLED')
    await ada.post('/admin/config/auth-methods', { value: { 'magic-link': true } })
    expect(told(await ask())).toBe('200')
  })

  it('a provider that is off is neither gone to nor come from', async () => {
    const local = await startLocalProvider()
    const { visit, ada, rows } = await open({}, { more: [withLocal(local)] })
    const browser = visit()
    const request = { input: { errorCallbackURL: 'http://localhost:3000/oops' } }
    const { callback } = await begin(browser, local, request)
    await ada.post('/admin/config/auth-methods', { value: { local: false } })
    const [status, location] = redirection(await browser.get(callback))
    expect([status, location]).toEqual([302, expect.stringContaining('/oops?error=auth_method_disabled')])
    const answer = await browser.post('/sign-in/social', { provider: 'local' })
    expect(told(answer)).toBe('403 AUTH_METHOD_DISABLED')
    expect(told(await ada.post('/link-social', { provider: 'local' }))).toBe('403 AUTH_METHOD_DISABLED')
    expect(await rows('user')).toHaveLength(1)
  })
})

it('the tRPC client has it by its types', async () => {
  const { client, auth } = await startServer({ plugins: [admin(), adminConfig()] })
  await auth.caller().admin.addUser({ ...ann, role: 'admin' })
  const browser = client()
  await browser.signIn.email.mutate(ann)
  const { stripe } = await browser.adminConfig.setStripe.mutate({ value: { apiKey: 'sk_1', mode: 'test' } })
  expect(stripe).toEqual({ apiKey: '********', mode: 'test' })
  expect((await auth.caller().adminConfig.read({ section: 'stripe' })).value).toEqual({ apiKey: 'sk_1', mode: 'test' })
  const { methods } = await client().adminConfig.publicAuth.query()
  expect(methods['email-password']).toBe(true)
  const document = JSON.stringify(auth.openApiDocument())
  for (const name of ['readConfig', 'switchAuthMethods']) expect(document).not.toContain(name)
})
