import { adminClient } from 'better-auth/client/plugins'
import { type AdminOptions, admin } from 'better-auth/plugins'
import { createAccessControl } from 'better-auth/plugins/access'
import { adminAc, defaultStatements, userAc } from 'better-auth/plugins/admin/access'
import type { Exchange } from '../exchange.ts'
import { otherPassword, password, type Scenario, withMail } from '../scenario.ts'
import type { OptionSet } from '../servers.ts'
import type { Side, Visitor } from '../side.ts'

const plugins = [adminClient()]
const path = (name: string) => `/admin/${name}`

/** Whoever is called Ada is an administrator, whoever is called Sue a helper. */
function withAdmin(options: AdminOptions = {}): OptionSet {
  const roles: Record<string, string> = { ada: 'admin', abe: 'admin', sue: 'support' }
  return {
    build: mails => ({
      emailAndPassword: withMail(mails),
      databaseHooks: {
        user: {
          create: {
            before: async user => ({ data: { ...user, ...(roles[user.name] && { role: roles[user.name] }) } }),
          },
        },
      },
      plugins: [admin(options)],
    }),
    ourPlugins: async () => [(await import('../../../routers/admin/index.ts')).admin(options as never)],
  }
}

interface Person {
  browser: Visitor
  id: string
  token: string
}

/** A user of this name, signed up and signed in. */
async function person(side: Side, prefix: string, name: string): Promise<Person> {
  const browser = side.visitor()
  const account = { name, email: `${name}@example.com`, password }
  const { json } = await browser.post(`${prefix}.${name}-signs-up`, '/sign-up/email', account)
  const { user, token } = json as { user: { id: string }; token: string }
  return { browser, id: user.id, token }
}

const ROUTES = [
  'set-role',
  'create-user',
  'update-user',
  'list-user-sessions',
  'unban-user',
  'ban-user',
  'impersonate-user',
  'stop-impersonating',
  'revoke-user-session',
  'revoke-user-sessions',
  'remove-user',
  'set-user-password',
  'has-permission',
]

/** An input that each of the routes takes. */
const wish = (userId: string) => ({
  userId,
  role: 'admin',
  email: 'new@example.com',
  name: 'New',
  data: { name: 'Other' },
  sessionToken: 'unknown',
  newPassword: otherPassword,
  permissions: { user: ['ban'] },
})

const policies: Scenario = {
  name: 'admin-policies',
  options: withAdmin(),
  async run(side) {
    const ben = await person(side, 'admin-policies', 'ben')
    const stranger = side.visitor()
    for (const name of ROUTES) await stranger.post(`admin-policies.no-session-${name}`, path(name), wish(ben.id))
    for (const name of ['list-users', 'get-user?id=x']) {
      await stranger.get(`admin-policies.no-session-${name.split('?')[0]}`, path(name))
      await ben.browser.get(`admin-policies.user-${name.split('?')[0]}`, path(name))
    }
    for (const name of ROUTES) await ben.browser.post(`admin-policies.user-${name}`, path(name), wish(ben.id))
    const ada = await person(side, 'admin-policies', 'ada')
    for (const name of ROUTES) await ada.browser.post(`admin-policies.empty-${name}`, path(name), {})
    await ada.browser.get('admin-policies.empty-get-user', path('get-user'))
    for (const name of ROUTES) {
      if (name !== 'create-user') await ada.browser.post(`admin-policies.unknown-${name}`, path(name), wish('unknown'))
    }
    await ada.browser.get('admin-policies.unknown-get-user', path('get-user?id=unknown'))
    await ada.browser.post('admin-policies.may-old', path('has-permission'), { permission: { user: ['ban'] } })
    await ada.browser.post('admin-policies.may-not', path('has-permission'), {
      permissions: { user: ['impersonate-admins'] },
    })
    await ada.browser.post('admin-policies.may-unknown', path('has-permission'), { permissions: { shop: ['open'] } })
    await ben.browser.post('admin-policies.may-as-role', path('has-permission'), {
      permissions: { user: ['ban'] },
      role: 'admin',
      userId: ada.id,
    })
    await ben.browser.post('admin-policies.own-role', '/update-user', { role: 'admin' })
    await ben.browser.post('admin-policies.own-ban', '/update-user', { banned: true })
    await ben.browser.post('admin-policies.own-impersonator', '/update-session', { impersonatedBy: ada.id })
    const mallory = { name: 'mallory', email: 'mallory@example.com', password, role: 'admin', banned: true }
    await side.visitor().post('admin-policies.sign-up-role', '/sign-up/email', mallory)
  },
}

const users: Scenario = {
  name: 'admin-users',
  options: withAdmin(),
  async run(side) {
    const ada = await person(side, 'admin-users', 'ada')
    const ben = await person(side, 'admin-users', 'ben')
    const client = (step: string, call: Parameters<typeof ada.browser.client<typeof plugins>>[1]) =>
      ada.browser.client(`admin-users.${step}`, call, plugins)
    const created = await client('create', c =>
      c.admin.createUser({ email: 'Cem@Example.com', password: otherPassword, name: 'Cem', role: 'user' }),
    )
    const cemId = (created.json as { user: { id: string } }).user.id
    await client('create-taken', c => c.admin.createUser({ email: 'cem@example.com', password, name: 'Cem' }))
    await client('create-bad-email', c => c.admin.createUser({ email: 'nobody', password, name: 'Cem' }))
    await client('create-roles', c =>
      c.admin.createUser({ email: 'dan@example.com', password, name: 'Dan', role: ['user', 'admin'] }),
    )
    await client('create-data', c =>
      c.admin.createUser({
        email: 'eve@example.com',
        password,
        name: 'Eve',
        data: { image: 'e.png', emailVerified: true },
      }),
    )
    await ada.browser.post('admin-users.create-no-password', path('create-user'), {
      email: 'fay@example.com',
      name: 'Fay',
    })
    await ada.browser.post('admin-users.create-unknown-role', path('create-user'), {
      email: 'gus@example.com',
      name: 'Gus',
      role: 'king',
    })
    const cem = side.visitor()
    await cem.post('admin-users.cem-signs-in', '/sign-in/email', { email: 'cem@example.com', password: otherPassword })
    await client('get', c => c.admin.getUser({ query: { id: cemId } }))
    await client('update', c => c.admin.updateUser({ userId: cemId, data: { name: 'Cemal', image: 'c.png' } }))
    await client('update-email', c => c.admin.updateUser({ userId: cemId, data: { email: 'cemal@example.com' } }))
    await ada.browser.post('admin-users.update-email-taken', path('update-user'), {
      userId: cemId,
      data: { email: 'ben@example.com' },
    })
    await client('update-nothing', c => c.admin.updateUser({ userId: cemId, data: {} }))
    await client('update-role', c => c.admin.updateUser({ userId: cemId, data: { role: ['admin', 'user'] } }))
    await client('update-role-number', c => c.admin.updateUser({ userId: cemId, data: { role: 7 } }))
    await ada.browser.post('admin-users.update-unknown-role', path('update-user'), {
      userId: cemId,
      data: { role: 'king' },
    })
    await ada.browser.post('admin-users.update-unknown-field', path('update-user'), {
      userId: cemId,
      data: { height: 7 },
    })
    await client('set-role', c => c.admin.setRole({ userId: cemId, role: 'user' }))
    await client('set-roles', c => c.admin.setRole({ userId: cemId, role: ['user', 'admin'] }))
    await ada.browser.post('admin-users.set-unknown-role', path('set-role'), { userId: cemId, role: 'king' })
    await client('password', c => c.admin.setUserPassword({ userId: cemId, newPassword: password }))
    await ada.browser.post('admin-users.password-short', path('set-user-password'), {
      userId: cemId,
      newPassword: 'short',
    })
    await ada.browser.post('admin-users.password-long', path('set-user-password'), {
      userId: cemId,
      newPassword: 'l'.repeat(129),
    })
    await ada.browser.post('admin-users.password-empty', path('set-user-password'), { userId: cemId, newPassword: '' })
    await cem.get('admin-users.cem-still', '/get-session')
    await side
      .visitor()
      .post('admin-users.old-password', '/sign-in/email', { email: 'cemal@example.com', password: otherPassword })
    await side.visitor().post('admin-users.new-password', '/sign-in/email', { email: 'cemal@example.com', password })
    await client('may', c => c.admin.hasPermission({ permissions: { user: ['ban', 'list'], session: ['revoke'] } }))
    await client('remove-self', c => c.admin.removeUser({ userId: ada.id }))
    await client('remove', c => c.admin.removeUser({ userId: cemId }))
    await cem.get('admin-users.cem-gone', '/get-session')
    await client('get-removed', c => c.admin.getUser({ query: { id: cemId } }))
    await ben.browser.get('admin-users.ben-still', '/get-session')
  },
}

const lists: Scenario = {
  name: 'admin-lists',
  options: withAdmin(),
  async run(side) {
    const ada = await person(side, 'admin-lists', 'ada')
    for (const name of ['ben', 'cem', 'dan']) {
      await ada.browser.post(`admin-lists.create-${name}`, path('create-user'), {
        email: `${name}@example.com`,
        name,
        password,
      })
    }
    const query = (step: string, query: object) =>
      ada.browser.client(
        `admin-lists.${step}`,
        client => client.admin.listUsers({ query: { sortBy: 'email', ...query } }),
        plugins,
      )
    await query('all', {})
    await query('page', { limit: 2, offset: 1 })
    await query('descending', { sortDirection: 'desc' })
    await query('search', { searchValue: 'be' })
    await query('search-name', { searchField: 'name', searchOperator: 'starts_with', searchValue: 'c' })
    await query('search-end', { searchOperator: 'ends_with', searchValue: '.com' })
    await query('filter', { filterField: 'role', filterValue: 'admin' })
    await query('filter-ne', { filterField: 'role', filterOperator: 'ne', filterValue: 'admin' })
    await query('filter-default', { filterValue: 'ben@example.com' })
    await query('filter-contains', { filterField: 'name', filterOperator: 'contains', filterValue: 'e' })
    await query('filter-in', { filterField: 'name', filterOperator: 'in', filterValue: ['ben', 'dan'] })
    await query('filter-boolean', { filterField: 'emailVerified', filterValue: 'false' })
    await query('filter-unknown', { filterField: 'height', filterValue: '7' })
    await query('sort-unknown', { sortBy: 'height' })
    await ada.browser.get(
      'admin-lists.bad-operator',
      path('list-users?filterField=name&filterOperator=like&filterValue=x'),
    )
    await ada.browser.get('admin-lists.bad-search-field', path('list-users?searchField=role&searchValue=x'))
    await ada.browser.get('admin-lists.bad-direction', path('list-users?sortBy=name&sortDirection=up'))
    await ada.browser.get('admin-lists.bad-limit', path('list-users?limit=many&sortBy=email'))
    await ada.browser.get('admin-lists.zero-limit', path('list-users?limit=0&sortBy=email'))
  },
}

const bans: Scenario = {
  name: 'admin-bans',
  options: withAdmin({ defaultBanReason: 'Spam', bannedUserMessage: 'Write to us.' }),
  async run(side) {
    const ada = await person(side, 'admin-bans', 'ada')
    const ben = await person(side, 'admin-bans', 'ben')
    const client = (step: string, call: Parameters<typeof ada.browser.client<typeof plugins>>[1]) =>
      ada.browser.client(`admin-bans.${step}`, call, plugins)
    const signIn = (step: string) =>
      side.visitor().post(`admin-bans.${step}`, '/sign-in/email', { email: 'ben@example.com', password })
    await client('ban-self', c => c.admin.banUser({ userId: ada.id }))
    await client('ban', c => c.admin.banUser({ userId: ben.id }))
    await ben.browser.get('admin-bans.no-session', '/get-session')
    await signIn('sign-in-banned')
    await side
      .visitor()
      .post('admin-bans.wrong-password', '/sign-in/email', { email: 'ben@example.com', password: 'wrong one' })
    await client('impersonate-banned', c => c.admin.impersonateUser({ userId: ben.id }))
    await client('unban', c => c.admin.unbanUser({ userId: ben.id }))
    await signIn('sign-in-again')
    await client('ban-for-a-while', c => c.admin.banUser({ userId: ben.id, banReason: 'Rude', banExpiresIn: 5 }))
    await signIn('sign-in-too-early')
    await new Promise(resolve => setTimeout(resolve, 5500))
    await signIn('sign-in-after')
    await client('after', c => c.admin.getUser({ query: { id: ben.id } }))
    await ada.browser.post('admin-bans.text-as-time', path('ban-user'), { userId: ben.id, banExpiresIn: 'long' })
  },
}

const impersonation: Scenario = {
  name: 'admin-impersonation',
  options: withAdmin(),
  async run(side) {
    const ada = await person(side, 'admin-as', 'ada')
    const ben = await person(side, 'admin-as', 'ben')
    const abe = await person(side, 'admin-as', 'abe')
    const client = (step: string, call: Parameters<typeof ada.browser.client<typeof plugins>>[1]) =>
      ada.browser.client(`admin-as.${step}`, call, plugins)
    await client('stop-without', c => c.admin.stopImpersonating())
    await client('an-admin', c => c.admin.impersonateUser({ userId: abe.id }))
    await client('start', c => c.admin.impersonateUser({ userId: ben.id }))
    await ada.browser.get('admin-as.session', '/get-session')
    await ada.browser.get('admin-as.list', '/list-sessions')
    await ben.browser.get('admin-as.list-own', '/list-sessions')
    await client('start-again', c => c.admin.impersonateUser({ userId: ben.id }))
    await abe.browser.post('admin-as.list-of-user', path('list-user-sessions'), { userId: ben.id })
    await ada.browser.post('admin-as.rename', '/update-user', { name: 'Benny' })
    await client('stop', c => c.admin.stopImpersonating())
    await ada.browser.get('admin-as.session-after', '/get-session')
    await client('sessions', c => c.admin.listUserSessions({ userId: ben.id }))
    await client('revoke', c => c.admin.revokeUserSession({ sessionToken: ben.token }))
    await ben.browser.get('admin-as.revoked', '/get-session')
    await client('revoke-all', c => c.admin.revokeUserSessions({ userId: ben.id }))
    await client('sessions-after', c => c.admin.listUserSessions({ userId: ben.id }))
    const forgetful = side.visitor()
    await forgetful.post('admin-as.forgetful', '/sign-in/email', {
      email: 'ada@example.com',
      password,
      rememberMe: false,
    })
    await forgetful.post('admin-as.forgetful-start', path('impersonate-user'), { userId: ben.id })
    await forgetful.post('admin-as.forgetful-stop', path('stop-impersonating'))
    const lost = side.visitor()
    await lost.post('admin-as.lost', '/sign-in/email', { email: 'ada@example.com', password })
    await lost.post('admin-as.lost-start', path('impersonate-user'), { userId: ben.id })
    await client('lost-revoked', c => c.admin.revokeUserSessions({ userId: ada.id }))
    await lost.post('admin-as.lost-stop', path('stop-impersonating'))
  },
}

const ac = createAccessControl({ ...defaultStatements, project: ['create', 'share'] })
const roles = {
  admin: ac.newRole({
    ...adminAc.statements,
    user: [...adminAc.statements.user, 'impersonate-admins'],
    project: ['create'],
  }),
  user: ac.newRole(userAc.statements),
  support: ac.newRole({ user: ['get', 'list', 'impersonate'], session: ['list'], project: ['share'] }),
}

const ownRoles: Scenario = {
  name: 'admin-roles',
  options: withAdmin({
    ac,
    roles,
    defaultRole: 'user',
    adminRoles: ['admin', 'support'],
    impersonationSessionDuration: 60,
  }),
  async run(side) {
    const ada = await person(side, 'admin-roles', 'ada')
    const sue = await person(side, 'admin-roles', 'sue')
    const ben = await person(side, 'admin-roles', 'ben')
    const post = (browser: Visitor, step: string, name: string, body: object): Promise<Exchange> =>
      browser.post(`admin-roles.${step}`, path(name), body)
    for (const name of ROUTES.filter(name => !/impersonat/.test(name)))
      await post(sue.browser, `support-${name}`, name, wish(ben.id))
    await sue.browser.get('admin-roles.support-get-user', path(`get-user?id=${ben.id}`))
    await sue.browser.get('admin-roles.support-list-users', path('list-users?sortBy=email'))
    await post(sue.browser, 'support-may', 'has-permission', { permissions: { project: ['share'], user: ['get'] } })
    await post(sue.browser, 'support-as-admin', 'impersonate-user', { userId: ada.id })
    await post(sue.browser, 'support-as-user', 'impersonate-user', { userId: ben.id })
    await post(ada.browser, 'set', 'set-role', { userId: ben.id, role: 'support' })
    await post(ada.browser, 'set-several', 'set-role', { userId: ben.id, role: ['user', 'support'] })
    await post(ada.browser, 'set-text-of-several', 'set-role', { userId: ben.id, role: 'user,support' })
    await post(ada.browser, 'set-unknown', 'set-role', { userId: ben.id, role: 'king' })
    await post(ada.browser, 'set-none', 'set-role', { userId: ben.id, role: [] })
    await post(ada.browser, 'update-unknown', 'update-user', { userId: ben.id, data: { role: 'king' } })
    await post(ada.browser, 'as-support', 'impersonate-user', { userId: sue.id })
    await ada.browser.get('admin-roles.session', '/get-session')
  },
}

export const adminScenarios = [policies, users, lists, bans, impersonation, ownRoles]
