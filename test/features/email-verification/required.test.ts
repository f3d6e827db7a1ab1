import { createAuthClient } from 'better-auth/client'
import { describe, expect, it } from 'vitest'
import { createCookieFetch } from '../../../clients/cookie-fetch.ts'
import { startServer } from '../../support/start-server.ts'
import { ann } from '../../support/test-auth.ts'
import { describeEveryInstance } from '../every-instance.ts'
import { createMailing, pathOf } from '../mailing.ts'

const wrong = { email: ann.email, password: 'not the password' }

describeEveryInstance('where an address must be proven', start => {
  const startMailing = async (emailAndPassword: object, emailVerification: object = {}) => {
    const mailing = createMailing()
    const options = {
      advanced: mailing.advanced,
      emailAndPassword: { requireEmailVerification: true, ...emailAndPassword },
    }
    const verification = { ...mailing.emailVerification, ...emailVerification }
    return { ...(await start({ ...options, emailVerification: verification })), mailing }
  }

  it('sign-up mails the link, and signing in waits for it', async () => {
    const { visit, mailing } = await startMailing({})
    const browser = visit()
    const signedUp = await browser.post('/sign-up/email', { ...ann, callbackURL: '/welcome' })
    expect([signedUp.status, signedUp.body.token, signedUp.setCookies]).toEqual([200, null, {}])
    const mail = await mailing.last()
    expect([mail.kind, mail.to]).toEqual(['verify', ann.email])
    expect(mail.url).toContain('callbackURL=%2Fwelcome')
    const refused = await browser.post('/sign-in/email', ann)
    expect([refused.status, refused.body.code]).toEqual([403, 'EMAIL_NOT_VERIFIED'])
    expect((await browser.post('/sign-in/email', wrong)).status).toBe(401)
    expect(await mailing.take()).toHaveLength(1)
    expect((await browser.get(pathOf(mail))).headers.get('location')).toBe('/welcome')
    expect((await browser.post('/sign-in/email', ann)).status).toBe(200)
  })

  it('signing in mails the link again if asked to, and only to who knows the password', async () => {
    const { visit, mailing } = await startMailing({}, { sendOnSignIn: true, sendOnSignUp: false })
    const browser = visit()
    await browser.post('/sign-up/email', ann)
    expect(await mailing.take()).toEqual([])
    await browser.post('/sign-in/email', wrong)
    expect(await mailing.take()).toEqual([])
    const refused = await browser.post('/sign-in/email', { ...ann, callbackURL: '/home' })
    expect([refused.status, refused.body.code, refused.setCookies]).toEqual([403, 'EMAIL_NOT_VERIFIED', {}])
    const mail = await mailing.last()
    expect(mail.url).toContain('callbackURL=%2Fhome')
    await visit().get(pathOf(mail))
    await mailing.take()
    expect((await browser.post('/sign-in/email', ann)).status).toBe(200)
    expect(await mailing.take()).toEqual([])
  })

  it('sign-up mails the link where it signs in as well, if asked to', async () => {
    const { visit, mailing } = await startMailing({ requireEmailVerification: false }, { sendOnSignUp: true })
    const browser = visit()
    expect((await browser.post('/sign-up/email', ann)).body.token).toEqual(expect.any(String))
    expect(await mailing.take()).toEqual([`verify ${ann.email}`])
  })

  it('sign-up with an address that has a user looks like any other, and only its user is told', async () => {
    const mailing = createMailing()
    const { visit, rows } = await start({
      advanced: mailing.advanced,
      emailVerification: mailing.emailVerification,
      emailAndPassword: { requireEmailVerification: true, onExistingUserSignUp: mailing.keep('existing') },
      user: {
        additionalFields: {
          plan: { type: 'string', defaultValue: 'free' },
          pin: { type: 'string', returned: false, required: false },
        },
      },
    })
    const fresh = await visit().post('/sign-up/email', ann)
    expect(await mailing.take()).toEqual([`verify ${ann.email}`])
    const taken = await visit().post('/sign-up/email', {
      ...ann,
      email: 'ANN@example.com',
      password: 'another password',
    })
    expect(await mailing.take()).toEqual([`existing ${ann.email}`])
    const form = ({ status, headers, setCookies, body: { user, ...rest } }: typeof fresh) => {
      const { id, ...fields } = user ?? {}
      return {
        status,
        headers: [...headers],
        setCookies,
        rest,
        keys: Object.keys(user ?? {}),
        id: String(id).length,
        fields,
      }
    }
    expect(form(taken)).toEqual(form(fresh))
    expect(taken.body.user?.id).not.toBe(fresh.body.user?.id)
    expect(await rows('user')).toHaveLength(1)
    expect((await visit().post('/sign-in/email', { ...ann, password: 'another password' })).status).toBe(401)
  })

  it('the application makes the user that nobody is, where it knows better what users have', async () => {
    const given: unknown[] = []
    const { visit } = await start({
      emailAndPassword: {
        autoSignIn: false,
        customSyntheticUser: parts => {
          given.push(Object.keys(parts.coreFields), parts.additionalFields, parts.id.length)
          return {
            ...parts.coreFields,
            ...parts.additionalFields,
            plan: 'made up',
            secret: 'never leaves',
            id: parts.id,
          }
        },
      },
      user: { additionalFields: { plan: { type: 'string', defaultValue: 'free' } } },
    })
    await visit().post('/sign-up/email', ann)
    const { body } = await visit().post('/sign-up/email', ann)
    expect(body).toMatchObject({ token: null, user: { email: ann.email, plan: 'made up', image: null } })
    expect(body.user).not.toHaveProperty('secret')
    expect(given).toEqual([
      ['name', 'email', 'emailVerified', 'image', 'createdAt', 'updatedAt'],
      { plan: 'free' },
      String(body.user?.id).length,
    ])
  })

  it('of 20 sign-ups at once the user who got the address is told of the others', async () => {
    const mailing = createMailing()
    const { visit } = await start({
      advanced: mailing.advanced,
      emailAndPassword: { autoSignIn: false, onExistingUserSignUp: mailing.keep('existing') },
    })
    await Promise.all(Array.from({ length: 20 }, () => visit().post('/sign-up/email', ann)))
    expect(await mailing.take()).toEqual(Array.from({ length: 19 }, () => `existing ${ann.email}`))
  })
})

describe('better-auth/client 1.6.11 where an address must be proven', () => {
  it('signs up, is refused, proves the address and signs in', async () => {
    const mailing = createMailing()
    const { url } = await startServer({
      advanced: mailing.advanced,
      emailVerification: mailing.emailVerification,
      emailAndPassword: { requireEmailVerification: true },
    })
    const keepCookies = createCookieFetch({ url })
    const client = createAuthClient({
      baseURL: url,
      fetchOptions: {
        customFetchImpl: (input, init) => {
          const headers = new Headers(init?.headers)
          headers.set('origin', new URL(url).origin)
          return keepCookies(input, { ...init, headers })
        },
      },
    })
    const signedUp = await client.signUp.email({ ...ann, callbackURL: '/welcome' })
    expect([signedUp.error, signedUp.data?.token]).toEqual([null, null])
    const refused = await client.signIn.email({ email: ann.email, password: ann.password })
    expect(refused.error).toMatchObject({ status: 403, code: 'EMAIL_NOT_VERIFIED', message: 'Email not verified' })
    expect((await client.sendVerificationEmail({ email: ann.email })).data).toEqual({ status: true })
    const bad = await client.verifyEmail({ query: { token: 'bad' } })
    expect(bad.error).toMatchObject({ status: 401, code: 'INVALID_TOKEN' })
    const { token } = await mailing.last()
    expect((await client.verifyEmail({ query: { token } })).data).toEqual({ status: true, user: null })
    const signedIn = await client.signIn.email({ email: ann.email, password: ann.password })
    expect(signedIn.data?.user).toMatchObject({ email: ann.email, emailVerified: true })
  })
})
