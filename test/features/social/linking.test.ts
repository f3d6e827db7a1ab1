import { describe, expect, it } from 'vitest'
import { createTestAuth } from '../../support/test-auth.ts'
import { type Visitor, visit } from '../../support/visitor.ts'
import { ada, idTokenOf, type LocalOptions, startLocalProvider, withLocal } from './local-provider.ts'
import { begin, redirection, signIn } from './signing-in.ts'

const password = 'correct horse battery'
const local = { name: 'Ada here', email: 'ada@example.com', password }
const linked = [302, '/home']
const refused = (error: string) => [302, `/oops?error=${error}`]
const oops = { errorCallbackURL: '/oops' }

async function start(account: object = {}, provider: Partial<LocalOptions> = {}) {
  const site = await startLocalProvider()
  const test = createTestAuth({ plugins: [withLocal(site, provider)], account })
  const { adapter } = test.auth.context
  const rows = (model: string) => adapter.findMany({ model, where: [], limit: 100 })
  /** Somebody who has a password here, with an address that is proven or not. */
  const signUp = async (isProven: boolean, person: object = local) => {
    const browser = visit(test.auth)
    const { body } = await browser.post('/sign-up/email', { ...local, ...person })
    const where = [{ field: 'id', value: String(body.user?.id) }]
    if (isProven) await adapter.update({ model: 'user', where, update: { emailVerified: true } })
    return browser
  }
  return { ...test, site, rows, signUp, visit: () => visit(test.auth) }
}

describe('at sign-in, a login is linked to the user with its address [A20, control 73]', () => {
  const trusted = { accountLinking: { trustedProviders: ['local'] } }
  it.each<[here: boolean, there: boolean, account: object, isLinked: boolean]>([
    [true, true, {}, true],
    [true, false, {}, false],
    [false, true, {}, false],
    [false, false, {}, false],
    [true, false, trusted, true],
    [false, false, trusted, false],
    [false, true, trusted, false],
    [true, false, { accountLinking: { trustedProviders: async () => [null, 'local'] } }, true],
    [true, false, { accountLinking: { trustedProviders: ['other'] } }, false],
    [false, true, { accountLinking: { requireLocalEmailVerified: false } }, true],
    [true, true, { accountLinking: { enabled: false } }, false],
    [true, true, { accountLinking: { disableImplicitLinking: true } }, false],
  ])('proven here: %s, there: %s, with %j: %s', async (here, there, account, isLinked) => {
    const { site, signUp, visit, rows } = await start(account)
    await signUp(here)
    site.person = { ...ada, email: 'Ada@Example.com', email_verified: there }
    const browser = visit()
    const answer = await signIn(browser, site, { input: oops })
    expect(redirection(answer)).toEqual(isLinked ? linked : refused('account_not_linked'))
    expect((await browser.get('/get-session')).text === 'null').toBe(!isLinked)
    expect(await rows('user')).toHaveLength(1)
    // The password that somebody chose for an address that was not theirs goes with the first proof of whose it is.
    const isFirstProof = isLinked && !here
    expect(await rows('account')).toHaveLength(isLinked && !isFirstProof ? 2 : 1)
    expect(await rows('session')).toHaveLength(isLinked && !isFirstProof ? 2 : 1)
    if (isFirstProof) expect((await rows('account'))[0]?.providerId).toBe('local')
  })

  it('and later it finds that user, whatever its address has become', async () => {
    const { site, signUp, visit, rows } = await start()
    await signUp(true)
    await signIn(visit(), site)
    site.person = { ...ada, email: 'moved@example.com', email_verified: false }
    expect(redirection(await signIn(visit(), site, { input: oops }))).toEqual(linked)
    expect((await rows('user')).map(({ email }) => email)).toEqual(['ada@example.com'])
  })
})

describe('a user who is signed in links a login', () => {
  const link = async (
    browser: Visitor,
    { site, input }: { site: Awaited<ReturnType<typeof startLocalProvider>>; input?: object },
  ) => redirection(await signIn(browser, site, { path: '/link-social', input: { ...oops, ...input } }))

  it.each<[there: boolean, email: string, account: object, problem: string | undefined]>([
    [true, 'ada@example.com', {}, undefined],
    [false, 'ada@example.com', {}, 'unable_to_link_account'],
    [false, 'ada@example.com', { trustedProviders: ['local'] }, undefined],
    [true, 'other@example.com', {}, 'email_doesn%27t_match'],
    [true, 'other@example.com', { allowDifferentEmails: true }, undefined],
    [false, 'other@example.com', { allowDifferentEmails: true }, 'unable_to_link_account'],
    [true, 'ada@example.com', { enabled: false }, 'unable_to_link_account'],
    [true, 'ada@example.com', { disableImplicitLinking: true }, undefined],
  ])('proven there: %s, address %s, with %j: %s', async (there, email, accountLinking, problem) => {
    const { site, signUp, rows } = await start({ accountLinking })
    const browser = await signUp(false)
    site.person = { ...ada, email, email_verified: there }
    expect(await link(browser, { site })).toEqual(problem ? refused(problem) : linked)
    expect(await rows('account')).toHaveLength(problem ? 1 : 2)
    expect(await rows('session')).toHaveLength(1)
  })

  it('again, which only renews its tokens', async () => {
    const { site, signUp, rows } = await start()
    const browser = await signUp(true)
    await link(browser, { site })
    site.expiresIn = 10
    expect(await link(browser, { site })).toEqual(linked)
    expect(await rows('account')).toHaveLength(2)
  })

  it('that is somebody else’s, which is refused', async () => {
    const { site, signUp, visit, rows } = await start({ accountLinking: { allowDifferentEmails: true } })
    site.person = { ...ada, email: 'first@example.com' }
    await signIn(visit(), site)
    const browser = await signUp(true)
    expect(await link(browser, { site })).toEqual(refused('account_already_linked_to_different_user'))
    const idToken = { token: await idTokenOf(site, 'n'), nonce: 'n' }
    const { status, body } = await browser.post('/link-social', { provider: 'local', idToken })
    expect([status, body.code]).toEqual([417, 'LINKING_FAILED'])
    expect(await rows('account')).toHaveLength(2)
  })

  it('not in a browser that somebody else uses meanwhile', async () => {
    const { site, signUp, rows } = await start({ accountLinking: { allowDifferentEmails: true } })
    const browser = await signUp(true)
    const { callback } = await begin(browser, site, { path: '/link-social', input: oops })
    const state = browser.cookies.get('better-auth.state') ?? ''
    const other = await signUp(true, { email: 'bob@example.com' })
    other.cookies.set('better-auth.state', state)
    expect(redirection(await other.get(callback))).toEqual(refused('unable_to_link_account'))
    expect(await rows('account')).toHaveLength(2)
  })

  it('and takes over name and image, if the application wants that', async () => {
    const { site, signUp } = await start({ accountLinking: { updateUserInfoOnLink: true } })
    const browser = await signUp(true)
    site.person = { ...ada, name: 'Ada there', picture: 'https://img.example/ada.png' }
    await link(browser, { site })
    expect((await browser.get('/get-session')).body.user).toMatchObject({
      name: 'Ada there',
      image: 'https://img.example/ada.png',
    })
  })

  it('only with a session', async () => {
    const { visit } = await start()
    const { status, body } = await visit().post('/link-social', { provider: 'local' })
    expect([status, body.code]).toEqual([401, 'UNAUTHORIZED'])
  })
})

describe('a new user', () => {
  it.each<[Partial<LocalOptions>, input: object, isMade: boolean]>([
    [{ disableSignUp: true }, {}, false],
    [{ disableSignUp: true }, { requestSignUp: true }, false],
    [{ disableImplicitSignUp: true }, {}, false],
    [{ disableImplicitSignUp: true }, { requestSignUp: true }, true],
  ])('with %j and %j: %s', async (provider, input, isMade) => {
    const { site, visit, rows } = await start({}, provider)
    const answer = await signIn(visit(), site, { input: { ...oops, ...input } })
    expect(redirection(answer)).toEqual(isMade ? linked : refused('signup_disabled'))
    expect(await rows('user')).toHaveLength(isMade ? 1 : 0)
    // Who is there already still signs in.
    if (isMade) expect(redirection(await signIn(visit(), site, { input: oops }))).toEqual(linked)
  })

  it('is as mapProfileToUser says, but proven only by the provider', async () => {
    const mapProfileToUser = () => ({ name: 'Mapped', email: 'mapped@example.com', city: 'Paris', unknown: 'x' })
    const site = await startLocalProvider()
    const city = { type: 'string', required: false } as const
    const { auth } = createTestAuth({
      plugins: [withLocal(site, { mapProfileToUser })],
      user: { additionalFields: { city } },
    })
    const browser = visit(auth)
    await signIn(browser, site)
    expect((await browser.get('/get-session')).body.user).toMatchObject({
      name: 'Mapped',
      email: 'mapped@example.com',
      emailVerified: false,
      city: 'Paris',
    })
  })
})

describe('a later sign-in', () => {
  it('proves the address, once the provider says so', async () => {
    const { site, visit, rows } = await start()
    site.person = { ...ada, email_verified: false }
    await signIn(visit(), site)
    site.person = { ...ada, email: 'else@example.com' }
    await signIn(visit(), site)
    expect((await rows('user'))[0]?.emailVerified).toBe(false)
    site.person = ada
    await signIn(visit(), site)
    expect((await rows('user'))[0]?.emailVerified).toBe(true)
  })

  it('leaves the user as it is, or writes it anew with overrideUserInfoOnSignIn', async () => {
    const changed = { ...ada, name: 'Ada L.', email: 'new@example.com', email_verified: false }
    for (const overrideUserInfoOnSignIn of [false, true]) {
      const { site, visit, rows, signUp } = await start({}, { overrideUserInfoOnSignIn })
      await signIn(visit(), site)
      site.person = changed
      const browser = visit()
      await signIn(browser, site)
      const expected = overrideUserInfoOnSignIn
        ? { name: 'Ada L.', email: 'new@example.com', emailVerified: false }
        : { name: 'Ada', email: 'ada@example.com', emailVerified: true }
      expect((await rows('user'))[0]).toMatchObject(expected)
      expect((await browser.get('/get-session')).body.user).toMatchObject(expected)
      if (!overrideUserInfoOnSignIn) continue
      // An address that somebody else has meanwhile stays theirs.
      await signUp(true, { email: 'taken@example.com' })
      site.person = { ...changed, email: 'taken@example.com' }
      expect(redirection(await signIn(visit(), site))).toEqual(linked)
      expect((await rows('user')).map(({ email }) => email)).toEqual(['new@example.com', 'taken@example.com'])
    }
  })

  it('keeps its tokens, unless updateAccountOnSignIn is off', async () => {
    for (const updateAccountOnSignIn of [true, false]) {
      const { site, visit, rows } = await start({ updateAccountOnSignIn })
      await signIn(visit(), site)
      const before = (await rows('account'))[0]?.idToken
      site.claims = { jti: 'second' }
      await signIn(visit(), site)
      expect((await rows('account'))[0]?.idToken === before).toBe(!updateAccountOnSignIn)
    }
  })

  it('mails the proof of an unproven address at sign-up only', async () => {
    const mails: string[] = []
    const site = await startLocalProvider()
    const { auth } = createTestAuth({
      plugins: [withLocal(site)],
      emailVerification: { sendOnSignUp: true, sendVerificationEmail: ({ url }) => void mails.push(url) },
    })
    site.person = { ...ada, email_verified: false }
    await signIn(visit(auth), site)
    await signIn(visit(auth), site)
    await new Promise(resolve => setTimeout(resolve, 20))
    expect(mails).toEqual([expect.stringContaining('callbackURL=%2Fhome')])
  })
})
