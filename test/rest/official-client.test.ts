import { createAuthClient } from 'better-auth/client'
import { inferAdditionalFields } from 'better-auth/client/plugins'
import { createAuthClient as createAuthClient17 } from 'better-auth-1.7/client'
import { inferAdditionalFields as inferAdditionalFields17 } from 'better-auth-1.7/client/plugins'
import { describe, expect, it } from 'vitest'
import { createCookieFetch } from '../../clients/cookie-fetch.ts'
import type { Field } from '../../src/index.ts'
import { createInbox } from '../../src/testing/index.ts'
import { startServer } from '../support/start-server.ts'
import { ann } from '../support/test-auth.ts'

const nickname = { type: 'string', required: false, input: true } as const satisfies Field
const theme = { type: 'string', required: false, input: true } as const satisfies Field

// The newer client takes and gives the same here; its types are those of its own release.
const releases = [
  { release: '1.6.11', create: createAuthClient, fields: inferAdditionalFields },
  {
    release: '1.7.7',
    create: createAuthClient17 as unknown as typeof createAuthClient,
    fields: inferAdditionalFields17 as unknown as typeof inferAdditionalFields,
  },
]

/** The official client as a browser would run it: with a cookie jar, and the page's origin on every request. */
function browserWith({ create, fields }: (typeof releases)[number], url: string) {
  const keepCookies = createCookieFetch({ url })
  return create({
    baseURL: url,
    fetchOptions: {
      customFetchImpl: (input, init) => {
        const headers = new Headers(init?.headers)
        headers.set('origin', new URL(url).origin)
        return keepCookies(input, { ...init, headers })
      },
    },
    plugins: [fields({ user: { nickname }, session: { theme } })],
  })
}

const start = (options: Parameters<typeof startServer>[0] = {}) =>
  startServer({
    ...options,
    user: { additionalFields: { nickname }, ...options.user },
    session: { additionalFields: { theme } },
  })

describe.each(releases)('better-auth/client $release, unchanged', release => {
  const browserAt = (url: string) => browserWith(release, url)

  it('signs up, in and out', async () => {
    const { url } = await start()
    const browser = browserAt(url)
    const signedUp = await browser.signUp.email({ ...ann, nickname: 'Annie' })
    expect(signedUp.error).toBeNull()
    expect(signedUp.data?.user).toMatchObject({ email: ann.email, nickname: 'Annie' })
    expect(signedUp.data?.user.createdAt).toBeInstanceOf(Date)

    const session = await browser.getSession()
    expect(session.data?.user.nickname).toBe('Annie')
    expect(session.data?.session.token).toBe(signedUp.data?.token)
    expect(session.data?.session.expiresAt).toBeInstanceOf(Date)

    expect((await browser.signOut()).data).toEqual({ success: true })
    expect((await browser.getSession()).data).toBeNull()
    const signedIn = await browser.signIn.email({ email: ann.email, password: ann.password, rememberMe: false })
    expect(signedIn.data?.user.email).toBe(ann.email)
  })

  it('is told what went wrong', async () => {
    const { url } = await start()
    const browser = browserAt(url)
    await browser.signUp.email(ann)
    const taken = await browser.signUp.email(ann)
    expect(taken.error).toMatchObject({ status: 409, code: 'EMAIL_ALREADY_IN_USE' })
    const wrong = await browser.signIn.email({ email: ann.email, password: 'wrong password' })
    expect(wrong.error).toMatchObject({
      status: 401,
      code: 'INVALID_CREDENTIALS',
      message: 'Invalid email or password',
    })
    const stranger = await browserAt(url).listSessions()
    expect(stranger.error).toMatchObject({ status: 401, code: 'UNAUTHORIZED' })
  })

  it('lists and revokes sessions', async () => {
    const { url } = await start()
    const [laptop, phone, tablet] = [browserAt(url), browserAt(url), browserAt(url)]
    await laptop.signUp.email(ann)
    const onPhone = await phone.signIn.email(ann)
    await tablet.signIn.email(ann)
    expect((await laptop.listSessions()).data).toHaveLength(3)

    expect((await laptop.revokeSession({ token: onPhone.data?.token ?? '' })).data).toEqual({ status: true })
    expect((await phone.getSession()).data).toBeNull()
    expect((await laptop.revokeOtherSessions()).data).toEqual({ status: true })
    expect((await tablet.getSession()).data).toBeNull()
    expect((await laptop.revokeSessions()).data).toEqual({ status: true })
    expect((await laptop.getSession()).data).toBeNull()
  })

  it('changes the password, the user and the session', async () => {
    const { url } = await start()
    const browser = browserAt(url)
    await browser.signUp.email(ann)
    const newPassword = 'another long password'
    const changed = await browser.changePassword({
      currentPassword: ann.password,
      newPassword,
      revokeOtherSessions: true,
    })
    expect(changed.data?.token).toBe((await browser.getSession()).data?.session.token)

    expect((await browser.updateUser({ name: 'Annie', nickname: 'An' })).data).toEqual({ status: true })
    const update = browser.updateSession as (changes: { theme: string }) => Promise<{ error: unknown }>
    expect((await update({ theme: 'dark' })).error).toBeNull()
    const { data } = await browser.getSession()
    expect(data?.user).toMatchObject({ name: 'Annie', nickname: 'An' })
    expect(data?.session).toMatchObject({ theme: 'dark' })
    expect((await browserAt(url).signIn.email({ email: ann.email, password: newPassword })).error).toBeNull()
  })

  it('resets the password through the mailed link', async () => {
    const { url, origin, inbox } = await start()
    const browser = browserAt(url)
    await browser.signUp.email(ann)
    const asked = await browser.requestPasswordReset({ email: ann.email, redirectTo: `${origin}/new-password` })
    expect(asked.data?.status).toBe(true)

    const mail = await inbox.waitFor(ann.email)
    const followed = await fetch(mail.url, { redirect: 'manual' })
    expect(followed.status).toBe(302)
    const target = new URL(followed.headers.get('location') ?? '')
    expect(target.pathname).toBe('/new-password')

    const token = target.searchParams.get('token') ?? ''
    const newPassword = 'another long password'
    expect((await browser.resetPassword({ newPassword, token })).data).toEqual({ status: true })
    const again = await browser.resetPassword({ newPassword, token })
    expect(again.error).toMatchObject({ status: 400, code: 'INVALID_TOKEN' })
    expect((await browserAt(url).signIn.email({ email: ann.email, password: newPassword })).error).toBeNull()
  })

  it('proves an address by the mailed link, which signs in', async () => {
    const mails = createInbox()
    const { url } = await start({
      emailAndPassword: { requireEmailVerification: true },
      emailVerification: {
        sendVerificationEmail: mails.deliver,
        autoSignInAfterVerification: true,
        sendOnSignIn: true,
      },
    })
    const browser = browserAt(url)
    expect((await browser.signUp.email(ann)).data).toMatchObject({ token: null })
    await mails.waitFor(ann.email)
    const refused = await browser.signIn.email({ email: ann.email, password: ann.password })
    expect(refused.error).toMatchObject({ status: 403, code: 'EMAIL_NOT_VERIFIED' })
    const asked = await browser.sendVerificationEmail({ email: ann.email, callbackURL: '/welcome' })
    expect(asked.data).toEqual({ status: true })

    const { token } = await mails.waitFor(ann.email)
    const proven = await browser.verifyEmail({ query: { token } })
    expect(proven.data).toMatchObject({ status: true })
    const session = await browser.getSession()
    expect(session.data?.user).toMatchObject({ email: ann.email, emailVerified: true })
    const bad = await browser.verifyEmail({ query: { token: 'nonsense' } })
    expect(bad.error).toMatchObject({ status: 401, code: 'INVALID_TOKEN' })
  })

  it('changes the address, through the new one', async () => {
    const mails = createInbox()
    const { url } = await start({
      user: { changeEmail: { enabled: true } },
      emailVerification: { sendVerificationEmail: mails.deliver },
    })
    const browser = browserAt(url)
    await browser.signUp.email(ann)
    const newEmail = 'anne@example.com'
    expect((await browser.changeEmail({ newEmail })).data).toEqual({ status: true })
    const mail = await mails.waitFor(newEmail)
    expect((await browser.verifyEmail({ query: { token: mail.token } })).error).toBeNull()
    expect((await browserAt(url).signIn.email({ email: newEmail, password: ann.password })).error).toBeNull()
    expect((await browserAt(url).signIn.email({ email: ann.email, password: ann.password })).error).not.toBeNull()
  })

  it('deletes the user', async () => {
    const { url } = await start({ user: { deleteUser: { enabled: true } } })
    const browser = browserAt(url)
    await browser.signUp.email(ann)
    const wrong = await browser.deleteUser({ password: 'not the password' })
    expect(wrong.error).toMatchObject({ status: 400, code: 'INVALID_PASSWORD' })
    expect((await browser.deleteUser({ password: ann.password })).data).toMatchObject({ success: true })
    expect((await browser.getSession()).data).toBeNull()
    expect((await browserAt(url).signIn.email({ email: ann.email, password: ann.password })).error).not.toBeNull()
  })
})
