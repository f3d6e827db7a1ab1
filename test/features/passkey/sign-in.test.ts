import { describe, expect, it } from 'vitest'
import { twoFactor } from '../../../routers/two-factor/index.ts'
import { type AuthenticationAnswer, createSoftAuthenticator, type RequestOptions } from '../../../src/testing/index.ts'
import { ann } from '../../support/test-auth.ts'
import type { Visitor } from '../../support/visitor.ts'
import { ORIGIN, register, send, signIn, startRegistered, startWithPasskeys } from './page.ts'

const COOKIE = 'better-auth.better-auth-passkey'
const OPTIONS = '/passkey/generate-authenticate-options'

const ask = async (browser: Visitor) => (await browser.get(OPTIONS)).body as unknown as RequestOptions

describe('a sign-in with a passkey', () => {
  it('makes a session, without naming the user first [control 25]', async () => {
    const { visit, authenticator, rows } = await startRegistered()
    const browser = visit()
    const answer = await signIn(browser, authenticator)
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual({
      session: expect.objectContaining({ token: expect.any(String) }),
      user: expect.objectContaining({ email: ann.email }),
    })
    expect((await browser.get('/get-session')).body.session?.token).toBe(answer.body.session?.token)
    expect(await rows('session')).toHaveLength(2)
  })

  it('asks everybody the same; only those signed in are told of their own passkeys [control 25]', async () => {
    const { browser, visit, registered } = await startRegistered()
    const stranger = await visit().get(OPTIONS)
    expect(stranger.body).toEqual({
      rpId: 'localhost',
      challenge: expect.stringMatching(/^[\w-]{43}$/),
      timeout: 60_000,
      userVerification: 'preferred',
    })
    expect(stranger.setCookies[COOKIE]).toMatch(/; Max-Age=300; Path=\/; HttpOnly; SameSite=Lax$/)
    const own = await browser.get(OPTIONS)
    const id = registered.body.credentialID
    expect(own.body.allowCredentials).toEqual([{ id, type: 'public-key', transports: ['internal'] }])
  })

  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['another domain', { rpId: 'evil.example' }],
    ['another ceremony', { type: 'webauthn.create' }],
    ['another challenge', { challenge: 'AAAA' }],
    ['a frame of another site', { crossOrigin: true }],
    ['nobody being there', { userPresent: false }],
  ])('refuses %s [control 23]', async (_title, lie) => {
    const { visit, authenticator, rows } = await startRegistered()
    const answer = await signIn(visit(), authenticator, lie)
    expect([answer.status, answer.body.code]).toEqual([400, 'AUTHENTICATION_FAILED'])
    expect(answer.setCookies).toEqual({})
    expect(await rows('session')).toHaveLength(1)
  })

  it('refuses a bad signature and another key [control 23]', async () => {
    const { visit, authenticator } = await startRegistered()
    const browser = visit()
    const spoil = async (change: (answer: AuthenticationAnswer) => void) => {
      const response = authenticator.get(await ask(browser), { origin: ORIGIN })
      change(response)
      return (await send(browser, 'authentication', response)).body.code
    }
    const otherKey = createSoftAuthenticator()
    const created = {
      challenge: 'AAAA',
      rp: { id: 'localhost', name: 'x' },
      user: { id: 'AA', name: 'x', displayName: 'x' },
    }
    otherKey.create({ ...created, pubKeyCredParams: [{ alg: -7, type: 'public-key' }] }, { origin: ORIGIN })
    const codes = [
      await spoil(({ response }) => {
        const bytes = Buffer.from(response.signature, 'base64url')
        bytes.writeUInt8((bytes.at(-1) ?? 0) ^ 1, bytes.length - 1)
        response.signature = bytes.toString('base64url')
      }),
      await spoil(({ response }) => {
        response.signature = otherKey.get({ challenge: 'AAAA' }, { origin: ORIGIN }).response.signature
      }),
      await spoil(({ response }) => {
        response.signature = ''
      }),
    ]
    expect(codes).toEqual(Array(3).fill('AUTHENTICATION_FAILED'))
    expect((await signIn(browser, authenticator)).status).toBe(200)
  })

  it('refuses whoever was not verified, where that is required [control 23]', async () => {
    const { visit, authenticator } = await startRegistered({ authenticatorSelection: { userVerification: 'required' } })
    const browser = visit()
    expect(await ask(browser)).toMatchObject({ userVerification: 'required' })
    expect((await signIn(browser, authenticator, { userVerified: false })).body.code).toBe('AUTHENTICATION_FAILED')
    expect((await signIn(browser, authenticator)).status).toBe(200)
  })

  it('takes a challenge once, for five minutes, from the browser it was for [control 23]', async () => {
    const { visit, authenticator, clock, browser: registering } = await startRegistered()
    const browser = visit()
    const make = async () => authenticator.get(await ask(browser), { origin: ORIGIN })
    const response = await make()
    const cookie = browser.cookies.get(COOKIE) ?? ''
    expect((await send(visit(), 'authentication', response)).body.code).toBe('CHALLENGE_NOT_FOUND')
    expect((await send(browser, 'authentication', response)).status).toBe(200)
    const thief = visit()
    thief.cookies.set(COOKIE, cookie)
    expect((await send(thief, 'authentication', response)).body.code).toBe('CHALLENGE_NOT_FOUND')

    const late = visit()
    const lateResponse = authenticator.get(await ask(late), { origin: ORIGIN })
    clock.advance(301)
    expect((await send(late, 'authentication', lateResponse)).body.code).toBe('CHALLENGE_NOT_FOUND')

    const pending = authenticator.get(await ask(registering), { origin: ORIGIN })
    await registering.get('/passkey/generate-register-options')
    expect((await send(registering, 'authentication', pending)).body.code).toBe('CHALLENGE_NOT_FOUND')
  })

  it('refuses a passkey that nobody has here, and one of another user than was asked for', async () => {
    const { visit, authenticator, browser } = await startRegistered()
    const stranger = createSoftAuthenticator()
    const created = {
      challenge: 'AAAA',
      rp: { id: 'localhost', name: 'x' },
      user: { id: 'AA', name: 'x', displayName: 'x' },
    }
    stranger.create({ ...created, pubKeyCredParams: [{ alg: -7, type: 'public-key' }] }, { origin: ORIGIN })
    const unknown = await signIn(visit(), stranger)
    expect([unknown.status, unknown.body.code]).toEqual([401, 'PASSKEY_NOT_FOUND'])

    const bens = visit()
    await bens.post('/sign-up/email', { ...ann, email: 'ben@example.com' })
    await register(bens, createSoftAuthenticator())
    const { challenge } = await ask(bens)
    const response = authenticator.get({ challenge }, { origin: ORIGIN })
    expect((await send(bens, 'authentication', response)).body.code).toBe('AUTHENTICATION_FAILED')
    expect((await signIn(browser, authenticator)).status).toBe(200)
  })

  it('answers nonsense with 400, never with 500', async () => {
    const { visit, registered } = await startRegistered()
    const browser = visit()
    const id = registered.body.credentialID
    const nothing = { clientDataJSON: 'e30', authenticatorData: 'AA', signature: 'AA' }
    for (const response of [undefined, 'x', {}, { id, rawId: id, type: 'public-key', response: {} }]) {
      const { status, body } = await browser.post('/passkey/verify-authentication', { response })
      expect([status, body.code]).toEqual([400, 'VALIDATION_ERROR'])
    }
    for (const change of [
      {},
      { rawId: 'AA' },
      { type: 'password' },
      { response: { ...nothing, clientDataJSON: '%' } },
    ]) {
      await browser.get(OPTIONS)
      const response = { id, rawId: id, type: 'public-key', response: nothing, ...change }
      const { status, body } = await browser.post('/passkey/verify-authentication', { response })
      expect([status, body.code]).toEqual([400, 'AUTHENTICATION_FAILED'])
    }
  })

  it('may be refused by the application', async () => {
    const seen: unknown[] = []
    const { visit, authenticator } = await startRegistered({
      authentication: {
        extensions: { uvm: true },
        afterVerification: ({ verification, ctx }) => {
          seen.push(verification.authenticationInfo.userVerified, ctx.path)
        },
      },
    })
    const browser = visit()
    expect(await ask(browser)).toMatchObject({ extensions: { uvm: true } })
    expect((await signIn(browser, authenticator)).status).toBe(200)
    expect(seen).toEqual([true, '/passkey/verify-authentication'])
  })
})

describe('an authenticator that counts', () => {
  it('is suspected of being copied when it counts backwards or not on [control 24]', async () => {
    const { visit, authenticator, auth, rows } = await startRegistered({}, { counts: true })
    const suspected: string[] = []
    auth.events.on('passkey.clone-suspected', ({ passkeyId }) => void suspected.push(passkeyId))
    const [row] = await rows('passkey')
    expect(row).toMatchObject({ counter: 1, deviceType: 'singleDevice', backedUp: false })
    expect((await signIn(visit(), authenticator, { counter: 7 })).status).toBe(200)
    for (const counter of [7, 6, 0]) {
      const answer = await signIn(visit(), authenticator, { counter })
      expect([answer.status, answer.body.code]).toEqual([400, 'CLONE_SUSPECTED'])
      expect(answer.setCookies).toEqual({})
    }
    expect(suspected).toEqual([row?.id, row?.id, row?.id])
    expect((await signIn(visit(), authenticator, { counter: 8 })).status).toBe(200)
    expect((await rows('passkey'))[0]?.counter).toBe(8)
  })
})

describe('beside a second factor', () => {
  async function enrolled() {
    const plugins = [twoFactor({ skipVerificationOnEnable: true })]
    const test = await startWithPasskeys({}, { plugins })
    const browser = test.visit()
    await browser.post('/sign-up/email', ann)
    const authenticator = createSoftAuthenticator()
    await register(browser, authenticator)
    await browser.post('/two-factor/enable', { password: ann.password })
    return { ...test, authenticator }
  }

  it('a passkey that verified its owner is enough; one that did not is one factor [A11, control 17]', async () => {
    const { visit, authenticator } = await enrolled()
    expect((await signIn(visit(), authenticator)).body.user).toMatchObject({ twoFactorEnabled: true })
    const browser = visit()
    const answer = await signIn(browser, authenticator, { userVerified: false })
    expect(answer.body).toEqual({ twoFactorRedirect: true, twoFactorMethods: ['totp'] })
    expect((await browser.get('/get-session')).text).toBe('null')
  })
})
