import { describe, expect, it } from 'vitest'
import { admin } from '../../../routers/admin/index.ts'
import { bearer } from '../../../routers/bearer/index.ts'
import { jwt } from '../../../routers/jwt/index.ts'
import { multiSession } from '../../../routers/multi-session/index.ts'
import { oneTimeToken } from '../../../routers/one-time-token/index.ts'
import { organization } from '../../../routers/organization/index.ts'
import { passkey } from '../../../routers/passkey/index.ts'
import { twoFactor } from '../../../routers/two-factor/index.ts'
import { memoryAdapter } from '../../../src/index.ts'
import { restRoutes } from '../../../src/meta.ts'
import { countingDatabase } from '../../support/counting-database.ts'
import type { Answer } from '../../support/visitor.ts'
import { openOrganizationShop, openShop, told } from './keys.ts'

async function openWithSession(
  options: Extract<Parameters<typeof openShop>[0], { configId?: string }> = {},
  rest: Parameters<typeof openShop>[1] = {},
) {
  const shop = await openShop({ enableSessionForAPIKeys: true, rateLimit: { enabled: false }, ...options }, rest)
  const ann = await shop.join('ann')
  const made = (await ann.post('/api-key/create', {})).body as { id: string; key: string; createdAt: string }
  const headers = { 'x-api-key': made.key, origin: undefined }
  const program = shop.visit()
  return {
    ...shop,
    ann,
    made,
    headers,
    get: (path: string) => program.get(path, { headers }),
    post: (path: string, body: unknown = {}) => program.post(path, body, { headers }),
    program,
  }
}

describe('a request with a key', () => {
  it("is its user's, without any session", async () => {
    const { get, made, userId, rows, clock } = await openWithSession()
    const sessions = await rows('session')
    const { body } = await get('/get-session')
    expect(body.session).toEqual({
      id: made.id,
      token: made.key,
      userId: await userId('ann'),
      ipAddress: null,
      userAgent: null,
      createdAt: made.createdAt,
      updatedAt: made.createdAt,
      expiresAt: new Date(clock.now().getTime() + 7 * 86_400_000).toISOString(),
    })
    expect(body.user?.email).toBe('ann@example.com')
    expect(await rows('session')).toEqual(sessions)
  })

  it('is read by the application as any other', async () => {
    const { auth, made } = await openWithSession()
    expect((await auth.getSession({ 'x-api-key': made.key }))?.user.email).toBe('ann@example.com')
    await expect(auth.getSession({ 'x-api-key': 'x'.repeat(64) })).rejects.toMatchObject({ status: 401 })
    expect(await auth.getSession({})).toBeNull()
  })

  it('is refused with a wrong one, where a session is asked for', async () => {
    const { program } = await openWithSession()
    const withKey = (key: string) => ({ headers: { 'x-api-key': key } })
    expect(told(await program.get('/get-session', withKey('short')))).toBe('403 INVALID_API_KEY')
    expect(told(await program.get('/get-session', withKey('x'.repeat(64))))).toBe('401 INVALID_API_KEY')
    expect(told(await program.get('/get-session', withKey('x'.repeat(9999))))).toBe('401 INVALID_API_KEY')
    expect(told(await program.post('/update-user', { name: 'x' }, withKey('x'.repeat(64))))).toBe('401 INVALID_API_KEY')
    expect(told(await program.get('/ok', withKey('short')))).toBe('200')
  })

  it('counts once, and is told when to come again: 429 [control 80]', async () => {
    const { get, rows } = await openWithSession({ rateLimit: { enabled: true, timeWindow: 60_000, maxRequests: 2 } })
    expect(told(await get('/list-accounts'))).toBe('200')
    expect((await rows('apikey'))[0]?.requestCount).toBe(1)
    await get('/get-session')
    const limited = await get('/get-session')
    expect(told(limited)).toBe('429 RATE_LIMITED')
    expect(limited.headers.get('retry-after')).toBe('60')
  })

  it('is not looked at where keys do not stand for sessions', async () => {
    const { get } = await openWithSession({ enableSessionForAPIKeys: false })
    expect((await get('/get-session')).text).toBe('null')
  })

  it("with a session as well is the session's", async () => {
    const { made, visit, join } = await openWithSession()
    expect(visit).toBeTruthy()
    const ben = await join('ben')
    const { body } = await ben.get('/get-session', { headers: { 'x-api-key': made.key } })
    expect(body.user?.email).toBe('ben@example.com')
  })

  it('takes it from other headers, or from wherever the application says', async () => {
    const { made, program } = await openWithSession({ apiKeyHeaders: ['x-one', 'x-two'] })
    expect((await program.get('/get-session', { headers: { 'x-two': made.key } })).body.user).toBeTruthy()
    const own = await openWithSession({ customAPIKeyGetter: ctx => ctx.headers.get('authorization')?.slice(4) ?? null })
    const headers = { authorization: `key ${own.made.key}` }
    expect((await own.program.get('/get-session', { headers })).body.user).toBeTruthy()
    const odd = await openWithSession({ customAPIKeyGetter: () => 42 as never })
    expect(told(await odd.program.get('/get-session'))).toBe('400 INVALID_API_KEY_GETTER_RETURN_TYPE')
  })

  it("is nobody's with a key of an organization", async () => {
    const shop = await openOrganizationShop({ enableSessionForAPIKeys: true })
    const owner = await shop.join('owner')
    const organizationId = await shop.found(owner, 'acme')
    const key = String((await owner.post('/api-key/create', { organizationId })).body.key)
    const answer = await shop.visit().get('/get-session', { headers: { 'x-api-key': key } })
    expect(told(answer)).toBe('401 INVALID_REFERENCE_ID_FROM_API_KEY')
  })

  it('is refused while its user is banned [control 34]', async () => {
    const { get, verdict, made, auth } = await openWithSession({}, { plugins: [admin()] })
    expect(told(await get('/get-session'))).toBe('200')
    const where = [{ field: 'email', value: 'ann@example.com' }]
    await auth.context.adapter.update({ model: 'user', where, update: { banned: true } })
    expect(told(await get('/list-accounts'))).toMatch(/^40[13] /)
    expect((await get('/get-session')).body.user).toBeUndefined()
    expect(await verdict(made.key)).not.toBe('ok')
  })
})

describe('what a key may do', () => {
  it('is never more than its user may, whatever it is given, and less as soon as that one may less [control 80]', async () => {
    const shop = await openWithSession({}, { plugins: [organization(), admin()] })
    const boss = await shop.join('boss')
    const organizationId = String((await boss.post('/organization/create', { name: 'Acme', slug: 'acme' })).body.id)
    const caller = shop.auth.caller() as unknown as {
      organization: { member: { add(input: object): Promise<{ id: string }> } }
    }
    const userId = await shop.userId('ann')
    const { id: memberId } = await caller.organization.member.add({ organizationId, userId, role: 'admin' })
    const permissions = { organization: ['update', 'delete'], user: ['list', 'ban'] }
    const { key, id: keyId } = await shop.own.create({ userId, permissions })
    const program = shop.visit()
    const headers = { 'x-api-key': key, origin: undefined }
    const post = async (path: string, body: object) => told(await program.post(path, body, { headers }))
    const rename = () => post('/organization/update', { organizationId, data: { name: 'New' } })
    const named = '403 YOU_ARE_NOT_ALLOWED_TO_'
    expect(await rename()).toBe('200')
    expect(await post('/organization/delete', { organizationId })).toContain(named)
    expect(await program.get('/admin/list-users', { headers })).toMatchObject({ status: 403 })
    expect(told(await shop.ann.post('/api-key/update', { keyId, permissions: { all: ['*'] } }))).toBe(
      '400 SERVER_ONLY_PROPERTY',
    )
    await boss.post('/organization/update-member-role', { organizationId, memberId, role: 'member' })
    expect(await rename()).toContain(named)
    await boss.post('/organization/remove-member', { organizationId, memberIdOrEmail: memberId })
    expect((await program.get(`/organization/list-members?organizationId=${organizationId}`, { headers })).status).toBe(
      403,
    )
  })
})

describe('what stands for a session', () => {
  it('never becomes one: it is not sent, cached or extended [A11]', async () => {
    const session = { cookieCache: { enabled: true, maxAge: 60 }, freshAge: 0 }
    const { get, post, clock, program, rows } = await openWithSession({}, { session, plugins: [organization()] })
    const sessions = (await rows('session')).length
    clock.advance(6.9 * 86_400)
    const calls = [
      await get('/get-session'),
      await post('/update-user', { name: 'Anna' }),
      await post('/organization/create', { name: 'Acme', slug: 'acme' }),
      await get('/get-session'),
    ]
    for (const answer of calls) {
      expect(told(answer)).toBe('200')
      expect(answer.setCookies).toEqual({})
    }
    expect(program.cookies.size).toBe(0)
    expect(await rows('session')).toHaveLength(sessions)
    expect(calls[3]?.body.user?.name).toBe('Anna')
  })

  it('is never fresh, whatever the options call fresh [A6]', async () => {
    const { get, post } = await openWithSession({}, { session: { freshAge: 0 }, plugins: [passkey()] })
    const refusals = ['403 SESSION_NOT_FRESH', '403 SIGN_IN_REQUIRED']
    expect(refusals).toContain(told(await get('/passkey/generate-register-options')))
    expect(refusals).toContain(told(await post('/unlink-account', { providerId: 'credential' })))
  })

  it('makes no key, changes none, and learns no token of a session [A6]', async () => {
    const { get, post, made, rows } = await openWithSession({}, { plugins: [oneTimeToken(), bearer()] })
    // Of its use only the time is noted.
    const keys = async () => (await rows('apikey')).map(row => ({ ...row, lastRequest: 0, updatedAt: 0 }))
    const before = await keys()
    expect(told(await post('/api-key/create', {}))).toBe('403 SIGN_IN_REQUIRED')
    expect(told(await post('/api-key/update', { keyId: made.id, expiresIn: null }))).toBe('403 SIGN_IN_REQUIRED')
    expect(told(await get('/list-sessions'))).toBe('403 SIGN_IN_REQUIRED')
    expect(await keys()).toEqual(before)
    const token = (await get('/one-time-token/generate')).body.token
    if (token) expect((await post('/one-time-token/verify', { token })).status).not.toBe(200)
    expect((await post('/trpc/session.list', {})).status).not.toBe(200)
  })

  it('has no row: what would write one is refused or without effect, and never an error of the server', async () => {
    const plugins = [organization(), oneTimeToken(), multiSession(), jwt()]
    const { ann, get, post, program, auth, log } = await openWithSession({}, { plugins })
    const organizationId = (await ann.post('/organization/create', { name: 'Acme', slug: 'acme' })).body.id
    const calls: Record<string, Answer> = {
      setActive: await post('/organization/set-active', { organizationId }),
      updateSession: await post('/update-session', {}),
      revokeOthers: await post('/revoke-other-sessions'),
      changePassword: await post('/change-password', { currentPassword: 'x', newPassword: 'y'.repeat(12) }),
      oneTimeToken: await get('/one-time-token/generate'),
      deviceSessions: await get('/multi-session/list-device-sessions'),
      signOut: await post('/sign-out'),
      refreshed: await get('/get-session?disableCookieCache=true'),
    }
    for (const [name, { status, setCookies }] of Object.entries(calls)) {
      expect([name, status < 500]).toEqual([name, true])
      const sent = Object.entries(setCookies).filter(([, header]) => !/Max-Age=0/.test(header))
      expect([name, sent]).toEqual([name, []])
    }
    expect(calls.oneTimeToken?.status).not.toBe(200)
    expect(program.cookies.size).toBe(0)
    expect(log).toEqual([])
    expect(auth).toBeTruthy()
  })

  it("changes nobody else's session that has the same id [A8]", async () => {
    const advanced = { database: { generateId: 'serial' } } as const
    const session = { additionalFields: { device: { type: 'string', required: false, input: true } } }
    const { made, post, rows } = await openWithSession({}, { advanced, session, plugins: [organization()] })
    expect((await rows('session')).map(({ id }) => String(id))).toContain(made.id)
    const before = await rows('session')
    expect(told(await post('/update-session', { device: 'mine' }))).toBe('401 UNAUTHORIZED')
    const { id: organizationId } = (await post('/organization/create', { name: 'Acme', slug: 'acme' })).body
    await post('/organization/set-active', { organizationId })
    expect(await rows('session')).toEqual(before)
  })

  it('does nothing that is for the owner of the account alone [A6, control 47]', async () => {
    const { get, post, auth } = await openWithSession({}, { plugins: [passkey(), twoFactor(), admin()] })
    const owners = [...auth.context.procedures.values()].filter(({ meta }) => meta.ownerOnly && meta.rest)
    expect(owners.length).toBeGreaterThan(8)
    for (const { meta } of owners) {
      const [route] = restRoutes(meta)
      const answer = route?.method === 'GET' ? await get(route.path) : await post(String(route?.path), {})
      const refusals = ['403 SIGN_IN_REQUIRED', '403 SESSION_NOT_FRESH', '400 VALIDATION_ERROR']
      expect(refusals, meta.operationId).toContain(told(answer))
    }
    // With inputs that are right.
    const wishes: [string, object][] = [
      ['/change-email', { newEmail: 'mallory@example.com' }],
      ['/link-social', { provider: 'github', callbackURL: '/' }],
      ['/delete-user', {}],
    ]
    for (const [path, body] of wishes)
      expect([path, told(await post(path, body))]).toEqual([path, '403 SIGN_IN_REQUIRED'])
  })
})

describe('a request without a key', () => {
  it('costs no query more', async () => {
    const queries = async (options: object) => {
      const database = countingDatabase(memoryAdapter())
      const { join, visit } = await openShop(options, { database })
      const ann = await join('ann')
      database.calls.length = 0
      await ann.get('/get-session')
      await visit().get('/get-session')
      return [...database.calls]
    }
    const calls = await queries({ enableSessionForAPIKeys: true })
    expect(calls).toEqual(['findOne session'])
  })
})
