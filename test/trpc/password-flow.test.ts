import { describe, expect, it } from 'vitest'
import { mounts, startServer } from '../support/start-server.ts'
import { ann } from '../support/test-auth.ts'

describe.each(Object.entries(mounts))('the tRPC client, %s', (_name, mount) => {
  it('signs up, reads the session and signs out, with the cookie in its jar', async () => {
    const { client } = await startServer({}, mount)
    const browser = client()
    expect(await browser.session.get.query()).toBeNull()

    const { token, user } = await browser.signUp.email.mutate(ann)
    expect(user).toMatchObject({ name: ann.name, email: ann.email, emailVerified: false })
    expect(user).not.toHaveProperty('password')

    const current = await browser.session.get.query()
    expect(current?.user).toEqual(user)
    expect(current?.session.token).toBe(token)
    expect(await browser.session.list.query()).toEqual([current?.session])

    expect(await browser.signOut.mutate()).toEqual({ success: true })
    expect(await browser.session.get.query()).toBeNull()
  })

  it('keeps the sessions of two clients apart, and one ends the other', async () => {
    const { client } = await startServer({}, mount)
    const [laptop, phone] = [client(), client()]
    await laptop.signUp.email.mutate(ann)
    const { token, redirect } = await phone.signIn.email.mutate({ ...ann, callbackURL: '/home' })
    expect(redirect).toBe(true)
    expect(await laptop.session.list.query()).toHaveLength(2)

    expect(await laptop.session.revoke.mutate({ token })).toEqual({ status: true })
    expect(await phone.session.get.query()).toBeNull()

    await phone.signIn.email.mutate(ann)
    await laptop.session.revokeOthers.mutate()
    expect(await phone.session.get.query()).toBeNull()
    expect(await laptop.session.get.query()).not.toBeNull()

    await laptop.session.revokeAll.mutate()
    expect(await laptop.session.get.query()).toBeNull()
  })

  it('changes the password and the user', async () => {
    const { client } = await startServer({}, mount)
    const browser = client()
    await browser.signUp.email.mutate(ann)
    expect(await browser.password.verify.mutate({ password: ann.password })).toEqual({ status: true })

    const before = await browser.session.get.query()
    const newPassword = 'another long password'
    const change = { currentPassword: ann.password, newPassword, revokeOtherSessions: true }
    const { token } = await browser.password.change.mutate(change)
    const after = await browser.session.get.query()
    expect(after?.session.token).toBe(token)
    expect(token).not.toBe(before?.session.token)

    await browser.user.update.mutate({ name: 'Annie' })
    expect((await browser.session.get.query())?.user.name).toBe('Annie')
    expect((await client().signIn.email.mutate({ email: ann.email, password: newPassword })).user.name).toBe('Annie')
  })

  it('resets the password with the token of the mail, once', async () => {
    const { client, inbox } = await startServer({ emailAndPassword: { revokeSessionsOnPasswordReset: true } }, mount)
    const browser = client()
    await browser.signUp.email.mutate(ann)
    const { status } = await browser.password.requestReset.mutate({ email: ann.email, redirectTo: '/new-password' })
    expect(status).toBe(true)

    const { token } = await inbox.waitFor(ann.email)
    const { url } = await browser.password.resetCallback.query({ token, callbackURL: '/new-password' })
    expect(new URL(url).searchParams.get('token')).toBe(token)

    const newPassword = 'another long password'
    expect(await browser.password.reset.mutate({ token, newPassword })).toEqual({ status: true })
    expect(await browser.session.get.query()).toBeNull()
    await expect(browser.password.reset.mutate({ token, newPassword })).rejects.toThrow('Invalid token')
    await browser.signIn.email.mutate({ email: ann.email, password: newPassword })
  })

  it('starts with the cookies it is given', async () => {
    const { auth, client } = await startServer({}, mount)
    const resHeaders = new Headers()
    await auth.caller({ headers: {}, resHeaders }).signUp.email(ann)
    const cookie = resHeaders
      .getSetCookie()
      .map(header => header.split(';')[0])
      .join('; ')
    expect((await client({ cookie }).session.get.query())?.user.email).toBe(ann.email)
  })
})
