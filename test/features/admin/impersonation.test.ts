import { describe, expect, it } from 'vitest'
import { jwt } from '../../../routers/jwt/index.ts'
import { passkey } from '../../../routers/passkey/index.ts'
import { twoFactor } from '../../../routers/two-factor/index.ts'
import { describeEveryInstance } from '../every-instance.ts'
import { openOffice, password, told } from './office.ts'

describeEveryInstance('acting in the name of a user', start => {
  it('begins and ends, and says so', async () => {
    const { join, id, auth } = await openOffice({}, { start })
    const heard: unknown[] = []
    for (const name of ['admin.impersonation-started', 'admin.impersonation-stopped'] as const) {
      auth.events.on(name, ({ userId, adminId }) => void heard.push([name, userId, adminId]))
    }
    const [ada, ben] = [await join('ada', 'admin'), await join('ben')]
    const own = (await ada.get('/get-session')).body.session?.token
    const started = await ada.post('/admin/impersonate-user', { userId: await id('ben') })
    expect(started.body).toMatchObject({ user: { name: 'ben' }, session: { impersonatedBy: await id('ada') } })
    expect(started.setCookies['better-auth.session_token']).not.toContain('Max-Age')
    expect((await ada.get('/get-session')).body).toMatchObject({
      user: { name: 'ben' },
      session: { impersonatedBy: await id('ada') },
    })
    // The user sees none of it, the administrators do.
    expect((await ben.get('/list-sessions')).body).toHaveLength(1)
    const stopped = await ada.post('/admin/stop-impersonating')
    expect(stopped.body).toMatchObject({ user: { name: 'ada' }, session: { token: own } })
    expect((await ada.get('/get-session')).body.user).toMatchObject({ name: 'ada' })
    expect((await ada.post('/admin/list-user-sessions', { userId: await id('ben') })).body.sessions).toHaveLength(1)
    expect(told(await ada.post('/admin/stop-impersonating'))).toBe('400 YOU_ARE_NOT_IMPERSONATING_ANYONE')
    await auth.context.events.settled()
    expect(heard).toEqual([
      ['admin.impersonation-started', await id('ben'), await id('ada')],
      ['admin.impersonation-stopped', await id('ben'), await id('ada')],
    ])
  })

  it('ends when its time is up, however it is used [control 55]', async () => {
    const { join, id, clock } = await openOffice(
      { impersonationSessionDuration: 600 },
      { start, session: { updateAge: 0 } },
    )
    const ada = await join('ada', 'admin')
    await join('ben')
    await ada.post('/admin/impersonate-user', { userId: await id('ben') })
    // Whoever wants more time would take this cookie away.
    ada.cookies.delete('better-auth.dont_remember')
    for (const seconds of [200, 200, 199]) {
      clock.advance(seconds)
      expect((await ada.get('/get-session')).body.user).toMatchObject({ name: 'ben' })
    }
    clock.advance(2)
    expect((await ada.get('/get-session')).text).toBe('null')
  })
})

describe('whoever acts in the name of a user [control 55]', () => {
  async function acting() {
    const office = await openOffice(
      {},
      { more: [twoFactor(), passkey(), jwt()], user: { deleteUser: { enabled: true } } },
    )
    const ada = await office.join('ada', 'admin')
    const ben = await office.join('ben')
    await ada.post('/admin/impersonate-user', { userId: await office.id('ben') })
    return { ...office, ada, ben }
  }

  it('changes no way to sign in and does not delete the user', async () => {
    const { ada, signIn } = await acting()
    const posts: [string, object][] = [
      ['/change-password', { currentPassword: password, newPassword: 'another good passphrase' }],
      ['/change-email', { newEmail: 'ada2@example.com' }],
      ['/delete-user', { password }],
      ['/two-factor/enable', { password }],
      ['/two-factor/disable', { password }],
      ['/two-factor/get-totp-uri', { password }],
      ['/two-factor/generate-backup-codes', { password }],
      ['/passkey/verify-registration', { response: {} }],
      ['/passkey/delete-passkey', { id: 'x' }],
      ['/passkey/update-passkey', { id: 'x', name: 'x' }],
      ['/link-social', { provider: 'google' }],
      ['/unlink-account', { providerId: 'credential' }],
    ]
    for (const [path, body] of posts) {
      expect([path, told(await ada.post(path, body))]).toEqual([path, '403 NOT_WHILE_IMPERSONATING'])
    }
    expect(told(await ada.get('/passkey/generate-register-options'))).toBe('403 NOT_WHILE_IMPERSONATING')
    expect(told(await ada.post('/update-user', { name: 'Benny' }))).toBe('200')
    expect(told(await signIn('ben'))).toBe('200')
  })

  it('not in a batch with what is allowed, either', async () => {
    const { ada, auth } = await acting()
    const batch = {
      0: { name: 'Benny' },
      1: { currentPassword: password, newPassword: 'another good passphrase' },
    }
    const answer = await ada.post('/trpc/user.update,password.change?batch=1', batch)
    const [first, second] = answer.body as unknown as { error?: { data: { authCode: string } } }[]
    expect([first?.error, second?.error?.data.authCode]).toEqual([undefined, 'NOT_WHILE_IMPERSONATING'])
    expect(auth.context).toBeDefined()
  })

  it('the user does all of this', async () => {
    const { ben } = await acting()
    expect(told(await ben.post('/two-factor/enable', { password }))).toBe('200')
  })

  it('administers nothing, and impersonates nobody else', async () => {
    const { join, id, signIn } = await openOffice({ allowImpersonatingAdmins: true }, { more: [jwt()] })
    const ada = await join('ada', 'admin')
    await join('abe', 'admin')
    await join('ben')
    expect(told(await ada.post('/jwks/rotate'))).toBe('200')
    expect(told(await ada.post('/admin/impersonate-user', { userId: await id('abe') }))).toBe('200')
    const userId = await id('ben')
    const refused = {
      'impersonate-user': 'NOT_WHILE_IMPERSONATING',
      'set-role': 'NOT_WHILE_IMPERSONATING',
      'ban-user': 'YOU_ARE_NOT_ALLOWED_TO_BAN_USERS',
      'set-user-password': 'NOT_WHILE_IMPERSONATING',
      'remove-user': 'YOU_ARE_NOT_ALLOWED_TO_DELETE_USERS',
    }
    for (const [route, code] of Object.entries(refused)) {
      const answer = await ada.post(`/admin/${route}`, { userId, role: 'admin', newPassword: password })
      expect([route, told(answer)]).toEqual([route, `403 ${code}`])
    }
    expect(told(await ada.post('/jwks/rotate'))).toBe('403 KEY_ROTATION_NOT_ALLOWED')
    expect(told(await signIn('ben'))).toBe('200')
  })
})

describe('an impersonation', () => {
  const withSupport = async () => {
    const { defaultAc, adminAc, userAc } = await import('../../../routers/admin/index.ts')
    const support = defaultAc.newRole({ user: ['impersonate', 'get'] })
    const root = defaultAc.newRole({
      user: [...adminAc.statements.user, 'impersonate-admins'],
      session: adminAc.statements.session,
    })
    return openOffice({ roles: { admin: adminAc, user: userAc, support, root }, adminRoles: ['admin', 'root'] })
  }

  it('is not of an equal or a higher one [control 55]', async () => {
    const { join, id } = await withSupport()
    const [sue, ada, root] = [await join('sue', 'support'), await join('ada', 'admin'), await join('root', 'root')]
    await join('sam', 'support')
    await join('ben')
    const as = async (browser: typeof sue, name: string) =>
      told(await browser.post('/admin/impersonate-user', { userId: await id(name) }))
    const refused = '403 YOU_CANNOT_IMPERSONATE_ADMINS'
    for (const name of ['sue', 'sam', 'ada', 'root']) expect([name, await as(sue, name)]).toEqual([name, refused])
    for (const name of ['ada', 'root']) expect([name, await as(ada, name)]).toEqual([name, refused])
    expect(await as(ada, 'sue')).toBe('200')
    expect(await as(root, 'ada')).toBe('200')
    expect(await as(sue, 'ben')).toBe('200')
  })

  it('holds for as long as the administrator may impersonate', async () => {
    for (const end of ['set-role', 'ban-user', 'remove-user']) {
      const { join, id, rows } = await openOffice()
      const [ada, abe] = [await join('ada', 'admin'), await join('abe', 'admin')]
      await join('ben')
      await ada.post('/admin/impersonate-user', { userId: await id('ben') })
      expect(told(await abe.post(`/admin/${end}`, { userId: await id('ada'), role: 'user' }))).toBe('200')
      expect([end, told(await ada.get('/get-session'))]).toEqual([end, '401 IMPERSONATION_ENDED'])
      expect((await rows('session')).filter(({ impersonatedBy }) => impersonatedBy)).toEqual([])
    }
  })

  it('does not lead back to a session that has ended or is of somebody else', async () => {
    const { join, id, signIn } = await openOffice()
    const [ada, abe] = [await join('ada', 'admin'), await join('abe', 'admin')]
    await join('ben')
    const userId = await id('ben')
    await ada.post('/admin/impersonate-user', { userId })
    await abe.post('/admin/impersonate-user', { userId })
    const name = 'better-auth.admin_session'
    const own = ada.cookies.get(name) ?? ''
    const forged = `${own.slice(0, 4)}x${own.slice(5)}`
    for (const cookie of [
      abe.cookies.get(name) ?? '',
      forged,
      '',
      ada.cookies.get('better-auth.session_token') ?? '',
    ]) {
      ada.cookies.set(name, cookie)
      expect(told(await ada.post('/admin/stop-impersonating'))).toBe('400 FAILED_TO_FIND_ADMIN_SESSION')
    }
    ada.cookies.set(name, own)
    const { browser } = await signIn('abe')
    await browser.post('/admin/revoke-user-sessions', { userId: await id('ada') })
    expect(told(await ada.post('/admin/stop-impersonating'))).toBe('400 FAILED_TO_FIND_ADMIN_SESSION')
  })

  it('keeps an administrator who is not to be remembered so', async () => {
    const { join, id, visit } = await openOffice()
    await join('ada', 'admin')
    await join('ben')
    const ada = visit()
    await ada.post('/sign-in/email', { email: 'ada@example.com', password, rememberMe: false })
    await ada.post('/admin/impersonate-user', { userId: await id('ben') })
    const stopped = await ada.post('/admin/stop-impersonating')
    expect(stopped.setCookies['better-auth.session_token']).not.toContain('Max-Age')
    expect(ada.cookies.has('better-auth.admin_session')).toBe(false)
  })
})
