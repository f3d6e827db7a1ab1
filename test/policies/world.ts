import { type AnyPlugin, type Database, memoryAdapter } from '../../src/index.ts'
import { createSoftAuthenticator } from '../../src/testing/index.ts'
import { register } from '../features/passkey/page.ts'
import { createTestAuth } from '../support/test-auth.ts'
import { type Visitor, visit } from '../support/visitor.ts'
import { everyPlugin, type Keep } from './every-plugin.ts'
import { snapshots } from './snapshots.ts'
import { watchedDatabase } from './watched-database.ts'

const password = 'correct horse battery'

/** What the calls of the matrix are made with: the owner's rows, and those of a foreign organization. */
export type Ids = Awaited<ReturnType<typeof peopleAndRows>>['ids']

/** How a kind of caller shows who it is: the headers of its requests. */
export type Callers = Record<string, Record<string, string>>

export type World = Awaited<ReturnType<typeof openWorld>>

/** An instance with every plugin, on an empty database, in which everything that a procedure can name has an owner. */
export async function openWorld(given: Database = memoryAdapter(), more: readonly AnyPlugin[] = []) {
  const secrets: Record<string, string> = {}
  const keep: Keep = (kind, secret) => {
    secrets[kind] = secret
  }
  const tasks: Promise<unknown>[] = []
  const database = watchedDatabase(given)
  const test = createTestAuth({
    database,
    advanced: { backgroundTasks: { handler: task => void tasks.push(task) } },
    plugins: [...everyPlugin(keep), ...more],
    emailAndPassword: { sendResetPassword: async ({ token }) => keep('reset', token) },
    emailVerification: { sendVerificationEmail: async ({ token }) => keep('verification', token) },
    user: {
      deleteUser: { enabled: true, sendDeleteAccountVerification: async ({ token }) => keep('deletion', token) },
    },
    socialProviders: { google: { clientId: 'matrix', clientSecret: 'matrix' } },
  })
  const { adapter, schema } = test.auth.context
  await test.auth.createSchema()
  /** What calls leave for later is over by then. */
  const settle = async () => {
    while (tasks.length > 0) await Promise.all(tasks.splice(0))
  }
  const { callers, ids } = await peopleAndRows(test.auth, secrets, settle)
  await settle()
  assertNamed({ ...ids, ...secrets })
  const { dump, restore } = snapshots(adapter, { database, models: Object.keys(schema) })
  const settled = async () => {
    await settle()
    return dump()
  }
  return { ...test, callers, ids, secrets, dump: settled, restore }
}

/** A row that was not made has no name, and nobody would ever be told of it. */
function assertNamed(names: object): void {
  for (const [name, value] of Object.entries(names)) {
    if (typeof value === 'object') assertNamed(value)
    else if (['', 'undefined', 'null'].includes(String(value))) throw new Error(`the world lacks its ${name}`)
  }
}

type Instance = ReturnType<typeof createTestAuth>['auth']

async function peopleAndRows(
  auth: Pick<Instance, 'context' | 'handler' | 'answer' | 'readSession'>,
  secrets: Record<string, string>,
  settle: () => Promise<void>,
) {
  const { adapter } = auth.context
  const idOf = async (model: string, field: string, value: string) =>
    String((await adapter.findOne({ model, where: [{ field, value }] }))?.id)
  const join = async (name: string) => {
    const visitor = visit(auth)
    await visitor.post('/sign-up/email', { name, email: `${name}@example.com`, password })
    const where = [{ field: 'email', value: `${name}@example.com` }]
    await adapter.update({ model: 'user', where, update: { emailVerified: true } })
    return visitor
  }
  const people = {
    owner: await join('owner'),
    admin: await join('admin'),
    member: await join('member'),
    invited: await join('invited'),
    foreign: await join('foreign'),
    other: await join('other'),
    siteAdmin: await join('siteadmin'),
  }
  const userOf = (name: string) => idOf('user', 'email', `${name}@example.com`)
  const own = await organizationOf(people.owner, 'acme')
  const foreign = await organizationOf(people.foreign, 'rival')
  for (const name of ['admin', 'member'] as const) {
    const wish = { email: `${name}@example.com`, role: name, organizationId: own.organizationId }
    const { body } = await people.owner.post('/organization/invite-member', wish)
    await people[name].post('/organization/accept-invitation', { invitationId: body.id })
    await people[name].post('/organization/set-active', { organizationId: own.organizationId })
  }
  const member = await userOf('member')
  const inTeam = { teamId: own.teamId, userId: member, organizationId: own.organizationId }
  await people.owner.post('/organization/add-team-member', inTeam)
  const wish = { email: 'invited@example.com', role: 'member', organizationId: own.organizationId }
  const invitation = await people.owner.post('/organization/invite-member', wish)
  await register(people.owner, createSoftAuthenticator())
  const ownerId = await userOf('owner')
  const trusted = await adapter.create({ model: 'trustedDevice', data: trustedDevice(ownerId, auth.context.now()) })
  // Everybody has two ways to sign in: nobody is refused for having no other one.
  for (const name of ['owner', 'admin', 'member', 'invited', 'foreign', 'other']) {
    const subject = name === 'owner' ? 'subject' : `subject of ${name}`
    await adapter.create({ model: 'account', data: googleLogin(await userOf(name), subject, auth.context.now()) })
  }
  const second = visit(auth)
  await second.post('/sign-in/email', { email: 'owner@example.com', password })
  await people.owner.post('/delete-user', {})
  await settle()
  const sessions = await adapter.findMany({ model: 'session', where: [{ field: 'userId', value: ownerId }] })
  const current = await people.owner.get('/get-session')
  const ids = {
    own,
    foreign,
    userId: member,
    adminId: await userOf('admin'),
    memberId: await idOf('member', 'userId', member),
    invitationId: String(invitation.body.id),
    trustedDeviceId: String(trusted.id),
    passkeyId: await idOf('passkey', 'userId', ownerId),
    sessionToken: String(current.body.session?.token),
    otherSessionToken: String(sessions.find(({ token }) => token !== current.body.session?.token)?.token),
    deletionToken: secrets.deletion ?? '',
  }
  await askForSecrets(people.owner, visit(auth), secrets)
  Object.assign(secrets, { session: ids.sessionToken, invitation: ids.invitationId })
  const where = [{ field: 'email', value: 'siteadmin@example.com' }]
  await adapter.update({ model: 'user', where, update: { role: 'admin' } })
  const impersonator = visit(auth)
  await impersonator.post('/sign-in/email', { email: 'siteadmin@example.com', password })
  await impersonator.post('/admin/impersonate-user', { userId: ownerId })
  const ownersKey = (await people.owner.post('/api-key/create', { configId: 'people' })).body
  const othersKey = (await people.other.post('/api-key/create', { configId: 'people' })).body
  const { organizationId } = own
  const companyKey = (await people.owner.post('/api-key/create', { configId: 'companies', organizationId })).body
  const cookies = Object.entries({ ...people, impersonator }).map(
    ([name, visitor]) => [name, { cookie: visitor.cookieHeader() }] as const,
  )
  const callers: Callers = {
    anonymous: {},
    ...Object.fromEntries(cookies),
    ownersKey: { 'x-api-key': String(ownersKey.key) },
    othersKey: { 'x-api-key': String(othersKey.key) },
  }
  return { ids: { ...ids, ownerId, keyId: String(ownersKey.id), companyKeyId: String(companyKey.id) }, callers }
}

/** One secret of each kind, of the owner's, and a link that proves the address of somebody new. */
async function askForSecrets(owner: Visitor, newcomer: Visitor, secrets: Record<string, string>) {
  const email = 'owner@example.com'
  await newcomer.post('/sign-up/email', { name: 'new', email: 'new@example.com', password })
  await newcomer.post('/send-verification-email', { email: 'new@example.com' })
  await owner.post('/request-password-reset', { email })
  await owner.post('/sign-in/magic-link', { email })
  secrets['one-time token'] = String((await owner.get('/one-time-token/generate')).body.token)
  const { url = '' } = (await owner.post('/sign-in/social', { provider: 'google' })).body
  secrets.state = new URL(url).searchParams.get('state') ?? ''
}

/** A new organization, which is then the active one, with a team and a role of its own. */
async function organizationOf(owner: Visitor, slug: string) {
  const post = async (path: string, body: object) => (await owner.post(`/organization/${path}`, body)).body
  const organizationId = String((await post('create', { name: slug, slug })).id)
  const teamId = String((await post('create-team', { name: `${slug} team` })).id)
  const made = await post('create-role', { role: `${slug}-role`, permission: { team: ['create'] } })
  return {
    organizationId,
    slug,
    role: `${slug}-role`,
    teamId,
    roleId: String((made.roleData as { id?: unknown } | undefined)?.id),
  }
}

function googleLogin(userId: string, accountId: string, now: Date) {
  const later = new Date(now.getTime() + 3_600_000)
  const tokens = { accessToken: `token of ${accountId}`, accessTokenExpiresAt: later }
  return { id: accountId, accountId, providerId: 'google', userId, ...tokens, createdAt: now, updatedAt: now }
}

function trustedDevice(userId: string, now: Date) {
  const expiresAt = new Date(now.getTime() + 3_600_000)
  return {
    id: `device of ${userId}`,
    userId,
    token: 'hash of what is in its cookie',
    createdAt: now,
    lastUsedAt: now,
    expiresAt,
  }
}
