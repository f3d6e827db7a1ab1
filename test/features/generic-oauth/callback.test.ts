import { describe, expect, it } from 'vitest'
import { type GenericOAuthConfig, genericOAuth } from '../../../routers/generic-oauth/index.ts'
import { ann, createTestAuth } from '../../support/test-auth.ts'
import { visit } from '../../support/visitor.ts'
import { describeEveryInstance } from '../every-instance.ts'
import { ada, type LocalProvider, startLocalProvider } from '../social/local-provider.ts'
import { begin, configOf, locationOf, signIn, startWithLocal } from './signing-in.ts'

describe('who a provider says it is', () => {
  it.each<[string, Partial<LocalProvider>, string]>([
    ['an id token with another nonce', { claims: { nonce: 'stolen' } }, 'user_info_is_missing'],
    ['an id token without one', { claims: { nonce: undefined } }, 'user_info_is_missing'],
    ['an id token for another client', { claims: { aud: 'other-client' } }, 'user_info_is_missing'],
    ['an id token of yesterday', { claims: { exp: 1_700_000_000, iat: 1_699_999_000 } }, 'user_info_is_missing'],
    ['an id token of another issuer', { claims: { iss: 'https://evil.example' } }, 'user_info_is_missing'],
    ['a profile of another subject', { claims: { sub: 'mallory', email: undefined } }, 'user_info_is_missing'],
    ['nobody', { person: { sub: '' } }, 'user_info_is_missing'],
    ['a subject that is too long', { person: { sub: 'x'.repeat(256), email: 'a@b.example' } }, 'user_info_is_missing'],
    ['somebody without an address', { person: { sub: '1', name: 'One' } }, 'email_is_missing'],
    ['somebody without a name', { person: { sub: '1', email: 'a@b.example' } }, 'name_is_missing'],
  ])('%s [control 73]', async (_case, changes, error) => {
    const { local, visit, auth } = await startWithLocal()
    Object.assign(local, changes)
    const browser = visit()
    expect(await signIn(browser, local)).toBe(`/oops?error=${error}`)
    expect((await browser.get('/get-session')).text).toBe('null')
    expect(await auth.context.adapter.count({ model: 'user' })).toBe(0)
  })

  it('is the claims of the id token, or else the answer of the user info endpoint', async () => {
    const { local, visit } = await startWithLocal()
    const browser = visit()
    local.claims = { email: undefined, name: 'Of the token' }
    expect(await signIn(browser, local)).toBe('/home')
    expect((await browser.get('/get-session')).body.user).toMatchObject({ name: 'Ada', email: 'ada@example.com' })
  })

  it('is what the application makes of it; an address of its own is not proven', async () => {
    const { local, visit } = await startWithLocal({
      mapProfileToUser: profile => ({ name: `Dr ${profile.name}`, email: 'other@example.com' }),
    })
    const browser = visit()
    expect(await signIn(browser, local)).toBe('/home')
    const { user } = (await browser.get('/get-session')).body
    expect(user).toMatchObject({ name: 'Dr Ada', email: 'other@example.com', emailVerified: false })
  })

  it('is what the application asks for itself, with verified claims at hand', async () => {
    const { local, visit } = await startWithLocal({
      getUserInfo: async (_tokens, { ask, idToken }) => {
        const [{ name }, claims] = await Promise.all([ask(`${local.origin}/userinfo`), idToken()])
        return { id: claims?.sub, name, email: claims?.email, emailVerified: true }
      },
    })
    const browser = visit()
    expect(await signIn(browser, local)).toBe('/home')
    expect((await browser.get('/get-session')).body.user).toMatchObject({ name: 'Ada', emailVerified: true })
    local.claims = { aud: 'other-client' }
    expect(await signIn(visit(), local)).toBe('/oops?error=user_info_is_missing')
  })
})

describe('a link to a configured provider', () => {
  const link = '/oauth2/sign-in/local?callbackURL=/home&errorCallbackURL=/oops'

  it('redirects there, and signs in', async () => {
    const { local, visit } = await startWithLocal()
    const browser = visit()
    const left = await browser.get(link)
    expect([left.status, locationOf(left)]).toEqual([302, expect.stringContaining(`${local.origin}/authorize?`)])
    const { pathname, search } = new URL(local.agree(locationOf(left) ?? ''))
    expect(locationOf(await browser.get(pathname.replace('/api/auth', '') + search))).toBe('/home')
    expect((await browser.get('/get-session')).body.user).toMatchObject({ name: 'Ada' })
  })

  it('leads to this site and to providers of the options only', async () => {
    const { visit } = await startWithLocal()
    const elsewhere = await visit().get('/oauth2/sign-in/local?callbackURL=https://evil.example')
    expect([elsewhere.status, elsewhere.body.code]).toEqual([403, 'INVALID_CALLBACK_URL'])
    const unknown = await visit().get('/oauth2/sign-in/google')
    expect([unknown.status, unknown.body.message]).toEqual([400, 'PROVIDER_CONFIG_NOT_FOUND google'])
  })
})

describe("a configured provider's callback [control 73]", () => {
  const known: Partial<GenericOAuthConfig>[] = [{ requireIssuerValidation: true }, {}]

  it.each(known)('is that of the server that was asked (RFC 9207), with %o', async options => {
    const issuer = 'https://login.example'
    const { local, visit } = await startWithLocal({ ...options, issuer })
    local.claims = { iss: issuer }
    const missing = options.requireIssuerValidation ? '/oops?error=issuer_missing' : '/home'
    expect(await signIn(visit(), local)).toBe(missing)
    expect(await signIn(visit(), local, { callback: { iss: 'https://evil.example' } })).toBe(
      '/oops?error=issuer_mismatch',
    )
    expect(await signIn(visit(), local, { callback: { iss: issuer } })).toBe('/home')
  })

  it('ends a flow once, in the browser where it began, at the provider where it began [A13]', async () => {
    const local = await startLocalProvider()
    const config = [configOf(local), configOf(local, { providerId: 'other' })]
    const { auth } = createTestAuth({ clock: () => new Date(), plugins: [genericOAuth({ config })] })
    const browser = visit(auth)
    const callback = await begin(browser, local)
    const page = 'http://localhost:3000/api/auth/error'
    expect(locationOf(await visit(auth).get(callback))).toBe(`${page}?error=state_mismatch`)
    expect(locationOf(await browser.get(callback))).toBe('/home')
    expect(locationOf(await browser.get(callback))).toBe(`${page}?error=please_restart_the_process`)
    const mixedUp = (await begin(browser, local)).replace('/callback/local', '/callback/other')
    expect(locationOf(await browser.get(mixedUp))).toBe(`${page}?error=state_mismatch`)
  })

  it('may come as a form, which is sent on without a change of anything', async () => {
    const { local, visit, auth } = await startWithLocal()
    const browser = visit()
    const callback = await begin(browser, local)
    const [path = '', query = ''] = callback.split('?')
    const form = { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://login.example' }
    const sent = await visit().post(path, query, { headers: form })
    expect([sent.status, locationOf(sent)]).toEqual([302, `http://localhost:3000/api/auth${callback}`])
    expect(await auth.context.adapter.count({ model: 'user' })).toBe(0)
    expect(locationOf(await browser.get(callback))).toBe('/home')
  })

  it('takes codes that were asked for with a challenge only with its verifier', async () => {
    const { local, visit } = await startWithLocal({ pkce: true })
    expect(await signIn(visit(), local)).toBe('/home')
    const browser = visit()
    const callback = await begin(browser, local)
    for (const asked of local.codes.values()) asked.challenge = 'of-another-flow'
    expect(locationOf(await browser.get(callback))).toBe('/oops?error=oauth_code_verification_failed')
  })
})

describeEveryInstance('a login at a configured provider', start => {
  it('is linked to the user with its address only where both sides have proven it [A20, control 73]', async () => {
    const local = await startLocalProvider()
    const plugins = [genericOAuth({ config: [configOf(local)] })]
    const test = await start({ plugins, clock: () => new Date() })
    await test.visit().post('/sign-up/email', { ...ann, email: ada.email })
    expect(await signIn(test.visit(), local)).toBe('/oops?error=account_not_linked')
    expect(await test.rows('account')).toHaveLength(1)
  })

  it('makes one user, however many callbacks of new browsers come at once', async () => {
    const local = await startLocalProvider()
    const plugins = [genericOAuth({ config: [configOf(local)] })]
    const test = await start({ plugins, clock: () => new Date() })
    const browsers = Array.from({ length: 5 }, () => test.visit())
    const ended = await Promise.all(browsers.map(browser => signIn(browser, local)))
    expect(ended).toEqual(browsers.map(() => '/home'))
    expect(await test.rows('user')).toHaveLength(1)
    expect(await test.rows('account')).toMatchObject([{ providerId: 'local', accountId: ada.sub }])
    expect(await test.rows('session')).toHaveLength(5)
  })

  it('is linked by its owner, and then is nobody else’s', async () => {
    const local = await startLocalProvider()
    const plugins = [genericOAuth({ config: [configOf(local)] })]
    const test = await start({ plugins, clock: () => new Date() })
    const browser = test.visit()
    await browser.post('/sign-up/email', { ...ann, email: ada.email })
    const path = '/oauth2/link'
    expect(await signIn(browser, local, { path })).toBe('/home')
    const other = test.visit()
    await other.post('/sign-up/email', { ...ann, email: 'other@example.com' })
    expect(await signIn(other, local, { path })).toBe('/oops?error=email_doesn%27t_match')
    expect((await test.rows('account')).map(({ providerId }) => providerId).sort()).toEqual([
      'credential',
      'credential',
      'local',
    ])
  })
})
