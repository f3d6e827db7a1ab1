import { describe, expect, it } from 'vitest'
import { adminAc, defaultAc, userAc } from '../../../routers/admin/index.ts'
import { twoFactor } from '../../../routers/two-factor/index.ts'
import { username } from '../../../routers/username/index.ts'
import { openOffice, password, told } from './office.ts'

const roles = {
  admin: adminAc,
  user: userAc,
  helper: defaultAc.newRole({
    user: ['set-password', 'update', 'set-role', 'create', 'delete', 'get'],
    session: ['list', 'revoke'],
  }),
  clerk: defaultAc.newRole({ user: ['create', 'update'] }),
}

describe('a role with some permissions', () => {
  it('is not worth more than they are: nothing is done to whoever may do more', async () => {
    const { join, id } = await openOffice({ roles })
    const helper = await join('helper', 'helper')
    const ada = await join('ada', 'admin')
    const userId = await id('ada')
    const { token } = (await ada.get('/get-session')).body.session ?? {}
    const refused: Record<string, string> = {
      'set-user-password': 'YOU_ARE_NOT_ALLOWED_TO_SET_USERS_PASSWORD',
      'update-user': 'YOU_ARE_NOT_ALLOWED_TO_UPDATE_USERS',
      'set-role': 'YOU_ARE_NOT_ALLOWED_TO_CHANGE_USERS_ROLE',
      'remove-user': 'YOU_ARE_NOT_ALLOWED_TO_DELETE_USERS',
      'list-user-sessions': 'YOU_ARE_NOT_ALLOWED_TO_LIST_USERS_SESSIONS',
      'revoke-user-sessions': 'YOU_ARE_NOT_ALLOWED_TO_REVOKE_USERS_SESSIONS',
      'revoke-user-session': 'YOU_ARE_NOT_ALLOWED_TO_REVOKE_USERS_SESSIONS',
    }
    const body = { userId, newPassword: 'another passphrase', data: { email: 'mine@example.com' }, role: 'user' }
    for (const [route, code] of Object.entries(refused)) {
      const answer = await helper.post(`/admin/${route}`, { ...body, sessionToken: token })
      expect([route, told(answer)]).toEqual([route, `403 ${code}`])
    }
    expect((await ada.get('/get-session')).body.user).toMatchObject({ email: 'ada@example.com', role: 'admin' })
  })

  it('gives no role that may do more', async () => {
    const { join, id } = await openOffice({ roles, adminUserIds: [] })
    const helper = await join('helper', 'helper')
    await join('ben')
    const userId = await id('ben')
    const refused = '403 YOU_ARE_NOT_ALLOWED_TO_CHANGE_USERS_ROLE'
    for (const role of ['admin', ['user', 'admin']]) {
      expect(told(await helper.post('/admin/set-role', { userId, role }))).toBe(refused)
      expect(told(await helper.post('/admin/set-role', { userId: await id('helper'), role }))).toBe(refused)
      expect(told(await helper.post('/admin/update-user', { userId, data: { role } }))).toBe(refused)
      const account = { email: 'new@example.com', name: 'New', password }
      expect(told(await helper.post('/admin/create-user', { ...account, role }))).toBe(refused)
      expect(told(await helper.post('/admin/create-user', { ...account, data: { role } }))).toBe(refused)
    }
    expect(told(await helper.post('/admin/set-role', { userId, role: 'clerk' }))).toBe('200')
  })

  it('sets no roles and bans along with something else', async () => {
    const { join, id } = await openOffice({ roles })
    const clerk = await join('clerk', 'clerk')
    await join('ben')
    const userId = await id('ben')
    const account = { email: 'new@example.com', name: 'New' }
    const role = '403 YOU_ARE_NOT_ALLOWED_TO_CHANGE_USERS_ROLE'
    const ban = '403 YOU_ARE_NOT_ALLOWED_TO_BAN_USERS'
    expect(told(await clerk.post('/admin/update-user', { userId, data: { role: 'clerk' } }))).toBe(role)
    expect(told(await clerk.post('/admin/create-user', { ...account, role: 'clerk' }))).toBe(role)
    expect(told(await clerk.post('/admin/create-user', { ...account, data: { role: 'clerk' } }))).toBe(role)
    for (const data of [{ banned: true }, { banReason: 'x' }, { banExpires: null }]) {
      expect(told(await clerk.post('/admin/update-user', { userId, data }))).toBe(ban)
      expect(told(await clerk.post('/admin/create-user', { ...account, data }))).toBe(ban)
    }
    expect(told(await clerk.post('/admin/create-user', { ...account, role: 'user' }))).toBe('200')
  })

  it('with an odd name is no role', async () => {
    const { join, id, auth } = await openOffice({ roles })
    const ada = await join('ada', 'admin')
    const ben = await join('ben')
    const userId = await id('ben')
    for (const role of ['toString', 'constructor', '__proto__', '', ' admin', 'user,admin', 'ADMIN', []]) {
      expect([role, told(await ada.post('/admin/set-role', { userId, role }))]).toEqual([
        role,
        '400 YOU_ARE_NOT_ALLOWED_TO_SET_NON_EXISTENT_VALUE',
      ])
    }
    for (const role of [7, null, {}, [['admin']], ['user', 1]]) {
      expect(told(await ada.post('/admin/update-user', { userId, data: { role } }))).toBe('400 INVALID_ROLE_TYPE')
    }
    const where = [{ field: 'id', value: userId }]
    await auth.context.adapter.update({ model: 'user', where, update: { role: 'toString,constructor' } })
    expect((await ben.post('/admin/has-permission', { permissions: { user: ['get'] } })).body.success).toBe(false)
  })
})

describe('mass assignment [control 50]', () => {
  const additionalFields = {
    tier: { type: 'string', defaultValue: 'free' },
    nick: { type: 'string', required: false, input: true },
    hidden: { type: 'string', required: false, returned: false },
  } as const

  it('nobody gives themselves a role, or lifts a ban', async () => {
    const { visit, join } = await openOffice()
    const ben = await join('ben')
    for (const data of [{ role: 'admin' }, { banned: true }, { banReason: 'x' }, { banExpires: 1 }]) {
      expect(told(await ben.post('/update-user', data))).toBe('400 FIELD_NOT_ALLOWED')
    }
    expect(told(await ben.post('/update-session', { impersonatedBy: 'x' }))).toBe('400 FIELD_NOT_ALLOWED')
    const account = { name: 'M', email: 'm@example.com', password, role: 'admin', banned: true }
    const { status, body } = await visit().post('/sign-up/email', account)
    // Told, or passed over: the role is the default one either way.
    if (status === 200) expect(body.user).toMatchObject({ role: 'user', banned: false })
    else expect(body.code).toBe('FIELD_NOT_ALLOWED')
  })

  it('administrators write what is declared, and no other field', async () => {
    const { join, id, user } = await openOffice({}, { more: [twoFactor(), username()], user: { additionalFields } })
    const ada = await join('ada', 'admin')
    await join('ben')
    const userId = await id('ben')
    const update = async (data: object) => told(await ada.post('/admin/update-user', { userId, data }))
    const before = await user('ben')
    expect(await update({ id: 'x' })).toBe('400 USER_ID_CANNOT_BE_UPDATED')
    expect(await update({ password: 'x' })).toBe('400 PASSWORD_CANNOT_BE_UPDATED_VIA_UPDATE_USER')
    for (const name of ['createdAt', 'updatedAt', 'twoFactorEnabled', 'hidden', 'unknown', 'toString']) {
      expect([name, await update({ name: 'Ok', [name]: null })]).toEqual([name, '400 FIELD_NOT_ALLOWED'])
      const account = { email: 'new@example.com', name: 'New', data: { [name]: null } }
      expect(told(await ada.post('/admin/create-user', account))).toBe('400 FIELD_NOT_ALLOWED')
    }
    expect(told(await ada.post('/admin/create-user', { email: 'a@example.com', name: 'N', data: { id: 'x' } }))).toBe(
      '400 USER_ID_CANNOT_BE_UPDATED',
    )
    expect(await user('ben')).toEqual(before)
    for (const data of [{ name: 7 }, { emailVerified: 'yes' }, { tier: 1 }, { banned: 'x' }, { banExpires: 'soon' }]) {
      expect([data, await update(data)]).toEqual([data, '400 VALIDATION_ERROR'])
    }
    expect(await update({ email: 'nobody' })).toBe('400 INVALID_EMAIL')
    expect(await update({})).toBe('400 NO_DATA_TO_UPDATE')
    expect(await update({ tier: 'gold', nick: 'B', username: 'Benny', emailVerified: true, image: 'b.png' })).toBe(
      '200',
    )
    expect(await user('ben')).toMatchObject({ tier: 'gold', nick: 'B', username: 'benny', emailVerified: true })
  })

  it('a new address is unproven', async () => {
    const { join, id, user } = await openOffice()
    const ada = await join('ada', 'admin')
    await join('ben')
    const userId = await id('ben')
    await ada.post('/admin/update-user', { userId, data: { emailVerified: true } })
    await ada.post('/admin/update-user', { userId, data: { email: 'Cem@Example.com' } })
    expect(await user('cem')).toMatchObject({ id: userId, emailVerified: false })
    await ada.post('/admin/update-user', { userId, data: { email: 'dan@example.com', emailVerified: true } })
    expect(await user('dan')).toMatchObject({ emailVerified: true })
  })
})

describe('who is asked about [A6, control 48]', () => {
  it('is always whoever is signed in', async () => {
    const { join, id } = await openOffice()
    const ben = await join('ben')
    await join('ada', 'admin')
    const claims = { userId: await id('ada'), role: 'admin', adminId: await id('ada') }
    const may = await ben.post('/admin/has-permission', { permissions: { user: ['ban'] }, ...claims })
    expect(may.body).toEqual({ error: null, success: false })
    const banned = await ben.post('/admin/ban-user', { ...claims, userId: await id('ben') })
    expect(told(banned)).toBe('403 YOU_ARE_NOT_ALLOWED_TO_BAN_USERS')
  })

  it('a role that was taken away is gone at once, cached or not', async () => {
    const { join, id } = await openOffice({}, { session: { cookieCache: { enabled: true } } })
    const [ada, abe] = [await join('ada', 'admin'), await join('abe', 'admin')]
    expect(told(await ada.get('/admin/list-users'))).toBe('200')
    await abe.post('/admin/set-role', { userId: await id('ada'), role: 'user' })
    expect(told(await ada.get('/admin/list-users'))).toBe('403 YOU_ARE_NOT_ALLOWED_TO_LIST_USERS')
  })

  it('every route of administrators refuses others [A8, control 47]', async () => {
    const { join, id, visit, auth } = await openOffice()
    const ben = await join('ben')
    const wish = {
      userId: await id('ben'),
      role: 'user',
      data: { name: 'x' },
      newPassword: password,
      sessionToken: 'x',
    }
    const account = { email: 'new@example.com', name: 'New' }
    const procedures = [...auth.context.procedures.values()].filter(({ path, meta }) => {
      return path.startsWith('admin.') && !meta.serverOnly && !/hasPermission|stopImpersonating/.test(path)
    })
    expect(procedures).toHaveLength(13)
    for (const { path, meta } of procedures) {
      const [method, route] = String(meta.rest).split(' ')
      const call = (browser: typeof ben) =>
        method === 'GET' ? browser.get(`${route}?id=x`) : browser.post(String(route), { ...wish, ...account })
      expect([path, (await call(visit())).status]).toEqual([path, 401])
      expect([path, (await call(ben)).status]).toEqual([path, 403])
    }
  })
})

it('options that make no sense are refused', async () => {
  await expect(openOffice({ adminRoles: ['king'] })).rejects.toThrow('admin: adminRoles: there is no role "king"')
  await expect(openOffice({ impersonationSessionDuration: -1 })).rejects.toThrow('impersonationSessionDuration')
  await expect(openOffice({ defaultBanExpiresIn: Number.NaN })).resolves.toBeDefined()
})
