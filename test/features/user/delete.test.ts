import { expect, it } from 'vitest'
import { AuthError, defineErrors, type Hooks, type InitOptions } from '../../../src/index.ts'
import { ann } from '../../support/test-auth.ts'
import { describeEveryInstance } from '../every-instance.ts'
import { createMailing, pathOf } from '../mailing.ts'

const ben = { ...ann, name: 'Ben', email: 'ben@example.com' }
const refusals = defineErrors({ PAY_FIRST: [403, 'Pay first'] })
const cookies = ['better-auth.session_token', 'better-auth.session_data', 'better-auth.dont_remember']

type DeleteUser = NonNullable<NonNullable<InitOptions<never, never, never>['user']>['deleteUser']>

function refuse(): never {
  throw new AuthError(refusals.PAY_FIRST)
}

describeEveryInstance('deletion of a user', start => {
  const startSignedIn = async (more: DeleteUser = {}, options: object = {}) => {
    const instance = await start({ user: { deleteUser: { enabled: true, ...more } }, ...options })
    const [browser, other, bens] = [instance.visit(), instance.visit(), instance.visit()]
    await browser.post('/sign-up/email', ann)
    await other.post('/sign-in/email', ann)
    await bens.post('/sign-up/email', ben)
    const attempt = async (body: unknown = {}) => {
      const { status, body: answer } = await browser.post('/delete-user', body)
      return status === 200 ? answer : [status, answer.code]
    }
    const counts = () =>
      Promise.all(['user', 'account', 'session'].map(async model => (await instance.rows(model)).length))
    return { ...instance, browser, other, bens, attempt, counts }
  }
  const deleted = { success: true, message: 'User deleted' }
  const everyone = [2, 2, 3]
  const onlyBen = [1, 1, 1]

  it('takes the user, the ways to sign in and all sessions, and nobody else', async () => {
    const { browser, other, bens, visit, rows, counts } = await startSignedIn()
    const { status, body, setCookies } = await browser.post('/delete-user', { password: ann.password })
    expect([status, body]).toEqual([200, deleted])
    expect(Object.keys(setCookies)).toEqual(cookies)
    for (const cookie of Object.values(setCookies)) expect(cookie).toContain('Max-Age=0')
    expect(await counts()).toEqual(onlyBen)
    expect(await rows('user')).toMatchObject([{ email: ben.email }])
    expect((await other.get('/get-session')).text).toBe('null')
    expect((await bens.get('/get-session')).body.user).toMatchObject({ email: ben.email })
    expect((await visit().post('/sign-in/email', ann)).status).toBe(401)
    expect((await visit().post('/sign-up/email', ann)).status).toBe(200)
  })

  it('needs the password, or a fresh session', async () => {
    const { attempt, clock, counts } = await startSignedIn()
    expect(await attempt({ password: 'not the password' })).toEqual([400, 'INVALID_PASSWORD'])
    clock.advance(86_400)
    expect(await attempt()).toEqual([400, 'SESSION_EXPIRED'])
    expect(await attempt({ password: '' })).toEqual([400, 'SESSION_EXPIRED'])
    expect(await counts()).toEqual(everyone)
    expect(await attempt({ password: ann.password })).toEqual(deleted)
    const fresh = await startSignedIn()
    expect(await fresh.attempt()).toEqual(deleted)
    const always = await startSignedIn({}, { session: { freshAge: 0 } })
    always.clock.advance(3 * 86_400)
    expect(await always.attempt()).toEqual(deleted)
  })

  it('tells a user without a password that there is none', async () => {
    const { auth, attempt, rows } = await startSignedIn()
    const id = String((await rows('user')).find(({ email }) => email === ann.email)?.id)
    await auth.context.adapter.deleteMany({ model: 'account', where: [{ field: 'userId', value: id }] })
    expect(await attempt({ password: ann.password })).toEqual([400, 'CREDENTIAL_ACCOUNT_NOT_FOUND'])
  })

  it('is off unless the application turns it on', async () => {
    const { attempt, browser, visit, counts } = await startSignedIn({ enabled: false })
    expect(await attempt({ password: ann.password })).toEqual([404, 'NOT_FOUND'])
    expect((await browser.get('/delete-user/callback?token=x')).body.code).toBe('NOT_FOUND')
    expect((await visit().post('/delete-user', {})).status).toBe(401)
    expect(await counts()).toEqual(everyone)
  })

  it('waits for a mailed link where the application sends one, whatever else is proven', async () => {
    const mailing = createMailing()
    const { browser, bens, visit, counts, attempt, clock, rows } = await startSignedIn(
      { sendDeleteAccountVerification: mailing.keep('delete'), deleteTokenExpiresIn: 60 },
      { advanced: mailing.advanced },
    )
    const sent = { success: true, message: 'Verification email sent' }
    expect(await attempt({ password: 'not the password' })).toEqual([400, 'INVALID_PASSWORD'])
    expect(await attempt({ password: ann.password, callbackURL: '/bye?a=1&b=2' })).toEqual(sent)
    const mail = await mailing.last()
    expect([mail.to, mail.token.length]).toEqual([ann.email, 32])
    expect(mail.url).toMatch(/\/api\/auth\/delete-user\/callback\?token=\w{32}&callbackURL=%2Fbye%3Fa%3D1%26b%3D2$/)
    expect((await rows('verification')).map(({ identifier }) => String(identifier).includes(mail.token))).toEqual([
      false,
    ])

    const byBen = await bens.get(pathOf(mail))
    expect([byBen.status, byBen.body.code, byBen.setCookies]).toEqual([404, 'INVALID_TOKEN', {}])
    expect((await bens.post('/delete-user', { token: mail.token })).body.code).toBe('INVALID_TOKEN')
    expect((await visit().get(pathOf(mail))).body.code).toBe('FAILED_TO_GET_USER_INFO')
    expect((await browser.get('/delete-user/callback?token=bad&callbackURL=/bye')).body.code).toBe('INVALID_TOKEN')
    const evil = `/delete-user/callback?token=${mail.token}&callbackURL=https://evil.example`
    expect((await browser.get(evil)).body.code).toBe('INVALID_CALLBACK_URL')
    clock.advance(61)
    expect((await browser.get(pathOf(mail))).body.code).toBe('INVALID_TOKEN')
    expect(await counts()).toEqual(everyone)

    await attempt({ callback_url: '/snake' })
    const { status, headers, setCookies } = await browser.get(pathOf(await mailing.last()))
    expect([status, headers.get('location'), Object.keys(setCookies)]).toEqual([302, '/snake', cookies])
    expect(await counts()).toEqual(onlyBen)
    await bens.post('/delete-user', {})
    const { token } = await mailing.last()
    expect((await bens.post('/delete-user', { token })).body).toEqual(deleted)
    expect(await counts()).toEqual([0, 0, 0])
  })

  it('answers the link with JSON where it leads nowhere', async () => {
    const mailing = createMailing()
    const options = { sendDeleteAccountVerification: mailing.keep('delete') }
    const { attempt, browser } = await startSignedIn(options, { advanced: mailing.advanced })
    await attempt()
    const { status, body } = await browser.get(`/delete-user/callback?token=${(await mailing.last()).token}`)
    expect([status, body]).toEqual([200, deleted])
  })

  it('asks the application before, and tells it after', async () => {
    const calls: unknown[] = []
    let isPaid = false
    const { attempt, counts, log } = await startSignedIn({
      beforeDelete: async ({ email }, request) => {
        calls.push(['before', email, request instanceof Request])
        if (!isPaid) refuse()
      },
      afterDelete: ({ email }) => {
        calls.push(['after', email])
        throw new Error('the application failed')
      },
    })
    expect(await attempt()).toEqual([403, 'PAY_FIRST'])
    expect(await counts()).toEqual(everyone)
    isPaid = true
    expect(await attempt()).toEqual(deleted)
    expect(calls).toEqual([
      ['before', ann.email, true],
      ['before', ann.email, true],
      ['after', ann.email],
    ])
    expect(log.map(({ message }) => message)).toEqual(['afterDelete failed'])
  })

  it('asks plugins within the transaction, and tells them after it', async () => {
    const calls: unknown[] = []
    let isRefused = true
    const hooks: Hooks = {
      userDeleting: async ({ id }, { kernel }) => {
        calls.push(['deleting', await kernel.adapter.count({ model: 'user' })])
        await kernel.adapter.deleteMany({ model: 'session', where: [{ field: 'userId', value: id }] })
        if (isRefused) throw Object.assign(new AuthError(refusals.PAY_FIRST), { isFromApplication: true })
      },
      userDeleted: async (_user, { kernel }) => {
        calls.push(['deleted', await kernel.adapter.count({ model: 'user' })])
      },
    }
    const { attempt, counts } = await startSignedIn({}, { plugins: [{ id: 'hooked', hooks }] })
    expect(await attempt()).toEqual([403, 'PAY_FIRST'])
    expect(await counts()).toEqual(everyone)
    isRefused = false
    expect(await attempt()).toEqual(deleted)
    expect(calls).toEqual([
      ['deleting', 2],
      ['deleting', 2],
      ['deleted', 1],
    ])
  })

  it('takes rows of plugins that refer to the user', async () => {
    const { auth, attempt, rows } = await startSignedIn(
      {},
      {
        plugins: [
          {
            id: 'notes',
            schema: { note: { fields: { userId: { type: 'string', references: { model: 'user', field: 'id' } } } } },
          },
        ],
      },
    )
    for (const { id, email } of await rows('user')) {
      await auth.context.adapter.create({ model: 'note', data: { id: `note of ${email}`, userId: String(id) } })
    }
    await attempt()
    expect((await rows('note')).map(({ id }) => id)).toEqual([`note of ${ben.email}`])
  })

  it('of 50 uses of one link at once exactly one deletes [control 12]', async () => {
    const mailing = createMailing()
    let told = 0
    const { attempt, browser, visit, counts } = await startSignedIn(
      { sendDeleteAccountVerification: mailing.keep('delete'), afterDelete: () => void told++ },
      { advanced: mailing.advanced },
    )
    await attempt()
    const mail = await mailing.last()
    const headers = { cookie: browser.cookieHeader() }
    const answers = await Promise.all(Array.from({ length: 50 }, () => visit().get(pathOf(mail), { headers })))
    expect(answers.filter(({ status }) => status === 302)).toHaveLength(1)
    for (const { status, body } of answers) {
      if (status !== 302)
        expect([404, body.code]).toEqual([status, expect.stringMatching(/^(INVALID_TOKEN|FAILED_TO_GET_USER_INFO)$/)])
    }
    expect([told, await counts()]).toEqual([1, onlyBen])
  })
})
