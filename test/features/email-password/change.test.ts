import { expect, it } from 'vitest'
import { ann } from '../../support/test-auth.ts'
import { describeEveryInstance } from '../every-instance.ts'

const change = { currentPassword: ann.password, newPassword: 'a new password' }

describeEveryInstance('changing the password [control 10]', start => {
  const startSignedIn = async () => {
    const instance = await start()
    const [visitor, other] = [instance.visit(), instance.visit()]
    await visitor.post('/sign-up/email', ann)
    await other.post('/sign-in/email', ann)
    const signIn = async (password: string) =>
      (await instance.visit().post('/sign-in/email', { email: ann.email, password })).status
    return { ...instance, visitor, other, signIn }
  }

  it('needs the current one, and ends no session by itself', async () => {
    const { visitor, other, signIn, rows } = await startSignedIn()
    const { status, body, setCookies } = await visitor.post('/change-password', change)
    expect([status, body, setCookies]).toEqual([
      200,
      { token: null, user: expect.objectContaining({ email: ann.email }) },
      {},
    ])
    expect([await signIn(change.newPassword), await signIn(ann.password)]).toEqual([200, 401])
    expect((await other.get('/get-session')).body.user).toBeDefined()
    expect(await rows('account')).toHaveLength(1)
  })

  it('ends every other session on request, and replaces its own', async () => {
    const { visitor, other, rows } = await startSignedIn()
    const old = visitor.cookieHeader()
    const { body, setCookies } = await visitor.post('/change-password', { ...change, revokeOtherSessions: true })
    expect(await rows('session')).toMatchObject([{ token: body.token }])
    expect(Object.keys(setCookies)).toEqual(['better-auth.session_token'])
    expect((await visitor.get('/get-session')).body.session?.token).toBe(body.token)
    expect((await other.get('/get-session')).text).toBe('null')
    expect((await other.get('/get-session', { headers: { cookie: old } })).text).toBe('null')
  })

  it.each([
    ['a wrong current password', { currentPassword: 'a wrong password' }, 'INVALID_PASSWORD'],
    ['an empty current password', { currentPassword: '' }, 'INVALID_PASSWORD'],
    ['a short new password', { newPassword: '1234567' }, 'PASSWORD_TOO_SHORT'],
    ['a long new password', { newPassword: 'x'.repeat(129) }, 'PASSWORD_TOO_LONG'],
    ['no current password', { currentPassword: undefined }, 'VALIDATION_ERROR'],
    ['an object for a password', { currentPassword: { $ne: null } }, 'VALIDATION_ERROR'],
  ])('is refused with %s', async (_title, input, code) => {
    const { visitor, signIn } = await startSignedIn()
    const { status, body } = await visitor.post('/change-password', { ...change, ...input, revokeOtherSessions: true })
    expect([status, body.code]).toEqual([400, code])
    expect(await signIn(ann.password)).toBe(200)
    expect((await visitor.get('/get-session')).body.user).toBeDefined()
  })

  it('is for who is signed in', async () => {
    const { visit, signIn } = await startSignedIn()
    const { status, body } = await visit().post('/change-password', change)
    expect([status, body.code]).toEqual([401, 'UNAUTHORIZED'])
    expect(await signIn(ann.password)).toBe(200)
  })

  it('is for who has a password', async () => {
    const { visitor, auth } = await startSignedIn()
    await auth.context.adapter.updateMany({ model: 'account', where: [], update: { password: null } })
    const { status, body } = await visitor.post('/change-password', change)
    expect([status, body.code]).toEqual([400, 'CREDENTIAL_ACCOUNT_NOT_FOUND'])
  })

  it("leaves other users' passwords and sessions alone", async () => {
    const { visitor, visit } = await startSignedIn()
    const ben = visit()
    await ben.post('/sign-up/email', { ...ann, email: 'ben@example.com' })
    await visitor.post('/change-password', { ...change, revokeOtherSessions: true })
    expect((await ben.get('/get-session')).body.user).toMatchObject({ email: 'ben@example.com' })
    expect((await visit().post('/sign-in/email', { ...ann, email: 'ben@example.com' })).status).toBe(200)
  })
})

describeEveryInstance('verifying the password', start => {
  it('tells the signed-in user whether it is right', async () => {
    const { visit } = await start()
    const visitor = visit()
    await visitor.post('/sign-up/email', ann)
    const right = await visitor.post('/verify-password', { password: ann.password })
    expect([right.status, right.body]).toEqual([200, { status: true }])
    const wrong = await visitor.post('/verify-password', { password: 'a wrong password' })
    expect([wrong.status, wrong.body.code]).toEqual([400, 'INVALID_PASSWORD'])
    const anonymous = await visit().post('/verify-password', { password: ann.password })
    expect([anonymous.status, anonymous.body.code]).toEqual([401, 'UNAUTHORIZED'])
  })
})
