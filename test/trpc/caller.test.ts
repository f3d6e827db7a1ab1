import { describe, expect, it } from 'vitest'
import { AuthError } from '../../src/index.ts'
import { ann, createTestAuth } from '../support/test-auth.ts'

/** What a browser would send after this response. */
function cookieOf(headers: Headers): string {
  return headers
    .getSetCookie()
    .map(header => header.split(';')[0])
    .join('; ')
}

describe('auth.caller', () => {
  it('puts cookies into resHeaders, and takes them from headers', async () => {
    const { auth } = createTestAuth()
    const resHeaders = new Headers()
    const { user } = await auth.caller({ headers: {}, resHeaders }).signUp.email(ann)
    expect(resHeaders.getSetCookie()).toHaveLength(1)
    expect(resHeaders.getSetCookie()[0]).toMatch(
      /^better-auth\.session_token=.+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/,
    )

    const headers = { cookie: cookieOf(resHeaders), origin: 'http://localhost:3000' }
    const current = await auth.caller({ headers }).session.get()
    expect(current?.user).toEqual(user)
    expect(current?.session.createdAt).toBeInstanceOf(Date)
    expect(await auth.caller({ headers: new Headers(headers) }).session.list()).toEqual([current?.session])
    expect(await auth.getSession(headers)).toEqual(current)

    const signedOut = new Headers()
    await auth.caller({ headers, resHeaders: signedOut }).signOut()
    expect(signedOut.getSetCookie().every(header => header.includes('Max-Age=0'))).toBe(true)
    expect(await auth.getSession(headers)).toBeNull()
  })

  it('gives plain data where REST redirects', async () => {
    const { auth } = createTestAuth()
    const { url } = await auth.caller().password.resetCallback({ token: 'unknown', callbackURL: '/reset?step=2' })
    expect(url).toBe('http://localhost:3000/reset?step=2&error=INVALID_TOKEN')
  })

  it('throws an AuthError with code and status', async () => {
    const { auth, log } = createTestAuth()
    const error = await auth
      .caller()
      .session.list()
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(AuthError)
    expect(error).toMatchObject({ authCode: 'UNAUTHORIZED', status: 401, code: 'UNAUTHORIZED' })
    const invalid = await auth
      .caller()
      .signIn.email({ email: 5 } as never)
      .catch((thrown: unknown) => thrown)
    expect(invalid).toMatchObject({ authCode: 'VALIDATION_ERROR', status: 400 })
    expect(log).toEqual([])
  })

  it('checks the origin of a call that carries a cookie', async () => {
    const { auth } = createTestAuth()
    const resHeaders = new Headers()
    await auth.caller({ headers: {}, resHeaders }).signUp.email(ann)
    const foreign = { cookie: cookieOf(resHeaders), origin: 'https://evil.example' }
    await expect(auth.caller({ headers: foreign }).signOut()).rejects.toMatchObject({ authCode: 'INVALID_ORIGIN' })
  })

  it('shares one session among the calls of one caller, and none among instances', async () => {
    const [one, other] = [createTestAuth(), createTestAuth()]
    const resHeaders = new Headers()
    const caller = one.auth.caller({ headers: {}, resHeaders })
    await caller.signUp.email(ann)
    expect((await caller.session.get())?.user.email).toBe(ann.email)
    expect(await other.auth.getSession({ cookie: cookieOf(resHeaders) })).toBeNull()
  })
})
