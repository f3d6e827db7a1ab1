import { describe, expect, it } from 'vitest'
import { organization } from '../../../routers/organization/index.ts'
import { memoryStorage } from '../../../src/index.ts'
import { describeEveryInstance } from '../every-instance.ts'
import { openOffice, password, told } from './office.ts'

describeEveryInstance('users of administrators', start => {
  it('are removed with all that is theirs, and nothing else [A23, control 34]', async () => {
    const { join, id, rows } = await openOffice({}, { start, more: [organization()] })
    const [ada, ben] = [await join('ada', 'admin'), await join('ben')]
    await ben.post('/organization/create', { name: 'Acme', slug: 'acme' })
    const userId = await id('ben')
    expect(told(await ada.post('/admin/remove-user', { userId: await id('ada') }))).toBe(
      '400 YOU_CANNOT_REMOVE_YOURSELF',
    )
    expect((await ada.post('/admin/remove-user', { userId })).body).toEqual({ success: true })
    for (const model of ['session', 'account', 'member']) {
      expect((await rows(model)).filter(row => row.userId === userId)).toEqual([])
    }
    expect((await rows('user')).map(({ name }) => name)).toEqual(['ada'])
    expect((await ben.get('/get-session')).text).toBe('null')
    expect((await ada.get('/get-session')).body.user).toMatchObject({ name: 'ada' })
  })

  it('are made whole or not at all, one for each address', async () => {
    const { join, rows } = await openOffice({}, { start })
    const ada = await join('ada', 'admin')
    const account = { name: 'New', email: 'new@example.com', password }
    const answers = await Promise.all(Array.from({ length: 5 }, () => ada.post('/admin/create-user', account)))
    expect(answers.map(told).sort()).toEqual([
      '200',
      ...Array.from({ length: 4 }, () => '400 USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL'),
    ])
    expect(await rows('account')).toHaveLength(2)
    expect(told(await ada.post('/admin/create-user', { ...account, email: 'b@example.com', password: 'short' }))).toBe(
      '400 PASSWORD_TOO_SHORT',
    )
    expect(await rows('user')).toHaveLength(2)
  })

  it('take an address once', async () => {
    const { join, id, user } = await openOffice({}, { start })
    const ada = await join('ada', 'admin')
    await Promise.all(['ben', 'cem'].map(name => join(name)))
    const change = async (name: string) =>
      told(await ada.post('/admin/update-user', { userId: await id(name), data: { email: 'dan@example.com' } }))
    const [first, second] = await Promise.all([change('ben'), change('cem')])
    expect([first, second].sort()).toEqual(['200', '400 USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL'])
    expect(await user('dan')).toBeDefined()
  })
})

describe('a password that an administrator sets', () => {
  it('is the new one, also of somebody who had none', async () => {
    const { join, id, own, signIn, visit } = await openOffice()
    const ada = await join('ada', 'admin')
    const ben = await join('ben')
    await own.addUser({ name: 'cem', email: 'cem@example.com' })
    expect(told(await signIn('cem'))).toBe('401 INVALID_CREDENTIALS')
    expect(
      (await ada.post('/admin/set-user-password', { userId: await id('cem'), newPassword: password })).body,
    ).toEqual({
      status: true,
    })
    expect(told(await signIn('cem'))).toBe('200')
    await ada.post('/admin/set-user-password', { userId: await id('ben'), newPassword: 'another good passphrase' })
    expect(told(await signIn('ben'))).toBe('401 INVALID_CREDENTIALS')
    const changed = { email: 'ben@example.com', password: 'another good passphrase' }
    expect(told(await visit().post('/sign-in/email', changed))).toBe('200')
    expect((await ben.get('/get-session')).body.user).toMatchObject({ name: 'ben' })
  })

  it('is told to nobody, and neither is the one before or its hash [control 27]', async () => {
    const { join, id } = await openOffice()
    const ada = await join('ada', 'admin')
    await join('ben')
    const userId = await id('ben')
    const newPassword = 'another good passphrase'
    const answers = [
      await ada.post('/admin/set-user-password', { userId, newPassword }),
      await ada.get(`/admin/get-user?id=${userId}`),
      await ada.get('/admin/list-users?limit=10'),
      await ada.post('/admin/list-user-sessions', { userId }),
    ]
    for (const { status, text } of answers) {
      expect(status).toBe(200)
      for (const secret of [newPassword, password, '$argon2', '"password"']) expect(text).not.toContain(secret)
    }
  })

  it('ends the sessions where a reset does; never the own one', async () => {
    const { join, id } = await openOffice({}, { emailAndPassword: { revokeSessionsOnPasswordReset: true } })
    const [ada, ben] = [await join('ada', 'admin'), await join('ben')]
    const newPassword = 'another good passphrase'
    for (const name of ['ada', 'ben'])
      await ada.post('/admin/set-user-password', { userId: await id(name), newPassword })
    expect((await ben.get('/get-session')).text).toBe('null')
    expect((await ada.get('/get-session')).body.user).toMatchObject({ name: 'ada' })
  })
})

it('nothing is left of a removed user in a secondary storage', async () => {
  const { join, id } = await openOffice({}, { secondaryStorage: memoryStorage() })
  const [ada, ben] = [await join('ada', 'admin'), await join('ben')]
  const userId = await id('ben')
  await ada.post('/admin/remove-user', { userId })
  expect((await ben.get('/get-session')).text).toBe('null')
  expect((await ada.post('/admin/list-user-sessions', { userId })).body.sessions).toEqual([])
})

it('the other names of a user in get-user', async () => {
  const { join, id } = await openOffice()
  const ada = await join('ada', 'admin')
  const userId = await id('ada')
  for (const query of [`id=${userId}`, `userId=${userId}`, 'email=ADA@example.com']) {
    expect((await ada.get(`/admin/get-user?${query}`)).body).toMatchObject({ id: userId })
  }
  expect(told(await ada.get(`/admin/get-user?id=${userId}&email=x`))).toBe('400 VALIDATION_ERROR')
})

it('what the application calls itself is in no served router [A41, control 49]', async () => {
  const { auth, own, visit, join, id } = await openOffice()
  await join('ada', 'admin')
  expect(await own.isPermitted({ role: 'admin', permissions: { user: ['ban'] } })).toEqual({ success: true })
  expect(await own.isPermitted({ role: 'user', permissions: { user: ['ban'] } })).toEqual({ success: false })
  expect(await own.isPermitted({ userId: await id('ada'), permissions: { user: ['ban'] } })).toEqual({ success: true })
  const document = JSON.stringify(auth.openApiDocument())
  for (const name of ['addUser', 'isPermitted']) {
    expect(document).not.toContain(name)
    expect(
      (await visit().post(`/trpc/admin.${name}`, { name: 'x', email: 'x@example.com', role: 'admin' })).status,
    ).toBe(404)
  }
  for (const path of ['/admin/add-user', '/admin/is-permitted'])
    expect(told(await visit().post(path, {}))).toBe('404 NOT_FOUND')
})
