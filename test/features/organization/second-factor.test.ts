import { describe, expect, it } from 'vitest'
import { admin } from '../../../routers/admin/index.ts'
import { apiKey } from '../../../routers/api-key/index.ts'
import { type OrganizationOptions, organization, type RequiredFactor } from '../../../routers/organization/index.ts'
import { passkey } from '../../../routers/passkey/index.ts'
import { twoFactor } from '../../../routers/two-factor/index.ts'
import { memoryAdapter } from '../../../src/index.ts'
import { listProcedures } from '../../../src/meta.ts'
import { createSoftAuthenticator } from '../../../src/testing/index.ts'
import { call } from '../../policies/calls.ts'
import { countingDatabase } from '../../support/counting-database.ts'
import { createTestAuth } from '../../support/test-auth.ts'
import { type Visitor, visit } from '../../support/visitor.ts'
import { describeEveryInstance, type StartInstance } from '../every-instance.ts'
import { register } from '../passkey/page.ts'
import { scan } from '../two-factor/authenticator.ts'
import { openCompany, told } from './company.ts'

const password = 'correct horse battery'
const REFUSED = '403 SECOND_FACTOR_REQUIRED'

const others = () => [
  twoFactor({ skipVerificationOnEnable: true }),
  passkey(),
  admin(),
  apiKey([
    { configId: 'people', enableSessionForAPIKeys: true, rateLimit: { enabled: false } },
    { configId: 'companies', references: 'organization' },
  ]),
]

/** Acme, whose owner Ann has no factor yet, and in which Ben is a member. What it asks for is `rule.now`. */
async function openAcme(start: StartInstance, options: OrganizationOptions = {}) {
  const rule: { now: RequiredFactor } = { now: false }
  const startAll: StartInstance = given => start({ ...given, plugins: [...(given?.plugins ?? []), ...others()] })
  const company = await openCompany(startAll, { requireSecondFactor: () => rule.now, ...options })
  const ann = await company.join('ann')
  const ben = await company.join('ben')
  const organizationId = await company.found(ann, 'acme')
  await company.add(organizationId, 'ben')
  const members = `/organization/list-members?organizationId=${organizationId}`
  return { ...company, rule, ann, ben, organizationId, members }
}

const enrol = (browser: Visitor) => browser.post('/two-factor/enable', { password })

describeEveryInstance('an organization that asks its members for a second factor', start => {
  it('takes members in who have it, and others only to leave [control 22]', async () => {
    const { rule, ann, ben, members, organizationId } = await openAcme(start)
    rule.now = true
    expect(told(await ann.get(members))).toBe(REFUSED)
    expect(told(await ben.get(members))).toBe(REFUSED)
    expect(told(await ann.post('/organization/set-active', { organizationId }))).toBe(REFUSED)
    await enrol(ann)
    expect((await ann.get(members)).body.total).toBe(2)
    expect(told(await ann.post('/organization/set-active', { organizationId }))).toBe('200')
    // Ben sees that he is in it, and can go.
    expect((await ben.get('/organization/list')).text).toContain(organizationId)
    expect(told(await ben.post('/organization/leave', { organizationId }))).toBe('200')
    expect((await ann.get(members)).body.total).toBe(1)
    await ann.post('/two-factor/disable', { password })
    expect(told(await ann.get(members))).toBe(REFUSED)
  })

  it('tells a passkey from a code, which can be phished [control 22]', async () => {
    const { rule, ann, members } = await openAcme(start)
    rule.now = 'phishing-resistant'
    const refused = '403 PHISHING_RESISTANT_FACTOR_REQUIRED'
    await enrol(ann)
    expect(told(await ann.get(members))).toBe(refused)
    const { body } = await register(ann, createSoftAuthenticator())
    expect(told(await ann.get(members))).toBe('200')
    await ann.post('/passkey/delete-passkey', { id: body.id })
    expect(told(await ann.get(members))).toBe(refused)
  })
})

describeEveryInstance('an organization that asks that sessions are proved with a second factor', start => {
  it('takes members in whose session is, and tells others what they lack [controls 21 and 22]', async () => {
    const { rule, ann, visit, members, clock, organizationId } = await openAcme(start)
    rule.now = 'proven'
    // She has no factor to prove: there is no use in challenging her.
    expect(told(await ann.get(members))).toBe(REFUSED)
    await enrol(ann)
    const challenge = await ann.get(members)
    expect(told(challenge)).toBe('401 STEP_UP_REQUIRED')
    expect(challenge.headers.get('www-authenticate')).toContain('acr_values="aal2"')
    const { totpURI } = (await ann.post('/two-factor/get-totp-uri', { password })).body
    const app = scan(String(totpURI), clock)
    await ann.post('/two-factor/verify-totp', { code: app.code(), trustDevice: true })
    expect(told(await ann.get(members))).toBe('200')
    expect(told(await ann.post('/organization/set-active', { organizationId }))).toBe('200')
    const { key } = (await ann.post('/api-key/create', { configId: 'people' })).body
    const byKey = await visit().get(members, { headers: { 'x-api-key': String(key) } })
    expect(told(byKey)).toBe('401 STEP_UP_REQUIRED')

    clock.advance(30)
    const again = visit()
    await again.post('/sign-in/email', { email: 'ann@example.com', password })
    await again.post('/two-factor/verify-totp', { code: app.code(), trustDevice: true })
    expect(told(await again.get(members))).toBe('200')
    await again.post('/sign-in/email', { email: 'ann@example.com', password })
    expect(told(await again.get(members))).toBe('401 STEP_UP_REQUIRED')
  })
})

it('that asks for proof asks the store for it, and not a cookie cache [controls 21 and 22]', async () => {
  const session = { cookieCache: { enabled: true, maxAge: 3600 } }
  const { rule, ann, auth, members, clock } = await openAcme(given => inMemory({ ...given, session }))
  rule.now = 'proven'
  const { totpURI } = (await enrol(ann)).body
  await ann.post('/two-factor/verify-totp', { code: scan(String(totpURI), clock).code() })
  await ann.get('/get-session')
  expect([...ann.cookies.keys()].some(name => name.endsWith('session_data'))).toBe(true)
  expect(told(await ann.get(members))).toBe('200')
  await auth.context.adapter.updateMany({ model: 'session', where: [], update: { twoFactorVerifiedAt: null } })
  expect(told(await ann.get(members))).toBe('401 STEP_UP_REQUIRED')
})

it('that asks for proof extends no session whose client asks not to [control 22]', async () => {
  const session = { updateAge: 60, cookieCache: { enabled: true, maxAge: 3600 } }
  const { rule, ann, auth, rows, members, clock } = await openAcme(given => inMemory({ ...given, session }))
  rule.now = 'proven'
  const { totpURI } = (await enrol(ann)).body
  await ann.post('/two-factor/verify-totp', { code: scan(String(totpURI), clock).code() })
  await auth.context.adapter.deleteMany({ model: 'session', where: [{ field: 'twoFactorVerifiedAt', value: null }] })
  const end = async () => (await rows('session')).map(({ expiresAt }) => (expiresAt as Date).getTime())
  const before = await end()
  clock.advance(120)
  expect(told(await ann.get(`${members}&disableRefresh=true`))).toBe('200')
  expect(await end()).toEqual(before)
  expect(told(await ann.get(members))).toBe('200')
  expect(await end()).toEqual(before.map(time => time + 120_000))
})

describe('an organization that asks for proof, and its keys', () => {
  interface Own {
    create(input: object): Promise<{ id: string; key: string }>
    update(input: object): Promise<object>
    rotate(input: object): Promise<{ key: string }>
    verify(input: object): Promise<{ valid: boolean; error: { code: string } | null }>
  }

  async function open() {
    const database = countingDatabase(memoryAdapter())
    const acme = await openAcme(given => inMemory({ ...given, database }))
    acme.rule.now = 'proven'
    const { origin } = acme.auth.context.options
    const caller = (client?: Visitor) => {
      const source = client && { headers: { origin, cookie: client.cookieHeader() } }
      return (acme.auth.caller(source) as unknown as { apiKey: Own }).apiKey
    }
    const userId = String((await acme.user('ann')).id)
    return { ...acme, database, caller, wish: { configId: 'companies', organizationId: acme.organizationId, userId } }
  }

  it('lets its own code make, change and rotate them for members who have a factor [control 22]', async () => {
    const { ann, caller, wish } = await open()
    const { configId, userId } = wish
    await expect(caller().create(wish)).rejects.toMatchObject({ authCode: 'SECOND_FACTOR_REQUIRED' })
    await enrol(ann)
    const { id: keyId } = await caller().create(wish)
    await expect(caller().update({ configId, keyId, userId, name: 'x' })).resolves.toMatchObject({ name: 'x' })
    const { key } = await caller().rotate({ configId, keyId, userId })
    expect(await caller().verify({ configId, key })).toMatchObject({ valid: true })
    // What a session asks for has to be proved.
    const created = await ann.post('/api-key/create', { configId, organizationId: wish.organizationId })
    expect(told(created)).toBe('401 STEP_UP_REQUIRED')
  })

  it('has them be checked by what their maker has, whoever asks [control 22]', async () => {
    const { ann, ben, caller, wish, database } = await open()
    await enrol(ann)
    const { configId } = wish
    const { key } = await caller().create(wish)
    database.calls.length = 0
    expect(await caller(ben).verify({ configId, key })).toMatchObject({ valid: true })
    expect(database.calls).not.toContain('findOne session')
    await ann.post('/two-factor/disable', { password })
    expect(await caller(ben).verify({ configId, key })).toMatchObject({ error: { code: 'SECOND_FACTOR_REQUIRED' } })
  })
})

const inMemory: StartInstance = async (given = {}) => {
  const test = createTestAuth({ database: memoryAdapter(), ...given })
  const rows = (model: string) => test.auth.context.adapter.findMany({ model, where: [], limit: 1000 })
  return { ...test, visit: () => visit(test.auth), rows } as never
}

/** What members without a factor can call all the same: it is about themselves, or about no organization they are in. */
const OPEN = [
  'organization.list',
  'organization.create',
  'organization.checkSlug',
  'organization.leave',
  'organization.team.listMine',
  'organization.invitation.get',
  'organization.invitation.accept',
  'organization.invitation.reject',
  'organization.invitation.listMine',
]

describe('members without the factor that their organization asks for', () => {
  async function acme() {
    const opened = await openAcme(inMemory, { teams: true, dynamicAccessControl: true })
    const { ann, organizationId } = opened
    const post = async (path: string, body: object) => (await ann.post(`/organization/${path}`, body)).body
    const { id: teamId } = await post('create-team', { name: 'Blue' })
    const userId = (await opened.user('ann')).id
    await post('add-team-member', { teamId, userId })
    await post('create-role', { role: 'editor', permission: { team: ['create'] } })
    const { id: invitationId } = await post('invite-member', { email: 'eve@example.com', role: 'member' })
    const memberId = await opened.memberId(organizationId, 'ben')
    const input = {
      ...{ organizationId, teamId, userId, invitationId, memberId, memberIdOrEmail: memberId, roleName: 'editor' },
      ...{ email: 'tom@example.com', role: 'member', name: 'Red', permission: { team: ['create'] } },
      ...{ permissions: { team: ['create'] }, data: { organizationId, name: 'Other' } },
    }
    return { ...opened, input }
  }

  /** What each procedure about an organization answers Ann, but those in OPEN. */
  async function outcomes({ auth, ann, input }: Awaited<ReturnType<typeof acme>>) {
    const procedures = listProcedures(auth.router as never).filter(({ path }) => path.startsWith('organization.'))
    expect(procedures.map(({ path }) => path)).toEqual(expect.arrayContaining(OPEN))
    const closed = procedures.filter(({ path }) => !OPEN.includes(path))
    expect(closed.length).toBeGreaterThan(24)
    const exceptions: Record<string, object> = {
      'organization.hasPermission': { permission: undefined },
      'organization.role.create': { role: 'writer' },
    }
    const outcomes: [path: string, outcome: string][] = []
    for (const procedure of closed) {
      const one = { ...input, ...exceptions[procedure.path] }
      const { status, text } = await call(auth, procedure, { headers: { cookie: ann.cookieHeader() }, input: one })
      outcomes.push([procedure.path, `${status} ${(JSON.parse(text) as { code?: string } | null)?.code ?? ''}`.trim()])
    }
    return outcomes
  }

  it('are refused by every procedure about it, and let in with one [control 22]', async () => {
    const opened = await acme()
    await opened.ann.post('/organization/set-active', { organizationId: opened.organizationId })
    await opened.ann.post('/organization/set-active-team', { teamId: opened.input.teamId })
    opened.rule.now = true
    for (const [path, outcome] of await outcomes(opened)) expect([path, outcome]).toEqual([path, REFUSED])
    await enrol(opened.ann)
    expect((await outcomes(opened)).filter(([, outcome]) => outcome === REFUSED)).toEqual([])
  })

  it('are refused by key, and manage no keys of the organization [control 22]', async () => {
    const { rule, ann, visit, members, organizationId } = await acme()
    const { key } = (await ann.post('/api-key/create', { configId: 'people' })).body
    const program = visit()
    const byKey = async () => told(await program.get(members, { headers: { 'x-api-key': String(key) } }))
    const manage = async () => {
      const created = await ann.post('/api-key/create', { configId: 'companies', organizationId })
      const listed = await ann.get(`/api-key/list?organizationId=${organizationId}`)
      return [told(created), told(listed)]
    }
    expect([await byKey(), ...(await manage())]).toEqual(['200', '200', '200'])
    rule.now = true
    expect([await byKey(), ...(await manage())]).toEqual([REFUSED, REFUSED, REFUSED])
    await enrol(ann)
    expect([await byKey(), ...(await manage())]).toEqual(['200', '200', '200'])
  })

  it('are refused whoever acts in their name [control 22]', async () => {
    const { rule, ben, join, user, auth, members } = await acme()
    const ada = await join('ada')
    const where = [{ field: 'email', value: 'ada@example.com' }]
    await auth.context.adapter.update({ model: 'user', where, update: { role: 'admin' } })
    // Her own factor is not the member's.
    await enrol(ada)
    rule.now = true
    expect(told(await ada.post('/admin/impersonate-user', { userId: (await user('ben')).id }))).toBe('200')
    expect(told(await ada.get(members))).toBe(REFUSED)
    await enrol(ben)
    expect(told(await ada.get(members))).toBe('200')
  })
})

describe('the option requireSecondFactor', () => {
  const init = (requireSecondFactor: OrganizationOptions['requireSecondFactor'], plugins: readonly object[] = []) =>
    createTestAuth({ plugins: [organization({ requireSecondFactor }), ...(plugins as [])] })

  it('is refused at init where nobody could have the factor', () => {
    expect(() => init(true)).toThrow('organization: requireSecondFactor needs a plugin')
    expect(() => init(true, [passkey()])).toThrow('such as twoFactor; none has the hook hasSecondFactor')
    expect(() => init('phishing-resistant', [twoFactor()])).toThrow('such as passkey')
    expect(() => init('proven')).toThrow('none has the hook secondFactorAt')
    expect(() => init(() => true)).toThrow('requireSecondFactor')
    for (const [rule, plugin] of [
      [true, twoFactor()],
      ['phishing-resistant', passkey()],
      ['proven', passkey()],
      ['proven', twoFactor()],
      [() => true, passkey()],
      [false, admin()],
    ] as const) {
      expect(() => init(rule, [plugin])).not.toThrow()
    }
  })

  it('costs nothing where it is off, and one look where it is on', async () => {
    const queries = async (requireSecondFactor: RequiredFactor) => {
      const database = countingDatabase(memoryAdapter())
      const counted: StartInstance = given => inMemory({ ...given, database })
      const { ann, members, clock } = await openAcme(counted, { requireSecondFactor })
      const { totpURI } = (await enrol(ann)).body
      await ann.post('/two-factor/verify-totp', { code: scan(String(totpURI), clock).code() })
      database.calls.length = 0
      expect(told(await ann.get(members))).toBe('200')
      return [...database.calls].sort()
    }
    const off = await queries(false)
    expect(off).toEqual(['count member', 'findMany member', 'findOne member', 'findOne session'])
    expect(await queries(true)).toEqual([...off, 'findOne user'].sort())
    // The session says it itself.
    expect(await queries('proven')).toEqual(off)
  })
})
