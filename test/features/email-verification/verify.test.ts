import { expect, it } from 'vitest'
import { AuthError, defineErrors, type InitOptions } from '../../../src/index.ts'
import { secondStep } from '../../support/second-step-plugin.ts'
import { ann } from '../../support/test-auth.ts'
import { describeEveryInstance } from '../every-instance.ts'
import { createMailing, pathOf } from '../mailing.ts'

const sessionCookie = 'better-auth.session_token'
const ben = { ...ann, name: 'Ben', email: 'ben@example.com' }

type Verification = NonNullable<InitOptions<never, never, never>['emailVerification']>

describeEveryInstance('proof of an address by a mailed link', start => {
  const startWithAnn = async (more: Verification = {}, options: object = {}) => {
    const mailing = createMailing()
    const emailVerification = { ...mailing.emailVerification, ...more }
    const instance = await start({ advanced: mailing.advanced, ...options, emailVerification })
    const browser = instance.visit()
    await browser.post('/sign-up/email', ann)
    mailing.sent.length = 0
    const askFor = async (email: string, callbackURL?: string) => {
      await instance.visit().post('/send-verification-email', { email, callbackURL })
      return mailing.last()
    }
    const isProven = async (email = ann.email) =>
      (await instance.rows('user')).find(user => user.email === email)?.emailVerified
    return { ...instance, mailing, browser, askFor, isProven }
  }

  it('marks the address as proven, keeps the password and every session, and can be repeated', async () => {
    const { visit, browser, askFor, isProven, rows, clock } = await startWithAnn()
    const mail = await askFor('ANN@example.com', '/welcome?a=1&b=2')
    expect(mail.url).toBe(
      `http://localhost:3000/api/auth/verify-email?token=${mail.token}&callbackURL=%2Fwelcome%3Fa%3D1%26b%3D2`,
    )
    expect(await isProven()).toBe(false)
    clock.advance(10)
    for (let times = 0; times < 2; times++) {
      const { status, body, setCookies } = await visit().get(`/verify-email?token=${mail.token}`)
      expect([status, body, setCookies]).toEqual([200, { status: true, user: null }, {}])
    }
    expect(await rows('user')).toMatchObject([{ emailVerified: true, updatedAt: clock.now() }])
    expect((await browser.get('/get-session')).body.user).toMatchObject({ emailVerified: true })
    const followed = await visit().get(pathOf(mail))
    expect([followed.status, followed.headers.get('location'), followed.text]).toEqual([302, '/welcome?a=1&b=2', ''])
    expect((await visit().post('/sign-in/email', ann)).status).toBe(200)
  })

  it('tells what is wrong with a link, in the address it leads to if there is one', async () => {
    const { visit, askFor, auth, rows, clock } = await startWithAnn({ expiresIn: 60 })
    const { token } = await askFor(ann.email)
    const expectRefused = async (bad: string, code: string) => {
      const { status, body } = await visit().get(`/verify-email?token=${bad}`)
      expect([status, body.code]).toEqual([401, code])
      for (const [callbackURL, location] of [
        ['/done', `/done?error=${code}`],
        ['/done?a=1', `/done?a=1&error=${code}`],
        ['http://localhost:3000/done#top', `http://localhost:3000/done?error=${code}#top`],
      ]) {
        const query = new URLSearchParams({ token: bad, callbackURL: String(callbackURL) })
        const answer = await visit().get(`/verify-email?${query}`)
        expect([answer.status, answer.headers.get('location')]).toEqual([302, location])
      }
    }
    await expectRefused('bad', 'INVALID_TOKEN')
    const [head, claims, signature] = token.split('.')
    await expectRefused(`${head}.${claims}x.${signature}`, 'INVALID_TOKEN')
    await expectRefused(`${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`, 'INVALID_TOKEN')
    clock.advance(61)
    await expectRefused(token, 'TOKEN_EXPIRED')
    const other = (await askFor(ann.email)).token
    const [user] = await rows('user')
    await auth.context.adapter.delete({ model: 'user', where: [{ field: 'id', value: String(user?.id) }] })
    await expectRefused(other, 'USER_NOT_FOUND')
    // The address of somebody else now: a link that was mailed for the first owner proves nothing for the second.
    await visit().post('/sign-up/email', ann)
    await expectRefused(other, 'USER_NOT_FOUND')
    expect(await rows('user')).toMatchObject([{ emailVerified: false }])
  })

  it('answers a request for a link alike, whoever asks for whatever address', async () => {
    const { visit, mailing, askFor } = await startWithAnn()
    const ask = (email: string) => visit().post('/send-verification-email', { email })
    for (const email of [ann.email, 'nobody@example.com']) {
      const { status, body, setCookies } = await ask(email)
      expect([status, body, setCookies]).toEqual([200, { status: true }, {}])
    }
    expect(await mailing.take()).toEqual([`verify ${ann.email}`])
    await visit().get(pathOf(await askFor(ann.email)))
    await mailing.take()
    expect((await ask(ann.email)).body).toEqual({ status: true })
    expect(await mailing.take()).toEqual([])
  })

  it('with a session is asked for by its user only', async () => {
    const { visit, browser, mailing, askFor } = await startWithAnn()
    await visit().post('/sign-up/email', ben)
    const ask = async (email: string) => {
      const { status, body } = await browser.post('/send-verification-email', { email })
      return status === 200 ? body.status : [status, body.code]
    }
    expect(await ask(ben.email)).toEqual([400, 'EMAIL_MISMATCH'])
    expect(await ask('Ann@Example.com')).toBe(true)
    expect(await mailing.take()).toEqual([`verify ${ann.email}`])
    await visit().get(pathOf(await askFor(ann.email)))
    expect(await ask(ann.email)).toEqual([400, 'EMAIL_ALREADY_VERIFIED'])
  })

  it('is off where nothing delivers the link', async () => {
    const { visit } = await startWithAnn({ sendVerificationEmail: undefined })
    for (const email of [ann.email, 'nobody@example.com']) {
      const { status, body } = await visit().post('/send-verification-email', { email })
      expect([status, body.code]).toEqual([400, 'VERIFICATION_EMAIL_NOT_ENABLED'])
    }
  })

  it('takes snake_case keys, and refuses to lead elsewhere', async () => {
    const { visit, askFor, mailing } = await startWithAnn()
    const asked = await visit().post('/send-verification-email', { email: ann.email, callback_url: '/snake' })
    expect(asked.status).toBe(200)
    const mail = await mailing.last()
    expect(mail.url).toContain('callbackURL=%2Fsnake')
    const followed = await visit().get(`/verify-email?token=${mail.token}&callback_url=%2Fsnake`)
    expect(followed.headers.get('location')).toBe('/snake')
    await askFor(ann.email, 'https://evil.example')
    const evil = encodeURIComponent('https://evil.example')
    for (const token of [mail.token, 'bad']) {
      const { status, body, headers } = await visit().get(`/verify-email?token=${token}&callbackURL=${evil}`)
      expect([status, body.code, headers.get('location')]).toEqual([403, 'INVALID_CALLBACK_URL', null])
    }
  })

  it('asks the application before, and tells it after, once', async () => {
    const calls: unknown[] = []
    const refusals = defineErrors({ NOT_YET: [403, 'Not yet'] })
    let isOpen = false
    const { visit, askFor, isProven, log } = await startWithAnn({
      beforeEmailVerification: user => {
        calls.push(['before', user.emailVerified])
        if (!isOpen) throw new AuthError(refusals.NOT_YET)
      },
      afterEmailVerification: (user, request) => {
        calls.push(['after', user.emailVerified, request instanceof Request])
        throw new Error('the application failed')
      },
    })
    const mail = await askFor(ann.email)
    const refused = await visit().get(pathOf(mail))
    expect([refused.status, refused.body.code, await isProven()]).toEqual([403, 'NOT_YET', false])
    isOpen = true
    expect((await visit().get(pathOf(mail))).status).toBe(302)
    expect((await visit().get(pathOf(mail))).status).toBe(302)
    expect(calls).toEqual([
      ['before', false],
      ['before', false],
      ['after', true, true],
    ])
    expect(log.map(({ message }) => message)).toEqual(['afterEmailVerification failed'])
    expect(await isProven()).toBe(true)
  })

  it('signs in the first time where the application wants it', async () => {
    const { visit, askFor, rows } = await startWithAnn({ autoSignInAfterVerification: true })
    const mail = await askFor(ann.email)
    const first = visit()
    expect(Object.keys((await first.get(pathOf(mail))).setCookies)).toEqual([sessionCookie])
    expect((await first.get('/get-session')).body.user).toMatchObject({ email: ann.email, emailVerified: true })
    const second = visit()
    expect((await second.get(pathOf(mail))).setCookies).toEqual({})
    expect((await second.get('/get-session')).text).toBe('null')
    expect(await rows('session')).toHaveLength(2)
  })

  it('keeps the session of a browser that is signed in as the user, and replaces that of another', async () => {
    const { visit, browser, askFor, rows } = await startWithAnn({ autoSignInAfterVerification: true })
    const before = (await browser.get('/get-session')).body.session
    await browser.get(pathOf(await askFor(ann.email)))
    const after = (await browser.get('/get-session')).body
    expect([after.session?.token, after.user?.emailVerified]).toEqual([before?.token, true])
    await visit().post('/sign-up/email', ben)
    await browser.get(pathOf(await askFor(ben.email)))
    expect((await browser.get('/get-session')).body.user).toMatchObject({ email: ben.email })
    expect(await rows('session')).toHaveLength(3)
  })

  it('signs nobody in past a second step', async () => {
    const { visit, askFor, isProven } = await startWithAnn(
      { autoSignInAfterVerification: true },
      { plugins: [secondStep()] },
    )
    const careful = { ...ann, email: 'careful@example.com', secondStepOn: true }
    await visit().post('/sign-up/email', careful)
    const { status, setCookies } = await visit().get(pathOf(await askFor(careful.email)))
    expect([status, setCookies, await isProven(careful.email)]).toEqual([302, {}, true])
  })

  it('of 50 uses of one link at once exactly one signs in and is told of [control 12]', async () => {
    let told = 0
    const { visit, askFor, rows } = await startWithAnn({
      autoSignInAfterVerification: true,
      afterEmailVerification: () => void told++,
    })
    const mail = await askFor(ann.email)
    const answers = await Promise.all(Array.from({ length: 50 }, () => visit().get(pathOf(mail))))
    expect(new Set(answers.map(({ status, headers }) => `${status} ${headers.get('location')}`))).toEqual(
      new Set(['302 /']),
    )
    expect(answers.filter(({ setCookies }) => sessionCookie in setCookies)).toHaveLength(1)
    expect([told, (await rows('session')).length]).toEqual([1, 2])
  })
})
