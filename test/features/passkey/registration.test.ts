import { describe, expect, it } from 'vitest'
import type { PasskeyOptions } from '../../../routers/passkey/index.ts'
import { passkey } from '../../../routers/passkey/index.ts'
import { AuthError, mikroOrmAdapter } from '../../../src/index.ts'
import { type CreationOptions, createSoftAuthenticator } from '../../../src/testing/index.ts'
import { ann } from '../../support/test-auth.ts'
import { ORIGIN, register, send, signIn, startRegistered, startWithPasskeys } from './page.ts'

const ben = { ...ann, email: 'ben@example.com' }
const COOKIE = 'better-auth.better-auth-passkey'

async function signedUp(...given: Parameters<typeof startWithPasskeys>) {
  const test = await startWithPasskeys(...given)
  const browser = test.visit()
  await browser.post('/sign-up/email', ann)
  return { ...test, browser }
}

describe('registration of a passkey', () => {
  it('asks for one in the way the browser expects', async () => {
    const { browser } = await signedUp({ rpName: 'Acme' })
    const answer = await browser.get('/passkey/generate-register-options?authenticatorAttachment=platform')
    expect(answer.body).toEqual({
      challenge: expect.stringMatching(/^[\w-]{43}$/),
      rp: { name: 'Acme', id: 'localhost' },
      user: { id: expect.any(String), name: ann.email, displayName: ann.email },
      pubKeyCredParams: [-8, -7, -257].map(alg => ({ alg, type: 'public-key' })),
      timeout: 60_000,
      attestation: 'none',
      excludeCredentials: [],
      authenticatorSelection: {
        residentKey: 'preferred',
        userVerification: 'preferred',
        requireResidentKey: false,
        authenticatorAttachment: 'platform',
      },
      extensions: { credProps: true },
      hints: [],
    })
    expect(answer.setCookies[COOKIE]).toMatch(/; Max-Age=300; Path=\/; HttpOnly; SameSite=Lax$/)
    expect((await browser.get('/passkey/generate-register-options?authenticatorAttachment=moon')).status).toBe(400)
  })

  it('stores what the browser has made', async () => {
    const { registered, rows } = await startRegistered()
    const [user] = await rows('user')
    expect(registered.body).toEqual({
      id: expect.any(String),
      name: 'Laptop',
      userId: user?.id,
      credentialID: expect.stringMatching(/^[\w-]{43}$/),
      publicKey: expect.any(String),
      counter: 0,
      deviceType: 'multiDevice',
      backedUp: true,
      transports: 'internal',
      createdAt: expect.any(String),
      aaguid: '00000000-0000-0000-0000-000000000000',
    })
  })

  it('needs a session that began recently', async () => {
    const { browser, visit, clock } = await signedUp()
    for (const [method, path] of [
      ['get', 'generate-register-options'],
      ['post', 'verify-registration'],
    ] as const) {
      const answer = await visit()[method](`/passkey/${path}`, undefined)
      expect([answer.status, answer.body.code]).toEqual([401, 'UNAUTHORIZED'])
    }
    clock.advance(2 * 86_400)
    const old = await browser.get('/passkey/generate-register-options')
    expect([old.status, old.body.code]).toEqual([403, 'SESSION_NOT_FRESH'])
  })

  it('names the passkeys that the user has already', async () => {
    const { browser, authenticator, registered } = await startRegistered()
    const { body } = await browser.get('/passkey/generate-register-options')
    const id = registered.body.credentialID
    expect(body.excludeCredentials).toEqual([{ id, type: 'public-key', transports: ['internal'] }])
    const again = () => authenticator.create(body as unknown as CreationOptions, { origin: ORIGIN })
    expect(again).toThrow('InvalidStateError')
  })

  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['another domain', { rpId: 'evil.example' }],
    ['another ceremony', { type: 'webauthn.get' }],
    ['another challenge', { challenge: 'AAAA' }],
    ['a frame of another site', { crossOrigin: true }],
    ['nobody being there', { userPresent: false }],
  ])('refuses %s [control 23]', async (_title, lie) => {
    const { browser, rows } = await signedUp()
    const answer = await register(browser, createSoftAuthenticator(), { lie })
    expect([answer.status, answer.body.code]).toEqual([400, 'FAILED_TO_VERIFY_REGISTRATION'])
    expect(await rows('passkey')).toEqual([])
  })

  it('refuses whoever was not verified, where that is required [control 23]', async () => {
    const options: PasskeyOptions = { authenticatorSelection: { userVerification: 'required' } }
    const { browser } = await signedUp(options)
    const without = await register(browser, createSoftAuthenticator(), { lie: { userVerified: false } })
    expect(without.body.code).toBe('FAILED_TO_VERIFY_REGISTRATION')
    expect((await register(browser, createSoftAuthenticator())).status).toBe(200)
    const lax = await signedUp()
    expect((await register(lax.browser, createSoftAuthenticator(), { lie: { userVerified: false } })).status).toBe(200)
  })

  it('takes a challenge once, for five minutes, from the browser and the user it was for [control 23]', async () => {
    const { browser, visit, clock, rows } = await signedUp()
    const authenticator = createSoftAuthenticator()
    const ask = async () => (await browser.get('/passkey/generate-register-options')).body as unknown as CreationOptions
    const make = async () => authenticator.create(await ask(), { origin: ORIGIN })

    const wrong = await make()
    const right = { ...wrong, response: { ...wrong.response, clientDataJSON: 'e30' } }
    expect((await send(browser, 'registration', right)).body.code).toBe('FAILED_TO_VERIFY_REGISTRATION')
    expect((await send(browser, 'registration', wrong)).body.code).toBe('CHALLENGE_NOT_FOUND')

    const late = await make()
    clock.advance(301)
    expect((await send(browser, 'registration', late)).body.code).toBe('CHALLENGE_NOT_FOUND')

    const response = await make()
    const bens = visit()
    await bens.post('/sign-up/email', ben)
    const elsewhere = await send(bens, 'registration', response)
    expect([elsewhere.status, elsewhere.body.code]).toEqual([400, 'CHALLENGE_NOT_FOUND'])
    bens.cookies.set(COOKIE, browser.cookies.get(COOKIE) ?? '')
    const stolen = await send(bens, 'registration', response)
    expect([stolen.status, stolen.body.code]).toEqual([401, 'YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY'])
    expect(await rows('passkey')).toEqual([])

    // That of a sign-in is none of a registration.
    const pending = await make()
    await browser.get('/passkey/generate-authenticate-options')
    expect((await send(browser, 'registration', pending)).body.code).toBe('CHALLENGE_NOT_FOUND')
  })

  it('refuses a credential that is registered already', async () => {
    const { browser, visit, authenticator, registered } = await startRegistered()
    const bens = visit()
    await bens.post('/sign-up/email', ben)
    const { body } = await bens.get('/passkey/generate-register-options')
    const made = createSoftAuthenticator({ idLength: 32 }).create(body as unknown as CreationOptions, {
      origin: ORIGIN,
    })
    const id = Buffer.from(String(registered.body.credentialID), 'base64url')
    const object = Buffer.from(made.response.attestationObject, 'base64url')
    id.copy(object, object.indexOf(Buffer.from(made.id, 'base64url')))
    const response = { ...made, id: id.toString('base64url'), rawId: id.toString('base64url') }
    response.response.attestationObject = object.toString('base64url')
    const answer = await send(bens, 'registration', response)
    expect([answer.status, answer.body.code]).toEqual([400, 'PREVIOUSLY_REGISTERED'])
    expect((await signIn(visit(), authenticator)).body.user).toMatchObject({ email: ann.email })
    expect((await browser.get('/passkey/list-user-passkeys')).status).toBe(200)
  })

  it('answers nonsense with 400, never with 500', async () => {
    const { browser } = await signedUp()
    const good = {
      id: 'AA',
      rawId: 'AA',
      type: 'public-key',
      response: { clientDataJSON: 'e30', attestationObject: 'oA' },
    }
    for (const response of [undefined, null, 'x', [], {}, { ...good, response: 5 }, { ...good, id: 5 }]) {
      await browser.get('/passkey/generate-register-options')
      const { status, body } = await browser.post('/passkey/verify-registration', { response })
      expect([status, body.code]).toEqual([400, 'VALIDATION_ERROR'])
    }
    for (const response of [good, { ...good, response: { clientDataJSON: '!', attestationObject: '!' } }]) {
      await browser.get('/passkey/generate-register-options')
      const { status, body } = await browser.post('/passkey/verify-registration', { response })
      expect([status, body.code]).toEqual([400, 'FAILED_TO_VERIFY_REGISTRATION'])
    }
  })
})

describe('the options of registration', () => {
  const origin = 'https://app.example.com'

  it('rpID and origin say where passkeys are used', async () => {
    const { browser } = await signedUp({ rpId: 'example.com', origin: [origin, 'https://www.example.com'] })
    const { body } = await browser.get('/passkey/generate-register-options')
    expect(body.rp).toMatchObject({ id: 'example.com' })
    expect((await register(browser, createSoftAuthenticator(), { lie: { origin } })).status).toBe(200)
    expect((await register(browser, createSoftAuthenticator())).body.code).toBe('FAILED_TO_VERIFY_REGISTRATION')
  })

  it('without origin only trusted ones count, whatever the request says', async () => {
    const advanced = { disableCSRFCheck: true }
    const { browser } = await signedUp({}, { advanced })
    const evil = 'http://localhost:6666'
    const { body } = await browser.get('/passkey/generate-register-options')
    const { clientExtensionResults: _, ...response } = createSoftAuthenticator().create(
      body as unknown as CreationOptions,
      { origin: evil },
    )
    const answer = await browser.post('/passkey/verify-registration', { response }, { headers: { origin: evil } })
    expect(answer.body.code).toBe('FAILED_TO_VERIFY_REGISTRATION')
  })

  it('without a session the application says whom a passkey is for', async () => {
    const given: unknown[] = []
    const test = await startWithPasskeys({
      registration: {
        requireSession: false,
        resolveUser: ({ context }) => ({ id: 'to-be-made', name: String(context) }),
        afterVerification: async ({ user, context, verification }) => {
          given.push(user, context, verification.verified)
          const made = await test.visit().post('/sign-up/email', { ...ann, email: String(context) })
          return { userId: String(made.body.user?.id) }
        },
      },
    })
    const authenticator = createSoftAuthenticator()
    const answer = await register(test.visit(), authenticator, { query: '?context=new@example.com' })
    expect(answer.status).toBe(200)
    expect(given).toEqual([{ id: 'to-be-made', name: 'new@example.com' }, 'new@example.com', true])
    const browser = test.visit()
    expect((await signIn(browser, authenticator)).body.user).toMatchObject({ email: 'new@example.com' })
  })

  it('without a session and without a user nothing is registered', async () => {
    const none = await startWithPasskeys({ registration: { requireSession: false } })
    const refused = await none.visit().get('/passkey/generate-register-options')
    expect([refused.status, refused.body.code]).toEqual([400, 'RESOLVE_USER_REQUIRED'])
    const registration = { requireSession: false, resolveUser: () => ({ id: '', name: '' }) }
    const empty = await startWithPasskeys({ registration })
    expect((await empty.visit().get('/passkey/generate-register-options')).body.code).toBe('RESOLVED_USER_INVALID')
    const resolveUser = () => ({ id: 'nobody', name: 'Nobody' })
    const unknown = await startWithPasskeys({ registration: { requireSession: false, resolveUser } })
    expect((await register(unknown.visit(), createSoftAuthenticator())).body.code).toBe('RESOLVED_USER_INVALID')
  })

  it('afterVerification may refuse, and never gives a passkey to another user', async () => {
    const refusing = await signedUp({
      registration: {
        afterVerification: () => {
          throw new AuthError({ code: 'TOO_MANY_PASSKEYS', status: 403, message: 'No more' })
        },
      },
    })
    const answer = await register(refusing.browser, createSoftAuthenticator())
    expect([answer.status, answer.body.code]).toEqual([403, 'TOO_MANY_PASSKEYS'])
    const other = await signedUp({ registration: { afterVerification: () => ({ userId: 'somebody-else' }) } })
    const stolen = await register(other.browser, createSoftAuthenticator())
    expect([stolen.status, stolen.body.code]).toEqual([401, 'YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY'])
  })

  it('extensions and the name of the cookie are sent', async () => {
    const { browser } = await signedUp({
      registration: { extensions: async ({ ctx }) => ({ prf: { path: ctx.path } }) },
      advanced: { webAuthnChallengeCookie: 'challenge' },
    })
    const answer = await browser.get('/passkey/generate-register-options')
    expect(answer.body.extensions).toEqual({ prf: { path: '/passkey/generate-register-options' }, credProps: true })
    expect(Object.keys(answer.setCookies)).toContain('better-auth.challenge')
  })

  it('table and columns are named as the application likes', async () => {
    const schema = { passkey: { modelName: 'passkeys', fields: { credentialID: 'credential_id', userId: 'user_id' } } }
    expect(passkey({ schema }).schema?.passkey).toMatchObject({ modelName: 'passkeys' })
    const test = await startWithPasskeys({ schema }, { database: mikroOrmAdapter({ url: 'sqlite::memory:' }) })
    await test.auth.createSchema()
    const browser = test.visit()
    await browser.post('/sign-up/email', ann)
    expect((await register(browser, createSoftAuthenticator())).status).toBe(200)
    expect((await browser.get('/passkey/list-user-passkeys')).text).toContain('credentialID')
    await test.auth.close()
  })
})
